"""The only file that talks to the service."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any
from urllib.parse import unquote, urljoin, urlsplit

import requests

from connectors.http.replies import check_status
from connectors.http.settings import Settings, SignInKind
from connectors.http.tokens import Tokens
from hub.sdk import Misconfigured, Opening, SignInRefused

_REFUSED = {
    SignInKind.NONE: "sign_in",
    SignInKind.BASIC: "password",
    SignInKind.BEARER: "token",
    SignInKind.KEY_IN_HEADER: "api_key",
    SignInKind.KEY_IN_QUERY: "api_key",
    SignInKind.OAUTH2: "sign_in",
}
"""The field to look at when the service refuses the sign-in. One that refuses a fresh token takes another kind."""
USUAL_BYTES = 10_000_000
MOST_BYTES = 50_000_000


class HttpClient:
    def __init__(self, settings: Settings, opening: Opening) -> None:
        self.settings = settings
        self._egress = opening.egress.trusting(settings.authority) if settings.authority else opening.egress
        self._tokens = Tokens(settings, self._egress, opening.tokens)

    def call(
        self,
        method: str,
        path: str,
        *,
        query: Any = None,
        headers: dict[str, str] | None = None,
        expected: Collection[int] = (),
        max_bytes: int = USUAL_BYTES,
        timeout_seconds: float | None = None,
        **body: Any,
    ) -> requests.Response:
        """Send one call below the base address. Raises what its status means."""
        url = self.url_of(path)
        what = f"{method} {urlsplit(url).path or '/'}"
        sent_headers = {**self.settings.headers, **(headers or {})}
        params = list(query.items()) if isinstance(query, dict) else list(query or [])
        for last in (False, True):
            auth = self._sign(sent_headers, params if not last else [])
            reply = self._egress.request(
                method,
                url,
                params=params or None,
                headers=sent_headers,
                auth=auth,
                timeout_seconds=timeout_seconds,
                max_bytes=max_bytes,
                **body,
            )
            refused = reply.status_code == 401 and self.settings.sign_in is SignInKind.OAUTH2
            if last or not refused or 401 in expected:
                break
            self._tokens.drop(sent_headers["Authorization"].removeprefix("Bearer "))
        try:
            check_status(reply, what, expected)
        except SignInRefused as refused:
            refused.field = _REFUSED[self.settings.sign_in]
            raise
        return reply

    def url_of(self, path: str) -> str:
        """The address of a path below the base address, or a whole address that is below it already."""
        base = self.settings.base_url.rstrip("/") + "/"
        url = path if "://" in path else urljoin(base, "./" + path.lstrip("/")) if path else self.settings.base_url
        try:
            there, here = urlsplit(url), urlsplit(base)
            same = (there.scheme.lower(), _host(there)) == (here.scheme.lower(), _host(here))
        except ValueError:
            raise Misconfigured(f'"{path.partition("?")[0]}" is no path.', field="path") from None
        climbs = {".", ".."} & set(unquote(there.path).replace("\\", "/").split("/"))
        if not same or climbs or not (there.path + "/").startswith(here.path):
            raise Misconfigured(
                f'"{path.partition("?")[0]}" is not below the base address of the connection.', field="path"
            )
        return url

    def _sign(self, headers: dict[str, str], params: list[Any]) -> Any:
        """Put the sign-in where it belongs."""
        settings = self.settings
        match settings.sign_in:
            case SignInKind.BASIC:
                return requests.auth.HTTPBasicAuth(settings.username.encode(), settings.password.encode())
            case SignInKind.BEARER:
                headers["Authorization"] = f"Bearer {settings.token}"
            case SignInKind.KEY_IN_HEADER:
                headers[settings.key_name] = settings.api_key
            case SignInKind.KEY_IN_QUERY:
                params.append((settings.key_name, settings.api_key))
            case SignInKind.OAUTH2:
                headers["Authorization"] = f"Bearer {self._tokens.get()}"
        return None


def _host(parts: Any) -> tuple[str, int]:
    return (parts.hostname or "").lower(), parts.port or (443 if parts.scheme.lower() == "https" else 80)
