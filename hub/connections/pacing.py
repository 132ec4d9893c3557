"""The rate limit of a connection, shared by every process: one row, one statement for each call.

What a service asks for with 429 and Retry-After is kept in the same row, so that all wait who would ask it next. The
row is no truth that could be lost: it is written without waiting for the disk.
"""

from __future__ import annotations

import atexit
import threading
import time
import uuid
from datetime import timedelta
from typing import Any

import psycopg
from django.db import connections

from hub.sdk import Misconfigured, TryLater
from hub.sdk.pacing import Paced

LONGEST_WAIT_SECONDS = 10.0
LONGEST_PAUSE_SECONDS = 3600.0
AFTER_PAUSE_SECONDS = 0.1
"""Between calls after a pause, where no rate limit is set: all that have waited at once would be the next flood."""
KEPT_SECONDS = 1.0
"""So old may be what is known of a pause, where no rate limit is set."""
_TAKE = """
INSERT INTO connections_bucket AS held (connection_id, full_at) VALUES (%(id)s, clock_timestamp() + %(every)s)
ON CONFLICT (connection_id) DO UPDATE
SET full_at = greatest(held.full_at, clock_timestamp(), held.paused_until + %(burst)s) + %(every)s
WHERE greatest(held.full_at - %(burst)s, held.paused_until) <= clock_timestamp() + %(longest)s
RETURNING extract(epoch FROM full_at - %(every)s - %(burst)s - clock_timestamp())
"""
_LEFT = """
SELECT extract(epoch FROM greatest(full_at - make_interval(secs => %s), paused_until) - clock_timestamp())
FROM connections_bucket WHERE connection_id = %s
"""
_PAUSE = """
INSERT INTO connections_bucket AS held (connection_id, full_at, paused_until)
VALUES (%(id)s, clock_timestamp(), clock_timestamp() + %(pause)s)
ON CONFLICT (connection_id) DO UPDATE
SET paused_until = greatest(held.paused_until, clock_timestamp() + %(pause)s)
"""
_PAUSED = "SELECT paused_until > clock_timestamp() FROM connections_bucket WHERE connection_id = %s"


class SharedPace:
    """A token bucket: on average so many calls per second, at most one second's worth at once. None is no limit,
    until the service asks for a pause."""

    def __init__(
        self, connection_id: uuid.UUID, per_second: float | None, longest_wait_seconds: float = LONGEST_WAIT_SECONDS
    ) -> None:
        if per_second is not None and not per_second > 0:
            raise Misconfigured("The rate limit of the connection must be above zero.", field="requests_per_second")
        self._id, self._every = connection_id, 1.0 / per_second if per_second is not None else None
        self._burst = max(0.0, 1.0 - self._every) if self._every is not None else 0.0
        self._longest = longest_wait_seconds
        self._paused_until, self._looked_at = 0.0, float("-inf")

    def wait(self) -> None:
        """Take a token, waiting for it when it comes soon. Raises Paced when it does not."""
        while (wait := self._next()) > 0:
            if wait > self._longest:
                raise Paced(wait)
            time.sleep(wait)
            if not line.run(_PAUSED, [self._id]):
                return  # Else the service has asked for a pause meanwhile.

    def slow_down(self, seconds: float) -> None:
        """The service asks for a pause: nobody calls before."""
        line.run(_PAUSE, {"id": self._id, "pause": timedelta(seconds=min(seconds, LONGEST_PAUSE_SECONDS))})
        self._looked_at = float("-inf")

    def _next(self) -> float:
        """In how many seconds the next call may be made, which is then ours."""
        if self._every is not None:
            return self._take(self._every)
        return self._take(AFTER_PAUSE_SECONDS) if self._pause() > 0 else 0.0

    def _take(self, every: float) -> float:
        given = {"id": self._id, "every": timedelta(seconds=every), "burst": timedelta(seconds=self._burst),
                 "longest": timedelta(seconds=self._longest)}  # fmt: skip
        taken = line.run(_TAKE, given)
        if taken is None:
            return max(self._left(), self._longest + 0.001)
        return float(taken or 0)

    def _pause(self) -> float:
        if time.monotonic() - self._looked_at > KEPT_SECONDS:
            self._paused_until, self._looked_at = time.monotonic() + self._left(), time.monotonic()
        return self._paused_until - time.monotonic()

    def _left(self) -> float:
        return float(line.run(_LEFT, [self._burst, self._id]) or 0)


class _Line:
    """A line to the database of this process's own: what it writes is part of no transaction."""

    def __init__(self) -> None:
        self._mutex = threading.Lock()
        self._held: psycopg.Connection[Any] | None = None

    def run(self, statement: str, given: Any) -> Any:
        """The first value of the first row, or None. Raises TryLater when the database is away."""
        with self._mutex:
            for is_last in (False, True):
                try:
                    if self._held is None or self._held.closed:
                        self._held = _opened()
                    with self._held.cursor() as cursor:
                        cursor.execute(statement, given)
                        found = cursor.fetchone() if cursor.description else None
                        return found[0] if found else None
                except psycopg.OperationalError:
                    self._close()
                    if is_last:
                        raise TryLater("The rate limit cannot be looked up.", after_seconds=2, sent=False) from None
        return None

    def close(self) -> None:
        """The next call opens it again."""
        with self._mutex:
            self._close()

    def _close(self) -> None:
        if self._held is not None:
            self._held.close()
        self._held = None


def _opened() -> psycopg.Connection[Any]:
    given = dict(connections["default"].get_connection_params())
    for name in ("cursor_factory", "context", "prepare_threshold"):
        given.pop(name, None)
    made = psycopg.connect(**given, autocommit=True)
    made.execute("SET synchronous_commit = off")
    return made


line = _Line()
atexit.register(line.close)
