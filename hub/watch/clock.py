"""What time it is by the database's clock, which is one for all machines of a hub.

What is due, until when a right lasts and when a schedule fires must not depend on whose clock looks at it. Every
process asks the database with each heartbeat, and counts on from there by a clock that nobody sets.
"""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta

import structlog
from django.db import connection
from django.utils import timezone

log = structlog.get_logger(__name__)
MOST_SECONDS = 1.0
"""A machine's own clock that differs by less is believed: it moves on more evenly than answers arrive."""
_STEADY = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)
"""It counts also while the machine is suspended, where there is such a clock."""

_found: tuple[datetime, float] | None = None
"""What the database said, and what the steady clock showed then."""
_is_told = False


def now() -> datetime:
    own = timezone.now()
    if _found is None:
        return own
    said, at = _found
    counted = said + timedelta(seconds=_steady() - at)
    return own if abs((own - counted).total_seconds()) < MOST_SECONDS else counted


def look() -> None:
    """Ask the database. Raises DatabaseError."""
    global _found, _is_told
    began = _steady()
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        said: datetime = cursor.fetchone()[0]
    ended = _steady()
    if ended - began > MOST_SECONDS and _found is not None:
        return  # It took so long that nobody knows when in between that was.
    _found = said.astimezone(UTC), (began + ended) / 2
    ahead = (timezone.now() - now()).total_seconds()
    if abs(ahead) >= MOST_SECONDS and not _is_told:
        log.warning("clock.differs", ahead_seconds=round(ahead, 1))
    _is_told = abs(ahead) >= MOST_SECONDS


def _steady() -> float:
    return time.clock_gettime(_STEADY)
