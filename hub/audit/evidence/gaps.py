"""What a source may have forgotten before it was asked. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from cronsim import CronSim

EVERY_MINUTE = {"cron": "* * * * *"}


@dataclass(frozen=True)
class Gap:
    """Between these times something may have happened that nobody can collect any more."""

    since: datetime
    until: datetime
    why: str

    def as_json(self) -> dict[str, str]:
        return {"since": self.since.isoformat(), "until": self.until.isoformat(), "why": self.why}


def forgotten(
    since: datetime | None, now: datetime, *, kept_hours: float | None, wipes: Iterable[dict[str, Any]] | None
) -> Gap | None:
    """What was lost between two collections, if anything can have been.

    The source keeps everything for `kept_hours` and forgets older things only when it wipes. `wipes` are cron rules,
    or times at which it was made to wipe; None: nobody knows when it wipes, so that it may be at any time. Raises
    ValueError for a rule that is none.
    """
    if since is None or kept_hours is None:
        return None
    kept = timedelta(hours=kept_hours)
    rules = [EVERY_MINUTE] if wipes is None else list(wipes)
    last = max((each for rule in rules if (each := _last_before(rule, now)) is not None), default=None)
    if last is None or last <= since + kept:
        return None
    hours = f"{kept_hours:g} hours"
    when = "It is not known when it wipes." if wipes is None else f"It wiped at {last:%Y-%m-%d %H:%M} UTC."
    return Gap(since, last - kept, f"The source keeps what happened for {hours}, and was not asked in time. {when}")


def _last_before(rule: dict[str, Any], now: datetime) -> datetime | None:
    """The last time at which the rule fired. One with `at` fired then, and maybe by its cron as well."""
    if rule.get("at"):
        at = datetime.fromisoformat(str(rule["at"]))
        return at if at <= now else None
    zone = ZoneInfo(str(rule.get("zone") or "UTC"))
    try:
        fired: datetime = next(CronSim(str(rule["cron"]), now.astimezone(zone), reverse=True))
    except StopIteration:
        return None
    except Exception as wrong:
        raise ValueError(f'"{rule.get("cron")}" is no cron rule.') from wrong
    return fired.astimezone(now.tzinfo)
