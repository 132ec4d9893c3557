"""When a workflow is not well: what each kind of rule looks at, and what it says. Plain Python."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from math import ceil

USUAL_TIMES = 3.0
"""A run takes longer than usual when it takes three times as long as nearly all before it."""
USUAL_AT_LEAST = timedelta(minutes=1)
FEWEST_BEFORE = 5
"""From fewer runs nothing is said about what is usual."""


class AlertKind(StrEnum):
    FAILURES = "failures"
    LATE = "late"
    LONG = "long"
    SILENT = "silent"


@dataclass(frozen=True)
class Limits:
    """What a rule allows. None of `seconds`, for a run that takes long: what is usual."""

    count: int = 1
    seconds: int | None = None


@dataclass(frozen=True)
class Seen:
    """What is known of a workflow just now."""

    now: datetime
    watched_since: datetime
    is_active: bool = True
    ended: Sequence[str] = ()
    """How its last runs ended, the newest first; cancelled ones say nothing."""
    due_at: datetime | None = None
    """Of its schedules and event sources: when the one was due that is latest, or None when none is due."""
    broken: str = ""
    """Why one of them cannot start anything."""
    oldest_open: datetime | None = None
    """When the oldest run began that has not ended."""
    took: Sequence[timedelta] = field(default_factory=tuple)
    """How long the last runs took that succeeded."""
    last_run: datetime | None = None


def trouble(kind: AlertKind, limits: Limits, seen: Seen) -> str:
    """What is wrong, in a sentence; nothing when all is well."""
    match kind:
        case AlertKind.FAILURES:
            return _failures(limits, seen)
        case AlertKind.LATE:
            return _late(limits, seen) if seen.is_active else ""
        case AlertKind.LONG:
            return _long(limits, seen)
        case AlertKind.SILENT:
            return _silent(limits, seen) if seen.is_active else ""


def _failures(limits: Limits, seen: Seen) -> str:
    last = list(seen.ended[: limits.count])
    if len(last) < limits.count or any(state != "failed" for state in last):
        return ""
    return "Its last run failed." if limits.count == 1 else f"Its last {limits.count} runs failed."


def _late(limits: Limits, seen: Seen) -> str:
    if seen.broken:
        return f"One of its triggers cannot start anything: {seen.broken}"
    if seen.due_at is None or seen.now - seen.due_at <= timedelta(seconds=limits.seconds or 0):
        return ""
    return f"It should have been started at {_said(seen.due_at)}, and was not."


def _long(limits: Limits, seen: Seen) -> str:
    if seen.oldest_open is None:
        return ""
    allowed = timedelta(seconds=limits.seconds) if limits.seconds else usual(seen.took)
    if allowed is None or seen.now - seen.oldest_open <= allowed:
        return ""
    why = "" if limits.seconds else ", longer than usual"
    return f"A run has been going since {_said(seen.oldest_open)}{why}: more than {in_words(allowed)}."


def _silent(limits: Limits, seen: Seen) -> str:
    since = max(seen.last_run or seen.watched_since, seen.watched_since)
    allowed = timedelta(seconds=limits.seconds or 0)
    if seen.now - since <= allowed:
        return ""
    last = f" The last run was made at {_said(seen.last_run)}." if seen.last_run else " It has never run."
    return f"It has not run for more than {in_words(allowed)}.{last}"


def usual(took: Sequence[timedelta]) -> timedelta | None:
    """Longer than this is longer than usual; None when there were too few to say."""
    if len(took) < FEWEST_BEFORE:
        return None
    nearly_all = sorted(took)[ceil(len(took) * 0.95) - 1]
    return max(nearly_all * USUAL_TIMES, USUAL_AT_LEAST)


def in_words(span: timedelta) -> str:
    seconds = round(span.total_seconds())
    for size, name in ((86400, "days"), (3600, "hours"), (60, "minutes")):
        if seconds >= 2 * size:
            return f"{seconds // size} {name}" if seconds % size == 0 else f"{seconds / size:.1f} {name}"
    return f"{seconds} seconds"


def _said(moment: datetime | None) -> str:
    return f"{moment:%Y-%m-%d %H:%M} UTC" if moment else "an unknown time"
