"""Which rows a record meets. Made for many records: one set operation for each column of a record."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from workflows.rules.cells import CellError, meets, value_of
from workflows.rules.columns import GroupColumn, ValueColumn
from workflows.rules.table import Row, Table


@dataclass(frozen=True)
class Decision:
    """The rows that count (one at most when the first match counts), and what they give.

    With several rows `give` holds a list for each name, each value once, in the order of the rows. `is_default` says
    that no row matched.
    """

    rows: tuple[int, ...]
    give: dict[str, Any]
    is_default: bool = False


class NoRow(ValueError):
    """No row matches, and the table has no default."""


class Rules:
    """A table made ready."""

    def __init__(self, table: Table) -> None:
        self.table = table
        self._everything = (1 << len(table.rows)) - 1
        self._columns = [
            (GroupColumn if column.kind == "group" else ValueColumn)([row.cells[at] for row in table.rows])
            for at, column in enumerate(table.columns)
        ]

    def decide(self, record: Mapping[str, Any]) -> Decision:
        """Raises NoRow, or ValueError when a value is of another kind than its column."""
        found = tuple(self.matching(record))
        if found:
            if not self.table.takes_all:
                return Decision((found[0].number,), dict(found[0].give))
            return Decision(tuple(row.number for row in found), _together(found))
        if self.table.default is None:
            values = ", ".join(f"{column.name} = {record.get(column.name)!r}" for column in self.table.columns)
            raise NoRow(f"No row matches {values}, and the table has no default.")
        return Decision((), dict(self.table.default), is_default=True)

    def matching(self, record: Mapping[str, Any]) -> Iterator[Row]:
        """Every row that the record meets, in order; the first only when the first match counts."""
        left = self._everything
        for column, ready in zip(self.table.columns, self._columns, strict=True):
            left &= ready.met_by(_value(column.name, column.kind, record.get(column.name)))
            if not left:
                return
        while left:
            lowest = left & -left
            yield self.table.rows[lowest.bit_length() - 1]
            if not self.table.takes_all:
                return
            left ^= lowest

    def explain(self, record: Mapping[str, Any]) -> list[dict[str, Any]]:
        """For each row whether it is met, and if not, the first column that says no, with both values."""
        lines: list[dict[str, Any]] = []
        for row in self.table.rows:
            line: dict[str, Any] = {"row": row.number, "met": True}
            for column, cell in zip(self.table.columns, row.cells, strict=True):
                if not meets(cell, _value(column.name, column.kind, record.get(column.name))):
                    held = record.get(column.name)
                    line = {"row": row.number, "met": False, "column": column.name, "asks": cell.spoken, "has": held}
                    break
            lines.append(line)
        return lines


def _value(name: str, kind: str, held: Any) -> Any:
    if kind == "group":
        some = [] if held is None else held if isinstance(held, list | tuple | set | frozenset) else [held]
        return frozenset(str(each) for each in some)
    if held is None or held == "":
        return None
    if kind == "text" and not isinstance(held, str):
        held = str(held).lower() if isinstance(held, bool) else str(held)
    try:
        return value_of(kind, held)
    except CellError:
        raise ValueError(f'"{name}" is {held!r}, but its column compares values of the kind {kind}.') from None


def _together(rows: tuple[Row, ...]) -> dict[str, Any]:
    made: dict[str, list[Any]] = {}
    for row in rows:
        for name, value in row.give.items():
            held = made.setdefault(name, [])
            held += [each for each in (value if isinstance(value, list) else [value]) if each not in held]
    return dict(made)
