"""Sending a signed message."""

from __future__ import annotations

from typing import Any

from connectors.webhook.client import WebhookClient, message_id
from hub.sdk import Action, Call, Effect, Fields, field


class Send(Action[WebhookClient]):
    """Send a signed message to the web address."""

    title = "Send a signed message"
    effect = Effect.KEYED  # Each try has the same webhook-id, by which the receiver knows a repetition.

    class Input(Fields):
        type: str = field("Type", min_length=1, max_length=200, placeholder="job.ended")
        data: dict[str, Any] = field("Data", default_factory=dict)

    class Output(Fields):
        message_id: str = field("webhook-id")
        status: int = field("Status of the answer")

    def run(self, input: Input, client: WebhookClient, call: Call) -> Output:
        status = client.send(call.key, input.type, input.data, call.timeout_seconds)
        return self.Output(message_id=message_id(call.key), status=status)
