"""Groups of a large list: for each a few numbers are kept, not its items."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

from django.conf import settings

from workflows.engine import lists
from workflows.engine.contents.json import dumps
from workflows.engine.contents.reading import TooLarge

_GROUP_BYTES = 400
Read = Callable[[Any, str], Any]


class _Given:
    """What is given of one group: one function over one value."""

    __slots__ = ("count", "function", "partials", "place", "values", "whole")

    def __init__(self, function: str, place: str) -> None:
        self.function, self.place = function, place
        self.count = 0
        self.values: list[Any] = []
        """All of them for list; else the one that counts."""
        self.whole = 0
        self.partials: list[float] = []

    def add(self, value: Any) -> int:
        """Returns how much more is held."""
        at, self.count = self.count, self.count + 1
        match self.function:
            case "count":
                return 0
            case "list":
                self.values.append(value)
                return len(dumps(value)) + 60
            case "first" | "last":
                if self.function == "last" or at == 0:
                    self.values = [value]
                return 0
            case "min" | "max":
                if value is not None and self.values:
                    lists.check_comparable(self.values[0], value, 0, at)
                    choose = min if self.function == "min" else max
                    self.values = [choose(self.values[0], value)]
                elif value is not None:
                    self.values = [value]
                return 0
        if not lists.is_number(value):
            raise ValueError(f"{self.function} needs numbers, and value {at} of a group is {lists.kind(value)}.")
        if isinstance(value, int):
            self.whole += value
        else:
            self._add_exactly(value)
        return 0

    def _add_exactly(self, value: float) -> None:
        """Parts that add up to the sum without rounding, as in math.fsum."""
        made = []
        for part in self.partials:
            large, small = (value, part) if abs(value) >= abs(part) else (part, value)
            total = large + small
            if error := small - (total - large):
                made.append(error)
            value = total
        self.partials = [*made, value]

    def give(self) -> Any:
        match self.function:
            case "count":
                return self.count
            case "list":
                return self.values
            case "first" | "last" | "min" | "max":
                return self.values[0] if self.values else None
        total: int | float = self.whole
        if self.partials:
            total = float(Fraction(self.whole) + sum(map(Fraction, self.partials)))
        if self.function == "sum":
            return total
        return total / self.count if self.count else None


class Groups:
    """The groups of one step, in the order in which their first items stand."""

    def __init__(self, about: dict[str, Any]) -> None:
        self._by = about.get("by")
        self._is_one = "by" not in about
        self._gives = about.get("give") or [{"name": "items", "of": "list"}]
        self._groups: dict[str, tuple[Any, list[_Given]]] = {}
        self._held = 0
        if self._is_one:
            self._groups[""] = None, self._new()

    def _new(self) -> list[_Given]:
        return [_Given(give["of"], f"settings/give/{number}/value") for number, give in enumerate(self._gives)]

    def add(self, item: Any, read: Read) -> None:
        key = None if self._is_one else read(self._by, "settings/by")
        same = "" if self._is_one else lists.identity(key)
        if same not in self._groups:
            self._groups[same] = key, self._new()
            self._held += _GROUP_BYTES + len(same)
        for give, held in zip(self._gives, self._groups[same][1], strict=True):
            self._held += held.add(read(give["value"], held.place) if "value" in give else item)
        if self._held > settings.STEP_MEMORY_MB * 1_000_000:
            raise TooLarge(self._held)

    def give(self) -> list[dict[str, Any]]:
        return [
            ({} if self._is_one else {"key": key})
            | {give["name"]: each.give() for give, each in zip(self._gives, held, strict=True)}
            for key, held in self._groups.values()
        ]
