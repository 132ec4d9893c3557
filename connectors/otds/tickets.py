"""Signing in: a ticket for a password, or an access token for client credentials. One for all runs."""

from __future__ import annotations

import threading
from typing import Any

from connectors.otds.replies import said
from connectors.otds.settings import Settings, SignInKind, TicketIn, root_of, token_url_of
from hub.sdk import Egress, Misconfigured, SignInRefused, TokenCache, TryLater, UnexpectedReply
from hub.sdk.pacing import retry_after

_REFUSED = {"invalid_client", "unauthorized_client", "invalid_grant", "access_denied"}


class Tickets:
    def __init__(self, settings: Settings, egress: Egress, cache: TokenCache) -> None:
        self._settings = settings
        self._egress = egress
        self._cache = cache
        self._lock = threading.Lock()
        self._name = settings.sign_in.value

    def get(self) -> str:
        """The ticket or token in use; signs in when there is none."""
        if (kept := self._cache.get(self._name)) is not None:
            return kept
        with self._lock:
            return self._cache.get(self._name) or self._fetch()

    def drop(self, ticket: str) -> None:
        """Forget one that was refused, unless another thread has a newer one already."""
        with self._lock:
            if self._cache.get(self._name) == ticket:
                self._cache.forget(self._name)

    def present(self, ticket: str) -> dict[str, Any]:
        """Headers or cookies that carry it."""
        if self._settings.sign_in is SignInKind.CLIENT_CREDENTIALS:
            return {"headers": {"Authorization": f"Bearer {ticket}"}}
        if self._settings.ticket_style is TicketIn.COOKIE:
            return {"cookies": {"OTDSTicket": ticket}}
        return {"headers": {"OTDSTicket": ticket}}

    def _fetch(self) -> str:
        settings = self._settings
        if settings.sign_in is SignInKind.PASSWORD:
            ticket, lives = self._sign_in(
                f"{root_of(settings)}/rest/authentication/credentials",
                "ticket",
                json={"userName": settings.username, "password": settings.password},
            )
            lives = float(settings.ticket_lifetime_seconds)
        else:
            form = {
                "grant_type": "client_credentials",
                "client_id": settings.client_id,
                "client_secret": settings.client_secret,
            }
            if settings.scope:
                form["scope"] = settings.scope
            ticket, lives = self._sign_in(token_url_of(settings), "access_token", data=form)
        self._cache.put(self._name, ticket, lives_seconds=lives)
        return ticket

    def _sign_in(self, url: str, name: str, **body: Any) -> tuple[str, float]:
        """Ask for a ticket or token. What it was wanted for has not been sent, whatever happens here."""
        try:
            reply = self._egress.request("POST", url, headers={"Accept": "application/json"}, **body)
        except TryLater as trouble:
            raise TryLater(
                f"Signing in: {trouble.message}", after_seconds=trouble.after_seconds, sent=False
            ) from None
        answer = said(reply)
        code = answer.get("error")
        detail: dict[str, object] = {"status": reply.status_code, "code": str(code or "")[:100]}
        if reply.status_code == 429 or reply.status_code >= 500:
            raise TryLater(
                f"Signing in: OTDS answered {reply.status_code}.",
                after_seconds=retry_after(reply.headers),
                sent=False,
                detail=detail,
            )
        if reply.status_code == 404 and code not in _REFUSED:
            field = "token_url" if name == "access_token" else "base_url"
            raise Misconfigured("Signing in: OTDS does not answer at this address.", field=field, detail=detail)
        if reply.status_code in {401, 403} or code in _REFUSED or (name == "ticket" and reply.status_code >= 400):
            raise SignInRefused(
                "OTDS refused the sign-in. Check the account and its secret.",
                detail=detail,
                field="password" if name == "ticket" else "client_secret",
            )
        if reply.status_code >= 400:
            raise Misconfigured(
                f"Signing in: OTDS gives no token ({code or reply.status_code}).",
                detail=detail,
                field="scope" if code == "invalid_scope" else "",
            )
        ticket = answer.get(name)
        if not isinstance(ticket, str) or not ticket:
            if answer.get("continuation"):
                raise SignInRefused(
                    "OTDS asks for a second factor. Use an account that needs none.", detail=detail, field="username"
                )
            raise UnexpectedReply(f"Signing in: OTDS answered without {name}.", detail=detail)
        try:
            lives = float(answer.get("expires_in", 300))
        except (TypeError, ValueError):
            lives = 300.0
        return ticket, lives
