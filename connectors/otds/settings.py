"""The fields of a connection, and the addresses made from them."""

from __future__ import annotations

from enum import StrEnum
from typing import Self

from pydantic import model_validator

from hub.sdk import Fields, Misfit, field


class SignInKind(StrEnum):
    PASSWORD = "password"  # noqa: S105 - the name of a way to sign in.
    CLIENT_CREDENTIALS = "client_credentials"


_NEEDED = {
    SignInKind.PASSWORD: (("username", "password"), "Signing in with a password needs the user and the password."),
    SignInKind.CLIENT_CREDENTIALS: (
        ("client_id", "client_secret"),
        "Signing in with client credentials needs the OAuth client and its secret.",
    ),
}


class TicketIn(StrEnum):
    HEADER = "header"
    COOKIE = "cookie"


class SeatRevocation(StrEnum):
    OFF = "off"
    ASSUMED_DELETE = "assumed-delete"


class Settings(Fields):
    base_url: str = field(
        "Address",
        help="Where OTDS answers, with or without /otdsws and a tenant prefix.",
        placeholder="https://otds.example.com",
        pattern=r"^https?://",
        form="an address that begins with https:// or http://",
    )
    tenant: str = field("Tenant", default="", help="Empty for the system tenant.")
    sign_in: SignInKind = field("Sign-in", default=SignInKind.CLIENT_CREDENTIALS)
    username: str = field("User", default="", placeholder="otadmin@otds.admin")
    password: str = field("Password", default="", secret=True)
    client_id: str = field("OAuth client", default="")
    client_secret: str = field("Secret of the OAuth client", default="", secret=True)
    scope: str = field("Scope", default="", advanced=True)
    token_url: str = field(
        "Token address", default="", help="Empty: /oauth2/token below the address of the tenant.", advanced=True
    )
    ticket_style: TicketIn = field(
        "Ticket travels as", default=TicketIn.HEADER, help="Both are in use: a header or a cookie.", advanced=True
    )
    ticket_lifetime_seconds: int = field(
        "Ticket is used for (seconds)",
        default=600,
        ge=10,
        help="OTDS does not say how long a ticket lives; an expired one is renewed anyway.",
        advanced=True,
    )
    page_size: int = field("Rows per page", default=1000, ge=1, le=10_000, advanced=True)
    title_attribute: str = field("Attribute with the job title", default="title", advanced=True)
    department_attribute: str = field("Attribute with the department", default="oTDepartment", advanced=True)
    country_attribute: str = field("Attribute with the country", default="c", advanced=True)
    mail_attribute: str = field("Attribute with the e-mail address", default="mail", advanced=True)
    seat_revocation: SeatRevocation = field(
        "How a seat is freed",
        default=SeatRevocation.OFF,
        help="No public documentation shows the call. assumed-delete sends DELETE with the body that assigned "
        "the seat; try it on a system that may be harmed before you trust it.",
        advanced=True,
    )

    @model_validator(mode="after")
    def _has_credentials(self) -> Self:
        needed, said = _NEEDED[self.sign_in]
        if missing := [name for name in needed if not getattr(self, name)]:
            raise Misfit(said, *missing)
        return self


def root_of(settings: Settings) -> str:
    """The address of the web application, `.../otdsws`, with the tenant prefix when there is a tenant (C, M)."""
    base = settings.base_url.strip().rstrip("/").removesuffix("/rest")
    if not base.endswith("/otdsws"):
        base += "/otdsws"
    if settings.tenant and "/otdstenant/" not in base:
        base = base.removesuffix("/otdsws") + f"/otdstenant/{settings.tenant}/otdsws"
    return base


def token_url_of(settings: Settings) -> str:
    return settings.token_url.strip() or f"{root_of(settings)}/oauth2/token"
