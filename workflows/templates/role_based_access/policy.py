"""What a rule table of groups and people asks for: which group has which role where, and who is in it. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product
from typing import Any

from workflows.reconcile.people import IN_GROUP, named
from workflows.reconcile.rules import value_of
from workflows.rules import Row, Rules, Table, parse


@dataclass(frozen=True, order=True)
class Grant:
    """A role in a domain."""

    domain: str
    role: str


class AccessGroups:
    """Names of the groups whose members the rules on people decide."""

    def __init__(self, pattern: str, domains: Sequence[str]) -> None:
        self._pattern = pattern
        known = "|".join(map(re.escape, domains))
        places = {"{domain}": f"(?:{known})", "{role}": ".+"}
        parts = re.split(r"(\{domain\}|\{role\})", pattern)
        self._ours = re.compile("".join(places.get(part) or re.escape(part) for part in parts))
        self.prefix = parts[0]

    def name(self, grant: Grant) -> str:
        return self._pattern.replace("{domain}", grant.domain).replace("{role}", grant.role)

    def is_ours(self, name: str) -> bool:
        """Whether a group of this name belongs to one of the managed domains."""
        return self._ours.fullmatch(name) is not None


class Policy:
    """A table, taken apart into rules on groups, which Exstream knows by itself, and rules on people."""

    def __init__(self, table: Table) -> None:
        self._table = table
        at = _group_column(table)
        self.of_groups = [row for row in table.rows if _asks_groups_only(row, at)]
        self.of_people = [row for row in table.rows if not _asks_groups_only(row, at)]
        self._at = at
        self._rules = Rules(replace(table, rows=tuple(self.of_people), takes_all=True))

    @property
    def asked_groups(self) -> set[str]:
        """Every group that a rule names."""
        return groups_asked_by(self._table)

    def group_grants(self) -> Iterator[tuple[str, Grant, Row]]:
        """Which group gets which role at once, and by which row."""
        for row in self.of_groups:
            for group, grant in product(sorted(self._groups_of(row)), grants_of(row.give)):
                yield group, grant, row

    def kept_in_step(self) -> dict[Grant, list[int]]:
        """The roles that need an access group, with the numbers of their rows."""
        made: dict[Grant, list[int]] = {}
        for row in self.of_people:
            for grant in grants_of(row.give):
                made.setdefault(grant, []).append(row.number)
        return made

    def grants(self, person: Mapping[str, Any]) -> Iterator[tuple[Grant, Row]]:
        """What the rules on people give somebody: each role once, by the first row that does.

        Raises ValueError when a value is of another kind than its column.
        """
        given: dict[Grant, Row] = {}
        for row in self._rules.matching(self.record(person)):
            for grant in grants_of(row.give):
                given.setdefault(grant, row)
        yield from given.items()

    def record(self, person: Mapping[str, Any]) -> dict[str, Any]:
        """What the table looks at. Raises ValueError for several values where one is compared."""
        made = {column.name: value_of(person, column.name) for column in self._table.columns}
        for column in self._table.columns:
            held = made[column.name]
            if column.kind != "group" and isinstance(held, list | tuple):
                raise ValueError(f'"{column.name}" has several values. Make its column one of the kind group.')
        return made

    def compared(self, row: Row, person: Mapping[str, Any]) -> dict[str, Any]:
        """The values that a row looked at, for a cause."""
        asked = zip(self._table.columns, row.cells, strict=True)
        return {column.name: value_of(person, column.name) for column, cell in asked if not cell.is_any}

    def _groups_of(self, row: Row) -> frozenset[str]:
        return row.cells[self._at].values if self._at is not None else frozenset()


def grants_of(give: Mapping[str, Any]) -> list[Grant]:
    """A row gives its roles in each of its domains."""
    return [Grant(*each) for each in product(named(give["domain"]), named(give["role"]))]


def groups_asked_by(table: Table) -> set[str]:
    """Every group that a rule names."""
    at = _group_column(table)
    cells = [row.cells[at] for row in table.rows] if at is not None else []
    return {group for cell in cells for group in cell.values | cell.every | cell.without}


def policy_of(table: Mapping[str, Any], whole: Callable[[str], str]) -> Policy:
    """Of a table's JSON that was checked; its groups are called by their ids."""
    rows = [
        row | {"when": row["when"] | {IN_GROUP: _with_ids(row["when"][IN_GROUP], whole)}}
        if row.get("when", {}).get(IN_GROUP)
        else row
        for row in table["rows"]
    ]
    return Policy(parse({**table, "rows": rows}))


def _with_ids(cell: Any, whole: Callable[[str], str]) -> Any:
    if isinstance(cell, Mapping):
        return {name: _with_ids(held, whole) if name in ("all", "not") else held for name, held in cell.items()}
    return [whole(each) for each in named(cell)]


def _group_column(table: Table) -> int | None:
    return next((number for number, column in enumerate(table.columns) if column.name == IN_GROUP), None)


def _asks_groups_only(row: Row, at: int | None) -> bool:
    """Whether the row is met by being in one of some groups, and by nothing else."""
    if at is None or not row.cells[at].values:
        return False
    cell = row.cells[at]
    others = all(each.is_any for number, each in enumerate(row.cells) if number != at)
    return others and not (cell.every or cell.without)
