"""Deadlines: a time, some hours, or business days of a calendar with holidays. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

import holidays
from dateutil.parser import isoparse

from workflows.planning.zones import is_zone

MOST_HOURS = 24 * 366 * 5
MOST_DAYS = 500
_WAYS = ("until", "hours", "business_days")


class DeadlineError(ValueError):
    """The rule cannot be used. `field` names the part of it at fault."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field
        self.message = message


@dataclass(frozen=True)
class Calendar:
    """Which days are business days: not the weekend, not a public holiday of the country, not closed."""

    zone: str = "UTC"
    country: str = ""
    region: str = ""
    closed: frozenset[date] = frozenset()
    weekend: frozenset[int] = frozenset({5, 6})
    """0 is Monday."""

    def is_business_day(self, day: date) -> bool:
        if day.weekday() in self.weekend or day in self.closed:
            return False
        return not (self.country and day in _holidays(self.country, self.region, day.year))

    def after(self, moment: datetime, days: int) -> datetime:
        """The end of the n-th business day after the day of that moment, in the calendar's zone."""
        zone = ZoneInfo(self.zone)
        day = moment.astimezone(zone).date()
        for _ in range(days):
            day += timedelta(days=1)
            while not self.is_business_day(day):
                day += timedelta(days=1)
        return datetime.combine(day + timedelta(days=1), time(), zone).astimezone(UTC)


@lru_cache(maxsize=256)
def _holidays(country: str, region: str, year: int) -> frozenset[date]:
    return frozenset(holidays.country_holidays(country, subdiv=region or None, years=year))


def deadline(rule: Mapping[str, Any], asked_at: datetime) -> datetime:
    """When somebody who was asked then is late. Raises DeadlineError."""
    given = [name for name in _WAYS if name in rule]
    if len(given) != 1:
        raise DeadlineError("", "A deadline is one of until, hours and business_days.")
    if "until" in rule:
        try:
            moment: datetime = isoparse(str(rule["until"]))
        except ValueError:
            raise DeadlineError("until", f'"{rule["until"]}" is not a time such as 2026-03-01T09:00:00Z.') from None
        return moment if moment.tzinfo else moment.replace(tzinfo=ZoneInfo(calendar_of(rule).zone))
    if "hours" in rule:
        return asked_at + timedelta(hours=_number(rule, "hours", MOST_HOURS))
    return calendar_of(rule).after(asked_at, int(_number(rule, "business_days", MOST_DAYS)))


def calendar_of(rule: Mapping[str, Any]) -> Calendar:
    """The calendar of a rule: {"zone", "country", "region", "closed", "weekend"}. Raises DeadlineError."""
    zone, country, region = (str(rule.get(name) or "") for name in ("zone", "country", "region"))
    zone = zone or "UTC"
    if not is_zone(zone):
        raise DeadlineError("zone", f'"{zone}" is not a time zone such as Europe/Berlin.')
    offered = holidays.list_supported_countries()
    if country and country not in offered:
        raise DeadlineError("country", f'"{country}" is not a country whose holidays are known, such as DE.')
    if region and region not in offered.get(country, []):
        raise DeadlineError(
            "region", f'"{region}" is not a region of {country or "no country"} with holidays of its own.'
        )
    try:
        closed = frozenset(date.fromisoformat(str(day)) for day in rule.get("closed") or [])
    except ValueError:
        raise DeadlineError("closed", "Closed days are dates such as 2026-12-24.") from None
    weekend = rule.get("weekend", [5, 6])
    if not isinstance(weekend, list) or not all(day in range(7) for day in weekend) or len(set(weekend)) > 6:
        raise DeadlineError("weekend", "The weekend is a list of days from 0 (Monday) to 6, not all of them.")
    return Calendar(zone, country, region, closed, frozenset(weekend))


def _number(rule: Mapping[str, Any], name: str, most: int) -> float:
    value = rule[name]
    least = 1 if name == "business_days" else 0
    whole = isinstance(value, int) or name == "hours"
    if isinstance(value, bool) or not isinstance(value, int | float) or not whole or not least <= value <= most:
        kind = "a whole number of days" if name == "business_days" else "a number of hours"
        raise DeadlineError(name, f"{name} is {kind} from {least} to {most}.")
    return value
