"""The fields of a connection to a mail server."""

from __future__ import annotations

from enum import StrEnum
from typing import Self

from pydantic import model_validator

from hub.sdk import Fields, Misfit, field


class Security(StrEnum):
    STARTTLS = "starttls"
    TLS = "tls"
    NONE = "none"


class Settings(Fields):
    host: str = field(
        "Mail server",
        pattern=r"^[^\s/@]+$",
        form="the name or number of a host, without port and path",
        placeholder="smtp.example.com",
    )
    port: int = field("Port", default=587, ge=1, le=65535)
    security: Security = field(
        "Security", default=Security.STARTTLS, help="With none, everything can be read on the way."
    )
    username: str = field("User", default="")
    password: str = field("Password", default="", secret=True)
    sender: str = field(
        "Sender", pattern=r"^[^\r\n]*$", form="an address on one line", placeholder="Lockgate <lockgate@example.com>"
    )
    authority: str = field("Certificate authority", default="", lines=6, advanced=True, help="PEM text.")
    hello_name: str = field(
        "Own name",
        default="",
        pattern=r"^[A-Za-z0-9.\-]*$",
        form="a host name",
        advanced=True,
        help="Said to the server in EHLO.",
    )

    @model_validator(mode="after")
    def _is_complete(self) -> Self:
        if bool(self.username) != bool(self.password):
            raise Misfit("Give user and password, or neither", "password" if self.username else "username")
        return self
