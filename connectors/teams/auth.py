"""Whoever knows the address of a webhook may post; there is no other sign-in."""

from __future__ import annotations

from urllib.parse import urlsplit

from connectors.teams.client import TeamsClient
from connectors.teams.settings import Settings as TeamsSettings
from hub.sdk import Identity, Opening, SignIn


class Auth(SignIn[TeamsClient]):
    """The address itself is the secret."""

    Settings = TeamsSettings

    def open(self, settings: TeamsSettings, opening: Opening) -> TeamsClient:
        return TeamsClient(settings, opening.egress)

    def who_am_i(self, client: TeamsClient) -> Identity:
        """Nothing is posted: people would read it."""
        return Identity(
            name="whoever has the address",
            tenant=client.host,
            notes=("Nothing was posted. Post a message to see whether the channel takes it.",),
        )

    def hosts(self, settings: TeamsSettings) -> list[str]:
        return [urlsplit(settings.address).hostname or ""]
