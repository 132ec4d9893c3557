"""Counting what happens within a window of time, over all processes."""

from __future__ import annotations

import time

from django.core.cache import cache


def count(what: str, *, window_seconds: int) -> tuple[int, int]:
    """Count once more. Returns the count in this window, and the seconds until the next one begins."""
    now = int(time.time())
    # The window's number is part of the key, so that a lost expiry can never count for ever.
    key = f"count:{what}:{now // window_seconds}"
    cache.add(key, 0, window_seconds * 2)
    try:
        counted = int(cache.incr(key))
    except ValueError:  # The cache was emptied between the two.
        counted = 1
    return counted, window_seconds - now % window_seconds
