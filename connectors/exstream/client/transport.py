"""One request to Exstream: token, retry after 401, and trouble as one of the five error classes."""

from __future__ import annotations

import hashlib
from typing import Any

import requests

from connectors.exstream.client.settings import Settings
from hub.sdk import Misconfigured, Opening, Rejected, SignInRefused, TryLater, UnexpectedReply
from hub.sdk.pacing import retry_after

Json = dict[str, Any]
_BUSY = {408, 425, 429, 500, 502, 503, 504}


class Transport:
    """Speaks HTTP for one connection."""

    def __init__(self, settings: Settings, opening: Opening) -> None:
        self.settings = settings
        self._opening = opening
        who = "|".join((settings.token_url, settings.client_id, settings.user, settings.scope))
        self._token_name = "exstream " + hashlib.sha256(who.encode()).hexdigest()[:16]

    def send(
        self,
        method: str,
        url: str,
        *,
        params: Any = None,
        json: Any = None,
        data: Any = None,
        files: Any = None,
        headers: dict[str, str] | None = None,
        cookies: dict[str, str] | None = None,
        timeout_seconds: float | None = None,
    ) -> requests.Response:
        """A successful response. A refused token is replaced once: it may just have expired."""
        for first in (True, False):
            response = self._opening.egress.request(
                method,
                url,
                params=params,
                json=json,
                data=data,
                files=files,
                headers={"Accept": "application/json", **(headers or {}), "Authorization": f"Bearer {self._token()}"},
                cookies=cookies,
                timeout_seconds=timeout_seconds,
            )
            if response.status_code != 401:
                break
            self._opening.tokens.forget(self._token_name)
            if not first:
                raise SignInRefused("Exstream does not accept the token that OTDS gave. Reconnect Exstream.")
        _raise_for(response)
        return response

    def call(self, method: str, url: str, **options: Any) -> Json:
        """The JSON object of a successful reply."""
        return read_json(self.send(method, url, **options))

    def _token(self) -> str:
        kept = self._opening.tokens.get(self._token_name)
        if kept:
            return kept
        settings = self.settings
        form = {"grant_type": "client_credentials", "scope": settings.scope}
        if settings.user:
            form |= {"grant_type": "password", "username": settings.user, "password": settings.password}
        try:
            response = self._opening.egress.request(
                "POST", settings.token_url, data=form, auth=(settings.client_id, settings.client_secret)
            )
        except TryLater as trouble:
            # Signing in changes nothing, and the request itself was not sent yet.
            raise TryLater(trouble.message, after_seconds=trouble.after_seconds, sent=False) from trouble
        if response.status_code in {400, 401, 403}:
            raise _refused(settings, response)
        if response.status_code == 404:
            raise Misconfigured("OTDS has no token service at this address. Check it.", field="token_url")
        if response.status_code in _BUSY:
            raise TryLater("OTDS is busy.", after_seconds=retry_after(response.headers), sent=False)
        token = read_json(response).get("access_token")
        if not isinstance(token, str) or not token:
            raise UnexpectedReply("OTDS answered a sign-in without a token.", detail={"status": response.status_code})
        lives = read_json(response).get("expires_in")
        self._opening.tokens.put(
            self._token_name, token, lives_seconds=float(lives) if isinstance(lives, int | float) else 900.0
        )
        return token


def _refused(settings: Settings, response: requests.Response) -> SignInRefused | Misconfigured:
    """What OTDS has against the sign-in, by the code of RFC 6749: the client, the user, or the scope."""
    try:
        said = response.json()
    except (ValueError, requests.RequestException):
        said = None
    code = str(said.get("error") or "")[:100] if isinstance(said, dict) else ""
    detail: dict[str, object] = {"status": response.status_code, "code": code}
    if code == "invalid_scope":
        return Misconfigured("OTDS does not give this scope to the OAuth client.", field="scope", detail=detail)
    of_user = bool(settings.user) and code in {"invalid_grant", "access_denied"}
    whom = "the user and the password" if of_user else "the OAuth client and its secret"
    return SignInRefused(
        f"OTDS refused the sign-in. Check {whom}.",
        detail=detail,
        field="password" if of_user else "client_secret",
    )


def read_json(response: requests.Response) -> Json:
    """The JSON object in a response. A list or a plain text becomes `data`."""
    try:
        read = response.json()
    except (ValueError, requests.RequestException):
        raise UnexpectedReply(
            "The service answered with something that is not JSON.", detail={"status": response.status_code}
        ) from None
    return read if isinstance(read, dict) else {"data": read}


def _raise_for(response: requests.Response) -> None:
    status = response.status_code
    if 200 <= status < 300:
        return
    said = _said(response)
    detail: dict[str, object] = {"status": status, **said}
    message = str(said.get("message") or "no reason given").rstrip(".")
    if status in _BUSY:
        raise TryLater(
            f"Exstream is busy or has trouble of its own (HTTP {status}).",
            after_seconds=retry_after(response.headers),
            sent=status != 429,
            detail=detail,
        )
    if status == 403:
        raise Rejected(f"Exstream does not allow this: {message}.", detail=detail)
    if status == 404:
        raise Rejected(f"Exstream has no such object: {message}.", detail=detail, missing=True)
    if status == 409:
        raise Rejected(f"Exstream refused this as a conflict: {message}.", detail=detail, exists=True)
    if 400 <= status < 500:
        raise Rejected(f"Exstream refused this: {message}.", detail=detail)
    raise UnexpectedReply(f"Exstream answered with HTTP {status}.", detail=detail)


def _said(response: requests.Response) -> dict[str, object]:
    try:
        body = response.json()
    except (ValueError, requests.RequestException):
        return {}
    if not isinstance(body, dict):
        return {}
    made: dict[str, object] = {}
    for name in ("message", "errorCode", "details"):
        if body.get(name) not in (None, "", []):
            value = body[name]
            made[name] = value if isinstance(value, int) else str(value)[:300]
    return made
