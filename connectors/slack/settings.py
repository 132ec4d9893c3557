"""The fields of a connection to a channel of Slack."""

from __future__ import annotations

from hub.sdk import Fields, field


class Settings(Fields):
    address: str = field(
        "Webhook address",
        secret=True,
        pattern=r"^https?://[^\s#/]+/[^\s#]+$",
        form="an address that begins with https://",
        placeholder="https://hooks.slack.com/services/...",
        help="As Slack shows it for the channel. Whoever has it can post there.",
    )
