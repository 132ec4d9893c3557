"""How many wrong secrets may be tried: of tokens by an address, of a webhook by an address.

Whoever knows the secret is never kept out for good: beyond the limit one try a second is still judged, and everybody
else hears when to come back.
"""

from __future__ import annotations

import threading
import time

from django.conf import settings

from hub.api.counting import count
from hub.api.errors import ProblemError

_WINDOW_SECONDS = 60
_BETWEEN_SECONDS = 1.0
_MOST_WAITING = 4
"""So many threads of a process may be held up by those who guess."""


class _Barred:
    """Who has sent too many wrong secrets, until when; and the turns in which they are judged. One process each: who
    is barred in one meets the count of all at the next wrong secret in another."""

    def __init__(self) -> None:
        self._until: dict[str, float] = {}
        self._next: dict[str, float] = {}
        self._waiting: set[str] = set()
        self._mutex = threading.Lock()

    def bar(self, whose: str, seconds: float) -> None:
        with self._mutex:
            now = time.monotonic()
            for gone in [each for each, until in self._until.items() if until <= now]:
                del self._until[gone]
                self._next.pop(gone, None)
            self._until[whose] = now + seconds

    def take_turn(self, whose: str) -> int:
        """Wait for the next turn. When there is none to wait for: in how many seconds to come back, else 0."""
        if whose not in self._until:
            return 0
        with self._mutex:
            now = time.monotonic()
            left = self._until.get(whose, 0.0) - now
            if left <= 0:
                return 0
            if whose in self._waiting or len(self._waiting) >= _MOST_WAITING:
                return max(1, int(left))
            wait = max(0.0, self._next.get(whose, 0.0) - now)
            self._next[whose] = now + wait + _BETWEEN_SECONDS
            self._waiting.add(whose)
        try:
            time.sleep(wait)
        finally:
            with self._mutex:
                self._waiting.discard(whose)
        return 0


_barred = _Barred()


def wait_to_be_judged(whose: str) -> None:
    """Before a secret is looked at. Raises ProblemError (429) when it is not, because too many were wrong."""
    if (left := _barred.take_turn(whose)) > 0:
        raise _too_many(left)


def note_wrong_secret(whose: str) -> None:
    """Count a wrong secret. Raises ProblemError (429) when there were too many of them."""
    limit = settings.API_ANONYMOUS_REQUESTS_PER_MINUTE
    counted, left = count(f"wrong:{whose}", window_seconds=_WINDOW_SECONDS)
    if 0 < limit < counted:
        _barred.bar(whose, left)
        raise _too_many(left)


def _too_many(left: int) -> ProblemError:
    return ProblemError(
        f"This address has sent too many wrong secrets. Try again in {left} seconds.",
        code="too-many-requests", title="Too many requests.", status=429, retry_after_seconds=left,
    )  # fmt: skip
