"""OAuth2 client credentials: one token per connection, shared by its runs."""

from __future__ import annotations

import threading
from typing import Any

from requests.auth import HTTPBasicAuth

from connectors.http.settings import Settings
from hub.sdk import Egress, Rejected, SignInRefused, TokenCache, TryLater, UnexpectedReply
from hub.sdk.pacing import retry_after

NAME = "oauth2"


class Tokens:
    def __init__(self, settings: Settings, egress: Egress, cache: TokenCache) -> None:
        self._settings = settings
        self._egress = egress
        self._cache = cache
        self._lock = threading.Lock()

    def get(self) -> str:
        """The token; a new one when there is none or it is about to expire."""
        if (token := self._cache.get(NAME)) is not None:
            return token
        with self._lock:
            return self._cache.get(NAME) or self._fetch()

    def drop(self, token: str) -> None:
        """Forget a token that was refused, unless another thread has a newer one already."""
        with self._lock:
            if self._cache.get(NAME) == token:
                self._cache.forget(NAME)

    def _fetch(self) -> str:
        settings = self._settings
        form = {"grant_type": "client_credentials"}
        if settings.scope:
            form["scope"] = settings.scope
        auth = None
        if settings.client_in_form:
            form |= {"client_id": settings.client_id, "client_secret": settings.client_secret}
        else:
            auth = HTTPBasicAuth(settings.client_id.encode(), settings.client_secret.encode())
        reply = self._egress.request(
            "POST",
            settings.token_url,
            data=form,
            auth=auth,
            headers={"Accept": "application/json"},
            max_bytes=200_000,
        )
        said = _json(reply)
        code = said.get("error") if isinstance(said.get("error"), str) else ""
        detail: dict[str, object] = {"status": reply.status_code, "code": str(code)[:100]}
        if reply.status_code in {401, 403} or code in {"invalid_client", "unauthorized_client"}:
            raise SignInRefused(
                "The token address refused the client. Check the client and its secret.",
                detail=detail,
                field="client_secret",
            )
        if reply.status_code == 429 or reply.status_code >= 500:
            # No call to the service itself was made.
            raise TryLater(
                f"The token address answered {reply.status_code}.",
                after_seconds=retry_after(reply.headers),
                sent=False,
                detail=detail,
            )
        if reply.status_code >= 400:
            raise Rejected(
                f"The token address gives no token ({code or reply.status_code}). Check the scope.",
                detail=detail,
                field="scope",
            )
        token, lives = said.get("access_token"), said.get("expires_in", 300)
        if reply.status_code != 200 or not isinstance(token, str) or not token:
            raise UnexpectedReply("The token address answered without an access_token.", detail=detail)
        try:
            lives_seconds = float(lives)
        except (TypeError, ValueError):
            lives_seconds = 300.0
        self._cache.put(NAME, token, lives_seconds=lives_seconds)
        return token


def _json(reply: Any) -> dict[str, Any]:
    try:
        said = reply.json()
    except ValueError:
        return {}
    return said if isinstance(said, dict) else {}
