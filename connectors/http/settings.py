"""The fields of an HTTP connection."""

from __future__ import annotations

from enum import StrEnum
from typing import Self

from pydantic import model_validator

from hub.sdk import Fields, Misfit, field


class SignInKind(StrEnum):
    NONE = "none"
    BASIC = "basic"
    BEARER = "bearer"
    KEY_IN_HEADER = "key-in-header"
    KEY_IN_QUERY = "key-in-query"
    OAUTH2 = "oauth2"


_NEEDED = {
    SignInKind.NONE: (),
    SignInKind.BASIC: ("username", "password"),
    SignInKind.BEARER: ("token",),
    SignInKind.KEY_IN_HEADER: ("key_name", "api_key"),
    SignInKind.KEY_IN_QUERY: ("key_name", "api_key"),
    SignInKind.OAUTH2: ("token_url", "client_id", "client_secret"),
}


class Settings(Fields):
    base_url: str = field(
        "Base address",
        pattern=r"^https?://[^/?#@\s]+[^?#\s]*$",
        form="an address that begins with https:// or http://, without query and user",
        placeholder="https://api.example.com/v2",
    )
    sign_in: SignInKind = field("Sign-in", default=SignInKind.NONE)
    username: str = field("User", default="")
    password: str = field("Password", default="", secret=True)
    token: str = field("Bearer token", default="", secret=True)
    key_name: str = field(
        "Name of the key", default="", help="The header or query parameter that carries the API key."
    )
    api_key: str = field("API key", default="", secret=True)
    token_url: str = field(
        "Token address",
        default="",
        pattern=r"^(https?://[^/?#@\s]+[^#\s]*)?$",
        form="an address that begins with https:// or http://",
    )
    client_id: str = field("Client", default="")
    client_secret: str = field("Client secret", default="", secret=True)
    scope: str = field("Scope", default="")
    client_in_form: bool = field(
        "Send the client in the form", default=False, advanced=True, help="Instead of HTTP Basic."
    )
    headers: dict[str, str] = field("Headers of every call", default_factory=dict, advanced=True)
    test_path: str = field(
        "Test path", default="", help="Called by the connection test; the base address when empty."
    )
    authority: str = field("Certificate authority", default="", lines=6, advanced=True, help="PEM text.")

    @model_validator(mode="after")
    def _is_complete(self) -> Self:
        missing = [name for name in _NEEDED[self.sign_in] if not getattr(self, name)]
        if missing:
            titles = (str(type(self).model_fields[name].title) for name in missing)
            raise Misfit(f"This sign-in needs: {', '.join(titles)}", *missing)
        return self
