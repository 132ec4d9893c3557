"""Whoever knows the address of an incoming webhook may post; there is no other sign-in."""

from __future__ import annotations

from urllib.parse import urlsplit

from connectors.slack.client import SlackClient
from connectors.slack.settings import Settings as SlackSettings
from hub.sdk import Identity, Opening, SignIn


class Auth(SignIn[SlackClient]):
    """The address itself is the secret."""

    Settings = SlackSettings

    def open(self, settings: SlackSettings, opening: Opening) -> SlackClient:
        return SlackClient(settings, opening.egress)

    def who_am_i(self, client: SlackClient) -> Identity:
        """Nothing is posted: people would read it."""
        return Identity(
            name="whoever has the address",
            tenant=client.host,
            notes=("Nothing was posted. Post a message to see whether the channel takes it.",),
        )

    def hosts(self, settings: SlackSettings) -> list[str]:
        return [urlsplit(settings.address).hostname or ""]
