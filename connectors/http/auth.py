"""How an HTTP connection signs in."""

from __future__ import annotations

from urllib.parse import urlsplit

from connectors.http.client import HttpClient
from connectors.http.settings import Settings as HttpSettings
from connectors.http.settings import SignInKind
from hub.sdk import Identity, Opening, SignIn


class Auth(SignIn[HttpClient]):
    """None, user and password, bearer token, API key, or OAuth2 client credentials."""

    Settings = HttpSettings

    def open(self, settings: HttpSettings, opening: Opening) -> HttpClient:
        return HttpClient(settings, opening)

    def who_am_i(self, client: HttpClient) -> Identity:
        """HTTP has no "who am I": the test path answers, and that is all that is known."""
        settings = client.settings
        reply = client.call("GET", settings.test_path)
        name = {SignInKind.BASIC: settings.username, SignInKind.OAUTH2: settings.client_id}.get(settings.sign_in, "")
        return Identity(
            name=name or ("nobody in particular" if settings.sign_in is SignInKind.NONE else "the holder of the key"),
            tenant=urlsplit(settings.base_url).hostname or "",
            rights=(f"may read /{settings.test_path.lstrip('/')}",),
            notes=(f"The test path answered {reply.status_code}.",),
        )

    def hosts(self, settings: HttpSettings) -> list[str]:
        found = (urlsplit(url).hostname for url in (settings.base_url, settings.token_url) if url)
        return sorted({host for host in found if host})
