"""What an answer of OTDS means: the only place where a status is looked at."""

from __future__ import annotations

from typing import Any

import orjson
import requests

from hub.sdk import Misconfigured, Rejected, SignInRefused, TryLater, UnexpectedReply
from hub.sdk.pacing import retry_after

EXPIRED = 1034
"""OTDS's own number for an expired ticket; it comes with HTTP 400 (P)."""


def said(reply: requests.Response) -> dict[str, Any]:
    """The JSON object of an answer, or an empty one."""
    try:
        read = orjson.loads(reply.content)
    except ValueError:
        return {}
    return read if isinstance(read, dict) else {}


def is_expired(reply: requests.Response) -> bool:
    """Whether the ticket or token has run out: 400 with 1034 (P), or 401 (O)."""
    if reply.status_code == 401:
        return True
    return reply.status_code == 400 and said(reply).get("status") == EXPIRED


def check(reply: requests.Response, what: str) -> None:
    """Raise what an error status means. `what` says what was asked, for people."""
    status = reply.status_code
    if status < 400:
        return
    body = said(reply)
    words = str(body.get("error") or "")[:300]
    detail: dict[str, object] = {"status": status, "code": body.get("status"), "error": words}
    because = f": {words.rstrip('.')}" if words else ""
    if status == 429:
        raise TryLater(f"{what}: OTDS is busy.", after_seconds=retry_after(reply.headers), sent=False, detail=detail)
    if status >= 500:
        raise TryLater(f"{what}: OTDS answered {status}.", after_seconds=retry_after(reply.headers), detail=detail)
    if status == 401 or is_expired(reply):
        raise SignInRefused(f"{what}: OTDS no longer accepts this sign-in. Reconnect the directory.", detail=detail)
    if status == 403:
        raise Rejected(f"{what}: the signed-in account lacks the right to do this{because}.", detail=detail)
    if status == 404 and not words:
        raise Misconfigured(
            f"{what}: nothing answers there as OTDS does. Check the address and the tenant.",
            field="base_url",
            detail=detail,
        )
    raise Rejected(f"{what}: OTDS refused{because}.", detail=detail, missing=status == 404, exists=status == 409)


def read_object(reply: requests.Response, what: str) -> dict[str, Any]:
    """The JSON object of a good answer. Raises UnexpectedReply for anything else."""
    try:
        read = orjson.loads(reply.content)
    except ValueError:
        raise UnexpectedReply(f"{what}: the answer is not JSON.", detail={"status": reply.status_code}) from None
    if not isinstance(read, dict):
        raise UnexpectedReply(f"{what}: the answer is not a JSON object.", detail={"status": reply.status_code})
    return read
