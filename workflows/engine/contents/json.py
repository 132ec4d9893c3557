"""JSON as the database takes it."""

from __future__ import annotations

import json
from typing import Any

import orjson


def dumps(value: Any) -> bytes:
    try:
        return orjson.dumps(value, default=_unread)
    except TypeError:
        # An integer of more than 64 bits.
        return json.dumps(value, ensure_ascii=False, default=_unread).encode()


def _unread(value: Any) -> Any:
    """What stands for a large value that was not read."""
    return value.as_json([])


def loads(text: bytes) -> Any:
    """Numbers as the database's own are read."""
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError:
        return json.loads(text)
