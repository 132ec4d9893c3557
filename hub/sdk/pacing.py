"""A rate limit that the threads of one connection share."""

from __future__ import annotations

import threading
import time
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
        self._lock = threading.Lock()

    def wait(self) -> None:
        """Take a token, waiting for it when it comes soon. Raises TryLater when it does not."""
        with self._lock:
            now = time.monotonic()
            due = max(self._due, now)
            wait = due - self._burst - now
            if wait > self._longest:
                raise Paced(wait)
            self._due = due + self._interval
        if wait > 0:
            time.sleep(wait)

    def slow_down(self, seconds: float) -> None:
        """Nobody calls for so long."""
        with self._lock:
            self._due = max(self._due, time.monotonic() + seconds + self._burst)
