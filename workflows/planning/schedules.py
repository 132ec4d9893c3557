"""When a schedule fires. Pure: given the same rule and times, the answer is always the same.

Clock changes follow Debian's cron, as `cronsim` implements it: a time of day that the spring change skips fires
at the moment of the change; a time that the autumn change repeats fires once; rules for every hour or every few
minutes keep to elapsed time.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from itertools import islice
from typing import Any
from zoneinfo import ZoneInfo

from cronsim import CronSim, CronSimError

from hub.sdk.sentence import Sentence
from workflows.planning.zones import is_zone

SHORTEST_INTERVAL_SECONDS = 5
CATCH_UP_LIMIT = 100


class ScheduleError(ValueError):
    """The rule cannot be used. `field` names the part of it at fault."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field
        self.message = message


class Missed(StrEnum):
    """What to do about fires that passed while nobody was looking (the hub was stopped, the workflow paused)."""

    SKIP = "skip"
    RUN_ONCE = "run_once"
    RUN_ALL = "run_all"


@dataclass(frozen=True)
class Rule:
    """A cron rule in a zone, or an interval counted from `anchor`."""

    cron: str = ""
    every_seconds: int = 0
    zone: str = "UTC"
    anchor: datetime = datetime(2026, 1, 1, tzinfo=UTC)
    missed: Missed = Missed.RUN_ONCE

    def fires(self, after: datetime) -> Iterator[datetime]:
        """The fires later than `after`, in UTC, in order, without end (or until the rule has no more)."""
        if self.every_seconds:
            step = timedelta(seconds=self.every_seconds)
            passed = (after - self.anchor) // step
            moment = self.anchor + (passed + 1) * step
            while True:
                yield moment
                moment += step
        last = after.astimezone(UTC)
        for moment in CronSim(self.cron, after.astimezone(ZoneInfo(self.zone))):
            fire = moment.astimezone(UTC)
            # Wall-clock arithmetic around a clock change may offer a moment that has passed.
            if fire > last:
                last = fire
                yield fire

    def next_fire(self, after: datetime) -> datetime | None:
        """The first fire later than `after`, or None when there is none within the next 50 years."""
        return next(self.fires(after), None)

    def preview(self, after: datetime, count: int = 10) -> list[datetime]:
        return list(islice(self.fires(after), count))


@dataclass(frozen=True)
class Due:
    """What a look at the clock found: the fires to start now, how many were passed over, and the next one."""

    start: list[datetime]
    passed_over: int
    next_at: datetime | None


def due(rule: Rule, next_at: datetime, now: datetime, *, grace_seconds: float = 60) -> Due:
    """Decide about every fire from `next_at` up to `now`.

    The newest fire always starts when it is at most `grace_seconds` old: a look at the clock that comes a little
    late has missed nothing. Older ones follow the rule's `missed`; RUN_ALL starts at most 100 of them, the newest.
    """
    if next_at > now:
        return Due([], 0, next_at)
    passed = [next_at]
    dropped = 0
    coming = None
    for moment in rule.fires(next_at):
        if moment > now:
            coming = moment
            break
        passed.append(moment)
        if len(passed) > CATCH_UP_LIMIT:
            del passed[0]
            dropped += 1
    newest_is_fresh = (now - passed[-1]).total_seconds() <= grace_seconds
    if rule.missed is Missed.RUN_ALL:
        start = passed
    elif rule.missed is Missed.RUN_ONCE or newest_is_fresh:
        start = passed[-1:]
    else:
        start = []
    return Due(start, dropped + len(passed) - len(start), coming)


def parse_rule(settings: dict[str, Any], *, anchor: datetime | None = None) -> Rule:
    """Make a rule from a trigger's settings. Raises ScheduleError, which names the field."""
    cron = str(settings.get("cron") or "").strip()
    every = settings.get("every_seconds") or 0
    if bool(cron) == bool(every):
        raise ScheduleError(
            "cron", Sentence("A schedule needs either a cron rule or an interval in seconds, not both.")
        )
    zone = settings.get("zone") or "UTC"
    if not is_zone(zone):
        raise ScheduleError(
            "zone", Sentence('"{zone}" is not a time zone. Use a name such as Europe/Berlin.', zone=zone)
        )
    if every and (not isinstance(every, int) or isinstance(every, bool) or every < SHORTEST_INTERVAL_SECONDS):
        raise ScheduleError(
            "every_seconds",
            Sentence("An interval is a whole number of seconds, at least {least}.", least=SHORTEST_INTERVAL_SECONDS),
        )
    if cron and len(cron.split()) != 5:
        raise ScheduleError(
            "cron", Sentence("A cron rule has five fields: minute, hour, day of month, month, day of week.")
        )
    if cron:
        try:
            CronSim(cron, datetime.now(UTC))
        except CronSimError as error:
            raise ScheduleError(
                "cron", Sentence('"{cron}" is not a cron rule: {error}.', cron=cron, error=error)
            ) from None
    try:
        missed = Missed(settings.get("missed") or Missed.RUN_ONCE)
    except ValueError:
        choices = ", ".join(Missed)
        raise ScheduleError(
            "missed", Sentence("Choose what happens to missed fires: {choices}.", choices=choices)
        ) from None
    made = Rule(cron=cron, every_seconds=int(every), zone=zone, missed=missed)
    if anchor is not None:
        made = Rule(
            cron=cron, every_seconds=int(every), zone=zone, missed=missed, anchor=anchor.replace(microsecond=0)
        )
    return made


def explain(rule: Rule) -> str:
    """The rule in plain words."""
    if rule.every_seconds:
        minutes, seconds = divmod(rule.every_seconds, 60)
        if seconds:
            return Sentence("Every {every_seconds} seconds", every_seconds=rule.every_seconds)
        return "Every minute" if minutes == 1 else Sentence("Every {n} minutes", n=minutes)
    words = CronSim(rule.cron, datetime.now(UTC)).explain()
    return f"{words} ({rule.zone})"
