"""The only file that talks to Slack.

The payload, the answer "ok" and the words of refusals are documented (docs.slack.dev, "Sending messages using
incoming webhooks"); so is, for all of Slack's interfaces, that 429 carries Retry-After.
"""

from __future__ import annotations

import json
import re
from urllib.parse import urlsplit

import requests

from connectors.slack.settings import Settings
from hub.sdk import Egress, Rejected, TryLater

LARGEST_REPLY_BYTES = 10_000
MOST_CHARACTERS = 39_000
"""Slack cuts off what is longer than 40,000 characters."""
CUT = "\n(It goes on; this is its beginning.)"


class SlackClient:
    def __init__(self, settings: Settings, egress: Egress) -> None:
        self._address = settings.address
        self._egress = egress

    @property
    def host(self) -> str:
        return urlsplit(self._address).hostname or ""

    def post(self, text: str, timeout_seconds: float) -> None:
        """`text` in Slack's own form of writing; no preview is made of the links in it."""
        body = json.dumps({"text": text, "unfurl_links": False, "unfurl_media": False}, ensure_ascii=False)
        reply = self._egress.request(
            "POST", self._address, headers={"Content-Type": "application/json"}, data=body.encode(),
            timeout_seconds=timeout_seconds, follow_redirects=False, max_bytes=LARGEST_REPLY_BYTES,
        )  # fmt: skip
        self._check(reply)

    def _check(self, reply: requests.Response) -> None:
        if reply.status_code == 200:
            return
        # Refusals are a word such as no_service; anything else may hold what we sent.
        word = reply.text.strip() if re.fullmatch(r"[a-z_]{2,60}", reply.text.strip()) else ""
        said = f"{reply.status_code}{': ' + word if word else ''}"
        detail: dict[str, object] = {"status": reply.status_code, "word": word}
        if reply.status_code == 429:
            wait = reply.headers.get("Retry-After", "")
            after = float(wait) if wait.isdigit() else None
            raise TryLater(
                f"Slack takes no more messages now ({said}).", after_seconds=after, sent=False, detail=detail
            )
        if reply.status_code >= 500:
            raise TryLater(f"Slack did not say whether it took the message ({said}).", detail=detail)
        hint = " Make a new webhook for the channel." if reply.status_code in {403, 404, 410} else ""
        raise Rejected(f"Slack refused the message ({said}).{hint}", detail=detail)


def written(subject: str, text: str, links: dict[str, str]) -> str:
    """A bold subject, the text, and links by their title. What would be a sign of Slack's is not one."""
    lines = [f"*{_plain(subject)}*", _plain(text.strip())]
    lines += [f"<{_plain(address)}|{_plain(title).replace('|', ' ')}>" for title, address in links.items()]
    whole = "\n".join(line for line in lines if line)
    return whole if len(whole) <= MOST_CHARACTERS else whole[:MOST_CHARACTERS] + CUT


def _plain(text: str) -> str:
    """The three characters that Slack wants escaped."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
