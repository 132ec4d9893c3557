"""How much of one kind may change before that kind, and nothing else, is held. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta

DOING = {"create": "additions", "update": "changes", "delete": "removals"}
WINDOWS = {"run": None, "24h": timedelta(hours=24), "7d": timedelta(days=7)}


@dataclass(frozen=True)
class Threshold:
    """At most so many changes of one operation: in a plan, or together with what was applied in a window before."""

    operation: str
    most: int
    per: str = "run"
    by_unit: bool = False
    """Whether each unit (department, place in the tree) is counted by itself."""
    resource: str = ""
    """Empty: any kind of object, each by itself."""


@dataclass(frozen=True)
class Count:
    """How many changes of one operation one target would have, in one unit."""

    target: int
    name: str
    operation: str
    unit: str
    count: int


@dataclass(frozen=True)
class Held:
    """A class of changes that is not applied: an operation of a target, in one unit or (None) in all."""

    target: int
    operation: str
    unit: str | None = None

    def covers(self, target: int, operation: str, unit: str) -> bool:
        return (self.target, self.operation) == (target, operation) and self.unit in {None, unit}


History = Callable[[str, str, timedelta], Mapping[str, int]]
"""How many changes of a resource and an operation were applied in a window before now, by unit."""


def no_history(resource: str, operation: str, window: timedelta) -> Mapping[str, int]:
    return {}


def exceeded(
    thresholds: Iterable[Threshold], counts: Iterable[Count], history: History = no_history
) -> Iterator[tuple[Held, str]]:
    """Every class that goes beyond a threshold, with the sentence that says so."""
    found = list(counts)
    for threshold in thresholds:
        for held, name, now in _classes(threshold, found):
            window = WINDOWS[threshold.per]
            applied = history(name, threshold.operation, window) if window else {}
            before = sum(applied.values()) if held.unit is None else applied.get(held.unit, 0)
            if now + before <= threshold.most:
                continue
            where = f" in {held.unit or 'no known unit'}" if held.unit is not None else ""
            since = f" and {before} in the last {threshold.per}" if window else ""
            said = f"{name}: {now} {DOING[threshold.operation]}{where} now{since}; the limit is {threshold.most}."
            yield held, said


def _classes(threshold: Threshold, counts: list[Count]) -> Iterator[tuple[Held, str, int]]:
    summed: dict[tuple[Held, str], int] = {}
    for each in counts:
        if each.operation == threshold.operation and threshold.resource in {"", each.name}:
            key = Held(each.target, each.operation, each.unit if threshold.by_unit else None), each.name
            summed[key] = summed.get(key, 0) + each.count
    for (held, name), count in summed.items():
        yield held, name, count
