"""A rate limit that the threads of one connection share, and what a service says about when to come back."""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Mapping
from email.utils import parsedate_to_datetime
from typing import Protocol

from hub.sdk.errors import Misconfigured, TryLater


class Paced(TryLater):
    """The rate limit leaves no call just now. Nothing was sent, and it counts as no attempt."""

    code = "paced"

    def __init__(self, after_seconds: float) -> None:
        super().__init__(
            "This connection has used up its rate limit, or its service asked for a pause. "
            "The call will be made later.",
            after_seconds=after_seconds,
            sent=False,
        )


def retry_after(headers: Mapping[str, str]) -> float | None:
    """For how many seconds a service asks to be left alone, in its Retry-After: a number, or a date."""
    said = headers.get("Retry-After", "").strip()
    try:
        seconds = float(said)
    except ValueError:
        try:
            seconds = parsedate_to_datetime(said).timestamp() - time.time()
        except (TypeError, ValueError, OverflowError):
            return None
    return max(0.0, seconds) if math.isfinite(seconds) else None


class Pacing(Protocol):
    """What lets calls through, one after the other."""

    def wait(self) -> None:
        """Wait until a call may be made. Raises Paced when that takes too long."""

    def slow_down(self, seconds: float) -> None:
        """The service asked for a pause."""


class Pace:
    """A token bucket: on average so many calls per second, and at most one second's worth at once."""

    def __init__(self, per_second: float, longest_wait_seconds: float = 10.0) -> None:
        if not per_second > 0:
            raise Misconfigured("The rate limit of the connection must be above zero.", field="requests_per_second")
        self._interval = 1.0 / per_second
        self._burst = max(0.0, 1.0 - self._interval)
        self._longest = longest_wait_seconds
        self._due = 0.0
        """When the bucket will be full again."""
        self._paused_until = 0.0
        self._lock = threading.Lock()

    def wait(self) -> None:
        """Take a token, waiting for it when it comes soon. Raises TryLater when it does not."""
        while (wait := self._take()) > 0:
            time.sleep(wait)
            if self._paused_until <= time.monotonic():
                return  # Else the service has asked for a pause meanwhile.

    def _take(self) -> float:
        with self._lock:
            now = time.monotonic()
            due = max(self._due, now)
            wait = due - self._burst - now
            if wait > self._longest:
                raise Paced(wait)
            self._due = due + self._interval
            return wait

    def slow_down(self, seconds: float) -> None:
        """Nobody calls for so long; after it calls go at the rate, not a second's worth at once."""
        with self._lock:
            self._paused_until = max(self._paused_until, time.monotonic() + seconds)
            self._due = max(self._due, self._paused_until + self._burst)
