"""Rule rows: who gets what, and because of which row. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from functools import lru_cache
from typing import Any

_KNOWN = 5000
_TIME = r"(?:[T ].*|[0-9]{2,6}(?:[.,][0-9]+)?(?:Z|[+-][0-9]{2,4}))?"
_DAY = re.compile(r"([0-9]{4})-?([0-9]{2})-?([0-9]{2})" + _TIME, re.DOTALL)
_COUNTED = re.compile(r"[0-9]{17,19}")
_NEVER = ("0", "9223372036854775807")
"""How Active Directory says that an account does not expire."""
_NO_DAY: tuple[Any, ...] = (None, "", [], (), *_NEVER, *([each] for each in _NEVER), *map(int, _NEVER))


@dataclass(frozen=True)
class Row:
    """All conditions must hold: each field has one of its values. Every matching row gives its groups."""

    number: int
    when: Mapping[str, Sequence[str]]
    groups: Sequence[str]

    def matches(self, person: Mapping[str, Any]) -> bool:
        return all(_has_one_of(value_of(person, name), values) for name, values in self.when.items())


class Unreadable(StrEnum):
    """What a first or last day that cannot be read means."""

    NO_ACCESS = "no-access"
    IGNORE = "ignore"
    REFUSE = "refuse"


@dataclass(frozen=True)
class Terms:
    """When a person counts: fields with the first and last day, and how long after leaving access stays."""

    start_field: str = ""
    end_field: str = ""
    grace_days: int = 0
    unreadable: Unreadable = Unreadable.NO_ACCESS


def value_of(person: Mapping[str, Any], name: str) -> Any:
    """A field of a person; further attributes are found by their alias."""
    return person[name] if name in person else person.get("attributes", {}).get(name)


def rules_of(rules: Sequence[Mapping[str, Any]]) -> Rules:
    """Rule rows of a template's parameters; a single value stands for a list of one."""
    return Rules(
        [
            Row(
                number,
                {
                    name: [values] if isinstance(values, str) else list(values)
                    for name, values in rule["when"].items()
                },
                list(rule["groups"]),
            )
            for number, rule in enumerate(rules, 1)
        ]
    )


def standing(person: Mapping[str, Any], terms: Terms, *, today: date, left_on: date | None) -> tuple[bool, str]:
    """Whether a person has a right to anything today, and why (not). `left_on` is when they were first seen disabled.

    Nothing runs on a timer: a rehired person simply counts again.
    """
    if terms.unreadable is not Unreadable.IGNORE and (wrong := unreadable_days(person, terms)):
        return False, f"{wrong[0]} cannot be read."
    start, end = day_of(person, terms.start_field), day_of(person, terms.end_field)
    if start and start > today:
        return False, f"Starts on {start}."
    if end and end + timedelta(days=terms.grace_days) < today:
        return False, f"The contract ended on {end}."
    if person.get("disabled"):
        since = left_on or today
        if since + timedelta(days=terms.grace_days) > today:
            return True, f"Disabled since {since}; access stays for {terms.grace_days} days."
        return False, "The account is disabled."
    return True, ""


class Rules:
    """Rule rows, asked about one person after another. Who is alike in what the rows look at shares an answer."""

    def __init__(self, rows: Sequence[Row]) -> None:
        self.rows = rows
        self._looked_at = sorted({name for row in rows for name in row.when})
        self._known = lru_cache(_KNOWN)(self._granted)

    def grants(self, person: Mapping[str, Any]) -> tuple[tuple[str, Row], ...]:
        """Each group a person should be in, once, with the first row that says so."""
        held = (value_of(person, name) for name in self._looked_at)
        return self._known(tuple(tuple(each) if isinstance(each, list) else each for each in held))

    def _granted(self, held: tuple[Any, ...]) -> tuple[tuple[str, Row], ...]:
        alike = dict(zip(self._looked_at, held, strict=True))
        given: dict[str, Row] = {}
        for row in self.rows:
            if row.matches(alike):
                for group in row.groups:
                    given.setdefault(group, row)
        return tuple(given.items())


def _has_one_of(held: Any, values: Sequence[str]) -> bool:
    """A field with several values matches by any of them."""
    return any(each in values for each in held) if isinstance(held, list | tuple) else held in values


def unreadable_days(person: Mapping[str, Any], terms: Terms) -> list[str]:
    """The days of a person that are no days, as 'The last day "soon" (ends)'."""
    days = (("first", terms.start_field), ("last", terms.end_field))
    given = [(which, name, value_of(person, name)) for which, name in days if name]
    return [
        f'The {which} day "{str(value)[:40]}" ({name})'
        for which, name, value in given
        if value not in _NO_DAY and day_of(person, name) is None
    ]


def day_of(person: Mapping[str, Any], name: str) -> date | None:
    """The day in a field: ISO (2026-12-31, with or without a time), as LDAP writes times (20261231230000Z), or as
    Active Directory counts them (steps of 100 ns since 1601: the last day is the one before that moment)."""
    value = value_of(person, name) if name else None
    if isinstance(value, list | tuple) and len(value) == 1:
        value = value[0]
    text = str(value).strip() if value not in _NO_DAY else ""
    if _COUNTED.fullmatch(text):
        return _counted_day(int(text))
    found = _DAY.fullmatch(text)
    try:
        return date(*map(int, found.groups())) if found else None
    except ValueError:
        return None


def _counted_day(steps: int) -> date | None:
    try:
        return (datetime(1601, 1, 1, tzinfo=UTC) + timedelta(microseconds=steps // 10 - 1)).date()
    except OverflowError:
        return None
