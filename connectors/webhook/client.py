"""The only file that talks to the web address."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

import requests
from standardwebhooks import Webhook

from connectors.webhook.settings import Settings
from hub.sdk import Egress, Rejected, TryLater
from hub.sdk.pacing import retry_after

LARGEST_REPLY_BYTES = 100_000


class WebhookClient:
    def __init__(self, settings: Settings, egress: Egress) -> None:
        self.settings = settings
        self._egress = egress

    @property
    def host(self) -> str:
        return urlsplit(self.settings.address).hostname or ""

    def send(self, key: str, kind: str, data: dict[str, Any], timeout_seconds: float) -> int:
        """The status of the answer. The same key gives the same webhook-id, by which receivers know a repetition."""
        now, message = datetime.now(UTC), message_id(key)
        at = now.isoformat(timespec="seconds").replace("+00:00", "Z")
        body = json.dumps({"type": kind, "timestamp": at, "data": data}, ensure_ascii=False)
        headers = {
            "Content-Type": "application/json",
            "webhook-id": message,
            "webhook-timestamp": str(int(now.timestamp())),
            "webhook-signature": Webhook(self.settings.secret).sign(message, now, body),
        }
        reply = self._egress.request(
            "POST", self.settings.address, headers=headers, data=body.encode(), timeout_seconds=timeout_seconds,
            follow_redirects=False, max_bytes=LARGEST_REPLY_BYTES,
        )  # fmt: skip
        self._check(reply)
        return reply.status_code

    def _check(self, reply: requests.Response) -> None:
        status, detail = reply.status_code, {"status": reply.status_code}
        if 200 <= status < 300:
            return
        if status in {408, 425, 429} or status >= 500:
            said = f"{self.host} does not take messages now ({status})."
            raise TryLater(said, after_seconds=retry_after(reply.headers), detail=dict(detail))
        if status == 410:
            said = f"{self.host} wants no more messages (410). Remove the connection."
        elif 300 <= status < 400:
            said = f"{self.host} sends messages elsewhere ({status}). Write the final address in the connection."
        else:
            said = f"{self.host} refused the message ({status})."
        raise Rejected(said, detail=dict(detail))


def message_id(key: str) -> str:
    return f"msg_{hashlib.sha256(key.encode()).hexdigest()[:32]}"
