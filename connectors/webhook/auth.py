"""How messages to a web address are signed."""

from __future__ import annotations

from urllib.parse import urlsplit

from connectors.webhook.client import WebhookClient
from connectors.webhook.settings import Settings as WebhookSettings
from hub.sdk import Identity, Opening, SignIn


class Auth(SignIn[WebhookClient]):
    """A secret that the receiver knows too. It never leaves; what leaves is signed with it."""

    Settings = WebhookSettings

    def open(self, settings: WebhookSettings, opening: Opening) -> WebhookClient:
        return WebhookClient(settings, opening.egress)

    def who_am_i(self, client: WebhookClient) -> Identity:
        """Nothing is sent: the receiver would take it for a message."""
        return Identity(
            name="whoever holds the secret",
            tenant=client.host,
            notes=("Nothing was sent. Send a message to see whether the receiver takes it.",),
        )

    def hosts(self, settings: WebhookSettings) -> list[str]:
        return [urlsplit(settings.address).hostname or ""]
