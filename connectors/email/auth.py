"""How a connection to a mail server signs in."""

from __future__ import annotations

from connectors.email.client import EmailClient
from connectors.email.settings import Security
from connectors.email.settings import Settings as EmailSettings
from hub.sdk import Identity, Opening, SignIn


class Auth(SignIn[EmailClient]):
    """A user and a password, or nothing where the server trusts its network."""

    Settings = EmailSettings

    def open(self, settings: EmailSettings, opening: Opening) -> EmailClient:
        return EmailClient(settings, opening.egress)

    def who_am_i(self, client: EmailClient) -> Identity:
        """Greets the server, signs in, and does nothing."""
        offered = client.greet()
        settings = client.settings
        size = offered.get("size", "")
        notes = [f"Sends as {settings.sender}."]
        if settings.security is Security.NONE:
            notes.append("The connection is not encrypted.")
        if size.isdigit() and int(size):
            notes.append(f"The server takes messages up to {int(size) // 1_000_000} MB.")
        return Identity(
            name=settings.username or "nobody in particular",
            tenant=settings.host,
            rights=("may hand over mail",) if settings.username else (),
            notes=tuple(notes),
        )

    def hosts(self, settings: EmailSettings) -> list[str]:
        return [settings.host]
