"""The rule table: its JSON, and every mistake in it with its place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from hub.sdk.sentence import Sentence
from workflows.rules.cells import KINDS, Cell, CellError, read

MOST_ROWS = 10_000
SCHEMA: dict[str, Any] = {
    "type": "object",
    "title": "Rule table",
    "additionalProperties": False,
    "required": ["columns", "rows"],
    "properties": {
        "match": {"enum": ["first", "all"], "default": "first", "title": "Which rows count"},
        "columns": {
            "type": "array",
            "minItems": 1,
            "maxItems": 50,
            "items": {
                "type": "object",
                "additionalProperties": False,
                "required": ["name"],
                "properties": {
                    "name": {"type": "string", "minLength": 1, "maxLength": 100},
                    "kind": {"enum": list(KINDS), "default": "text"},
                },
            },
        },
        "rows": {
            "type": "array",
            "maxItems": MOST_ROWS,
            "items": {
                "type": "object",
                "additionalProperties": False,
                "required": ["give"],
                "properties": {
                    "when": {"type": "object", "description": "A condition for each column; left out: anything."},
                    "give": {"type": "object"},
                    "note": {"type": "string", "maxLength": 1000},
                },
            },
        },
        "default": {"type": ["object", "null"], "description": "What is given when no row matches."},
    },
}


class TableError(ValueError):
    """The table cannot be used. `problems` are pairs of a place ("rows/3/when/age") and a sentence."""

    def __init__(self, problems: Sequence[tuple[str, str]]) -> None:
        super().__init__(" ".join(sentence for _, sentence in problems[:3]))
        self.problems = list(problems)


@dataclass(frozen=True)
class Column:
    name: str
    kind: str = "text"


@dataclass(frozen=True)
class Row:
    """`number` counts from 1, as people count. `cells` are in the order of the columns."""

    number: int
    cells: tuple[Cell, ...]
    give: Mapping[str, Any]
    note: str = ""


@dataclass(frozen=True)
class Table:
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    takes_all: bool = False
    default: Mapping[str, Any] | None = None


def parse(given: Any) -> Table:
    """Make a table of its JSON, which has the shape of SCHEMA. Raises TableError with every problem."""
    columns = tuple(Column(each["name"], each.get("kind", "text")) for each in given["columns"])
    problems = [
        (f"columns/{number}/name", Sentence('Two columns are called "{name}". Rename one of them.', name=column.name))
        for number, column in enumerate(columns)
        if column.name in [other.name for other in columns[:number]]
    ]
    rows = []
    known = {column.name for column in columns}
    for number, each in enumerate(given["rows"]):
        when = each.get("when", {})
        problems += [
            (
                f"rows/{number}/when/{name}",
                Sentence('There is no column "{name}". Add it, or remove the cell.', name=name),
            )
            for name in sorted(set(when) - known)
        ]
        cells = []
        for column in columns:
            try:
                cells.append(read(column.kind, when.get(column.name)))
            except CellError as wrong:
                problems.append(
                    (
                        f"rows/{number}/when/{column.name}",
                        Sentence(
                            'Row {row}, column "{name}" {wrong}.',
                            row=number + 1,
                            name=column.name,
                            wrong=wrong.args[0],
                        ),
                    )
                )
        rows.append(Row(number + 1, tuple(cells), each["give"], each.get("note", "")))
    if problems:
        raise TableError(problems)
    return Table(columns, tuple(rows), given.get("match") == "all", given.get("default"))
