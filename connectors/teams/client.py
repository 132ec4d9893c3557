"""The only file that talks to Microsoft Teams.

The payload is the one that Microsoft documents for webhooks of workflows and of connectors: a message with a card.
That a connector's webhook answers 200 also when it is throttled, and says so in the body, is documented; that a
workflow's answers 202 and posts later is assumed.
"""

from __future__ import annotations

import json
import re
from typing import Any
from urllib.parse import urlsplit

import requests

from connectors.teams.settings import Settings
from hub.sdk import Egress, Rejected, TryLater

LARGEST_REPLY_BYTES = 100_000
MOST_BYTES = 24_000
"""Of the text. Teams takes messages of 28 KB."""
CUT = "\n\n(It goes on; this is its beginning.)"
THROTTLED = "returned HTTP error 429"


class TeamsClient:
    def __init__(self, settings: Settings, egress: Egress) -> None:
        self._address = settings.address
        self._egress = egress

    @property
    def host(self) -> str:
        return urlsplit(self._address).hostname or ""

    def post(self, message: dict[str, Any], timeout_seconds: float) -> None:
        reply = self._egress.request(
            "POST", self._address, headers={"Content-Type": "application/json"},
            data=json.dumps(message, ensure_ascii=False).encode(), timeout_seconds=timeout_seconds,
            follow_redirects=False, max_bytes=LARGEST_REPLY_BYTES,
        )  # fmt: skip
        self._check(reply)

    def _check(self, reply: requests.Response) -> None:
        status, detail = reply.status_code, {"status": reply.status_code}
        if status == 429 or (status == 200 and THROTTLED in reply.text):
            wait = reply.headers.get("Retry-After", "")
            after = float(wait) if wait.isdigit() else None
            said = "Teams takes no more messages now (429)."
            raise TryLater(said, after_seconds=after, sent=False, detail=dict(detail))
        if status == 200 and "HTTP error" in reply.text:
            raise Rejected("Teams took the message and could not post it.", detail=dict(detail))
        if 200 <= status < 300:
            return
        if status >= 500:
            raise TryLater(f"Teams did not say whether it took the message ({status}).", detail=dict(detail))
        hint = " Make a new webhook for the channel." if status in {401, 403, 404, 410} else ""
        raise Rejected(f"Teams refused the message ({status}).{hint}", detail=dict(detail))


def card(subject: str, text: str, links: dict[str, str]) -> dict[str, Any]:
    """An Adaptive Card: a bold subject, the text, and a button for each link."""
    body: list[dict[str, Any]] = [
        {"type": "TextBlock", "text": subject, "weight": "Bolder", "size": "Medium", "wrap": True}
    ]
    if text.strip():
        body.append({"type": "TextBlock", "text": _text(text), "wrap": True})
    content: dict[str, Any] = {
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json", "type": "AdaptiveCard", "version": "1.2",
        "body": body,
    }  # fmt: skip
    if links:
        content["actions"] = [
            {"type": "Action.OpenUrl", "title": title, "url": address} for title, address in links.items()
        ]
    attachment = {
        "contentType": "application/vnd.microsoft.card.adaptive", "contentUrl": None, "content": content
    }  # fmt: skip
    return {"type": "message", "attachments": [attachment]}


def _text(text: str) -> str:
    """One line feed makes no new line in a card; what is too long is cut."""
    whole = re.sub(r"\n+", "\n\n", text.strip())
    if _size(whole) <= MOST_BYTES:
        return whole
    while _size(whole) > MOST_BYTES:
        whole = whole[: min(len(whole) - 1, int(len(whole) * MOST_BYTES / _size(whole)))]
    return whole + CUT


def _size(text: str) -> int:
    """As it is sent."""
    return len(json.dumps(text, ensure_ascii=False).encode())
