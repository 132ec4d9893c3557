"""Rule rows: who gets what, and because of which row. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any


@dataclass(frozen=True)
class Row:
    """All conditions must hold: each field has one of its values. Every matching row gives its groups."""

    number: int
    when: Mapping[str, Sequence[str]]
    groups: Sequence[str]

    def matches(self, person: Mapping[str, Any]) -> bool:
        return all(value_of(person, name) in values for name, values in self.when.items())


@dataclass(frozen=True)
class Terms:
    """When a person counts: fields with the first and last day (ISO), and how long after leaving access stays."""

    start_field: str = ""
    end_field: str = ""
    grace_days: int = 0


def value_of(person: Mapping[str, Any], name: str) -> Any:
    """A field of a person; further attributes are found by their alias."""
    return person[name] if name in person else person.get("attributes", {}).get(name)


def rows_of(rules: Sequence[Mapping[str, Any]]) -> list[Row]:
    """Rule rows of a template's parameters; a single value stands for a list of one."""
    return [
        Row(
            number,
            {name: [values] if isinstance(values, str) else list(values) for name, values in rule["when"].items()},
            list(rule["groups"]),
        )
        for number, rule in enumerate(rules, 1)
    ]


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


def grants(person: Mapping[str, Any], rows: Sequence[Row]) -> Iterator[tuple[str, Row]]:
    """Each group a person should be in, once, with the first row that says so."""
    given: set[str] = set()
    for row in rows:
        if row.matches(person):
            for group in row.groups:
                if group not in given:
                    given.add(group)
                    yield group, row


def _day(person: Mapping[str, Any], name: str) -> date | None:
    text = value_of(person, name) if name else None
    try:
        return date.fromisoformat(str(text)[:10]) if text else None
    except ValueError:
        return None
