"""The fields of a connection to a web address."""

from __future__ import annotations

import base64
import binascii

from pydantic import field_validator

from hub.sdk import Fields, field

PREFIX = "whsec_"


class Settings(Fields):
    address: str = field(
        "Web address",
        pattern=r"^https?://[^\s#]+$",
        form="an address that begins with https:// or http://",
        placeholder="https://hooks.example.com/lockgate",
    )
    secret: str = field("Signing secret", secret=True, help="As the receiver gives it: whsec_ and base64.")

    @field_validator("secret")
    @classmethod
    def _is_a_secret(cls, secret: str) -> str:
        try:
            key = base64.b64decode(secret.removeprefix(PREFIX), validate=True)
        except (binascii.Error, ValueError):
            key = b""
        if not secret.startswith(PREFIX) or not 24 <= len(key) <= 64:
            raise ValueError("A signing secret is whsec_ and then 24 to 64 bytes in base64")
        return secret
