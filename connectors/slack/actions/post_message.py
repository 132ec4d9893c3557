"""Posting a message."""

from __future__ import annotations

from connectors.slack.client import SlackClient, written
from hub.sdk import Action, Call, Effect, Fields, field


class PostMessage(Action[SlackClient]):
    """Post a message to the channel."""

    effect = Effect.ONCE  # Slack takes the same message twice.

    class Input(Fields):
        subject: str = field("Subject", min_length=1, max_length=400)
        text: str = field("Text", default="", lines=6)
        links: dict[str, str] = field("Links", default_factory=dict, help="Title and address.")

    class Output(Fields):
        posted: bool

    def run(self, input: Input, client: SlackClient, call: Call) -> Output:
        client.post(written(input.subject, input.text, input.links), call.timeout_seconds)
        return self.Output(posted=True)
