"""Columns made ready: from a value to the rows whose cell it meets, as bits."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from math import inf
from typing import Any

from workflows.rules.cells import Cell, meets

_MOST_KEPT = 100_000


class ValueColumn:
    """What a value meets is worked out once; for numbers and dates once between two bounds."""

    def __init__(self, cells: Sequence[Cell]) -> None:
        self._cells = cells
        self._known: dict[Any, int] = {}
        bounds = {bound for cell in cells for bound in (cell.low, cell.high) if abs(bound) != inf}
        named = (value for cell in cells for value in cell.values | cell.without if isinstance(value, float))
        self._bounds = sorted(bounds.union(named))

    def met_by(self, value: Any) -> int:
        key = self._place(value) if isinstance(value, float) else value
        found = self._known.get(key)
        if found is None:
            found = sum(1 << number for number, cell in enumerate(self._cells) if meets(cell, value))
            if len(self._known) >= _MOST_KEPT:
                self._known.clear()
            self._known[key] = found
        return found

    def _place(self, value: float) -> tuple[int, bool]:
        at = bisect_left(self._bounds, value)
        return at, at < len(self._bounds) and self._bounds[at] == value


class GroupColumn:
    """People differ in the sets of their groups, so each group's rows are kept, not each set's."""

    def __init__(self, cells: Sequence[Cell]) -> None:
        self._cells = cells
        self._of_any: dict[Any, int] = {}
        self._without: dict[Any, int] = {}
        self._asking_none = 0
        """Rows that ask for no particular group."""
        self._one_by_one = 0
        for number, cell in enumerate(cells):
            bit = 1 << number
            if cell.every or cell.is_empty is not None:
                self._one_by_one |= bit
            elif not cell.values:
                self._asking_none |= bit
            for group in cell.values:
                self._of_any[group] = self._of_any.get(group, 0) | bit
            for group in cell.without:
                self._without[group] = self._without.get(group, 0) | bit

    def met_by(self, groups: frozenset[str]) -> int:
        found, refused = self._asking_none, 0
        for group in groups:
            found |= self._of_any.get(group, 0)
            refused |= self._without.get(group, 0)
        found &= ~(refused | self._one_by_one)
        left = self._one_by_one
        while left:
            lowest = left & -left
            left ^= lowest
            if meets(self._cells[lowest.bit_length() - 1], groups):
                found |= lowest
        return found
