"""What is wrong with a table as a whole: rows that are never reached, values without a row, rows that overlap."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from hub.sdk.sentence import Sentence
from workflows.rules.cells import ANY, atoms, meets
from workflows.rules.table import Table

MOST_LOOKS = 50_000
MOST_ROWS_LOOKED_AT = 2_000
"""Of more, the pairs alone would keep whoever is typing waiting."""
MOST_OF_A_KIND = 20


@dataclass(frozen=True)
class Finding:
    """`code` is unreachable, gap, overlap or not-checked; `rows` are numbers as people count them."""

    code: str
    message: str
    rows: tuple[int, ...] = ()


def analyse(table: Table) -> list[Finding]:
    """Every unreachable row, and up to twenty gaps and overlaps. Says so when the table is too large for it."""
    if len(table.rows) > MOST_ROWS_LOOKED_AT:
        said = Sentence(
            "The table has more than {most} rows, and was not looked through as a whole.", most=MOST_ROWS_LOOKED_AT
        )
        return [Finding("not-checked", said)]
    search = _Search(table)
    search.look((1 << len(table.rows)) - 1, 0, ())
    found: list[Finding] = []
    if search.is_complete and not table.takes_all and not _is_uncertain(table):
        hidden = [row.number for row in table.rows if not search.reached >> (row.number - 1) & 1]
        found += [
            Finding(
                "unreachable",
                Sentence("Row {number} is never reached: rows above it match first.", number=number),
                (number,),
            )
            for number in hidden
        ]
    if table.default is None:
        found += [Finding("gap", Sentence("No row covers {gap}.", gap=_spoken(gap))) for gap in search.gaps]
    found += islice(_overlaps(table, search.masks), MOST_OF_A_KIND)
    if not search.is_complete:
        found.append(Finding("not-checked", "The table is too large to be looked through for gaps to the end."))
    return found


def _is_uncertain(table: Table) -> bool:
    """Whether memberships are excluded: then not every combination of groups that matters was looked at."""
    at = [number for number, column in enumerate(table.columns) if column.kind == "group"]
    return any(row.cells[number].without for row in table.rows for number in at)


def _spoken(gap: tuple[tuple[str, str], ...]) -> str:
    said = [f"{name}: {value}" for name, value in gap]
    return "; ".join(said) if said else "anything"


class _Search:
    """Goes through the atoms column by column, with the rows that are still possible as bits."""

    def __init__(self, table: Table) -> None:
        self.table = table
        self.atoms = [
            atoms(column.kind, (row.cells[at] for row in table.rows)) for at, column in enumerate(table.columns)
        ]
        self.masks = [
            [
                sum(1 << number for number, row in enumerate(table.rows) if meets(row.cells[at], value))
                for value, _ in self.atoms[at]
            ]
            for at in range(len(table.columns))
        ]
        self.asks_nothing_from = [
            sum(1 << number for number, row in enumerate(table.rows) if all(cell == ANY for cell in row.cells[at:]))
            for at in range(len(table.columns) + 1)
        ]
        self.reached = 0
        self.gaps: list[tuple[tuple[str, str], ...]] = []
        self.looks = 0
        self._seen: set[tuple[int, int]] = set()

    @property
    def is_complete(self) -> bool:
        return self.looks <= MOST_LOOKS

    def look(self, left: int, at: int, so_far: tuple[tuple[str, str], ...]) -> None:
        if not left:
            if len(self.gaps) < MOST_OF_A_KIND:
                self.gaps.append(so_far)
            return
        first = left & -left
        if first & self.asks_nothing_from[at]:
            self.reached |= first
            return
        if (left, at) in self._seen or not self.is_complete:
            return
        self._seen.add((left, at))
        name = self.table.columns[at].name
        done: set[int] = set()
        for (_, words), mask in zip(self.atoms[at], self.masks[at], strict=True):
            self.looks += 1
            if not left & mask or left & mask not in done:
                done.add(left & mask)
                said = () if mask == (1 << len(self.table.rows)) - 1 else ((name, words),)
                self.look(left & mask, at + 1, so_far + said)


def _overlaps(table: Table, masks: list[list[int]]) -> Iterator[Finding]:
    """Pairs of rows that one record can meet and that give different things."""
    by_row = [
        [sum(1 << number for number, mask in enumerate(column) if mask >> at & 1) for column in masks]
        for at in range(len(table.rows))
    ]
    for at, row in enumerate(table.rows):
        for before in table.rows[:at]:
            mine, other = by_row[at], by_row[before.number - 1]
            if row.give != before.give and all(a & b for a, b in zip(mine, other, strict=True)):
                what = (
                    Sentence("both count") if table.takes_all else Sentence("row {number} wins", number=before.number)
                )
                yield Finding(
                    "overlap",
                    Sentence(
                        "Rows {first} and {second} can match the same record; {what}.",
                        first=before.number,
                        second=row.number,
                        what=what,
                    ),
                    (before.number, row.number),
                )
