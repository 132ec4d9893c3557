"""Posting a message."""

from __future__ import annotations

from connectors.teams.client import TeamsClient, card
from hub.sdk import Action, Call, Effect, Fields, field


class PostMessage(Action[TeamsClient]):
    """Post a message to the channel."""

    effect = Effect.ONCE  # Teams takes the same message twice.

    class Input(Fields):
        subject: str = field("Subject", min_length=1, max_length=400)
        text: str = field("Text", default="", lines=6)
        links: dict[str, str] = field("Links", default_factory=dict, help="Title and address.")

    class Output(Fields):
        posted: bool = field("Taken", help="Whether Teams took it. When it posts it, it does not say.")

    def run(self, input: Input, client: TeamsClient, call: Call) -> Output:
        client.post(card(input.subject, input.text, input.links), call.timeout_seconds)
        return self.Output(posted=True)
