"""Rule rows: who gets what, and because of which row. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

_KNOWN = 5000


@dataclass(frozen=True)
class Row:
    """All conditions must hold: each field has one of its values. Every matching row gives its groups."""

    number: int
    when: Mapping[str, Sequence[str]]
    groups: Sequence[str]

    def matches(self, person: Mapping[str, Any]) -> bool:
        return all(_has_one_of(value_of(person, name), values) for name, values in self.when.items())


@dataclass(frozen=True)
class Terms:
    """When a person counts: fields with the first and last day (ISO), and how long after leaving access stays."""

    start_field: str = ""
    end_field: str = ""
    grace_days: int = 0


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
    start, end = _day(person, terms.start_field), _day(person, terms.end_field)
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


def _day(person: Mapping[str, Any], name: str) -> date | None:
    text = value_of(person, name) if name else None
    try:
        return date.fromisoformat(str(text)[:10]) if text else None
    except ValueError:
        return None
