"""When a message may go out: not in quiet hours, and collected until a time of day when a digest is asked for."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

SATURDAY = 5


class QuietError(ValueError):
    """Quiet hours or a digest that mean nothing. `field` names the part at fault."""

    def __init__(self, message: str, field: str) -> None:
        super().__init__(message)
        self.message, self.field = message, field


def due(
    now: datetime, *, quiet: Mapping[str, Any] | None = None, digest: Mapping[str, Any] | None = None
) -> datetime:
    """The first moment, from now on, at which a message may go out. Raises QuietError.

    `digest` is {"at": "07:30", "zone"}, `quiet` {"from": "20:00", "to": "07:00", "zone", "weekends"}.
    Quiet hours that a change of the clock lengthens or shortens end when the clock says so.
    """
    at = now
    if digest:
        at = _next(at, _time(digest.get("at"), "digest/at"), _zone(digest, "digest"))
    if quiet:
        at = _after_quiet(at, quiet)
    return at


def _after_quiet(at: datetime, quiet: Mapping[str, Any]) -> datetime:
    zone = _zone(quiet, "quiet")
    begins, ends = _time(quiet.get("from"), "quiet/from"), _time(quiet.get("to"), "quiet/to")
    while True:
        local = at.astimezone(zone)
        if quiet.get("weekends") and local.weekday() >= SATURDAY:
            monday = (local + timedelta(days=7 - local.weekday())).date()
            at = datetime.combine(monday, time.min, zone).astimezone(UTC)
        elif _is_within(local.time(), begins, ends):
            at = _next(at, ends, zone)
        else:
            return at


def _is_within(moment: time, begins: time, ends: time) -> bool:
    """Over midnight, when the end is the earlier of the two; never, when both are the same."""
    if begins <= ends:
        return begins <= moment < ends
    return moment >= begins or moment < ends


def _next(after: datetime, clock: time, zone: ZoneInfo) -> datetime:
    """The next time that the clock says so. A time that a change of the clock skips counts as the moment after it."""
    day = after.astimezone(zone).date()
    while True:
        found = datetime.combine(day, clock, zone).astimezone(UTC)
        if found > after:
            return found
        day += timedelta(days=1)


def _time(text: Any, field: str) -> time:
    try:
        return time.fromisoformat(str(text)).replace(tzinfo=None)
    except ValueError:
        raise QuietError(f'"{text}" is not a time of day. Write one such as 07:30.', field) from None


def _zone(given: Mapping[str, Any], field: str) -> ZoneInfo:
    name = str(given.get("zone") or "UTC")
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise QuietError(
            f'There is no time zone "{name}". Write one such as Europe/Berlin.', f"{field}/zone"
        ) from None
