"""Rule tables as lines of cells, as spreadsheets have them, and back.

The first column is `row (first)` or `row (all)` and holds a number or `default`. Then come `name (kind)` for each
condition, `-> name (kind)` for each thing given, and `note`. Lists are written
`a | b`, other conditions as their JSON.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from workflows.rules.cells import KINDS
from workflows.rules.table import MOST_ROWS

GIVEN_KINDS = ("text", "number", "boolean", "list", "json")
_HEAD = re.compile(r"(?P<given>->\s*)?(?P<name>.+?)(?:\s*\((?P<kind>[a-z]+)\))?")
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "'")
_BAR = " | "


class SheetError(ValueError):
    """`problems` are pairs of a place ("line 3, column amount") and a sentence."""

    def __init__(self, problems: list[tuple[str, str]]) -> None:
        super().__init__(" ".join(f"{place}: {sentence}" for place, sentence in problems[:3]))
        self.problems = problems


Place = Callable[[int, int, str], str]
"""How a cell is named: by its line, its place in the line, both counted from 1 and 0, and the head of its column."""


def to_lines(table: dict[str, Any]) -> Iterator[list[str]]:
    """The lines of a table's JSON that can be parsed, the heads first."""
    names = list(dict.fromkeys(name for given in _gives(table) for name in given))
    kinds = {name: _kind_of([given[name] for given in _gives(table) if name in given]) for name in names}
    columns = [(each["name"], each.get("kind", "text")) for each in table["columns"]]
    yield [f"row ({table.get('match', 'first')})", *(_safe(f"{name} ({kind})") for name, kind in columns),
           *(f"-> {name} ({kinds[name]})" for name in names), "note"]  # fmt: skip
    for number, row in enumerate(table["rows"], 1):
        when = row.get("when", {})
        cells = [_safe(_condition(kind, when.get(name))) for name, kind in columns]
        yield [str(number), *cells, *_given(names, kinds, row["give"]), _safe(row.get("note", ""))]
    if table.get("default") is not None:
        yield ["default", *("" for _ in columns), *_given(names, kinds, table["default"]), ""]


def from_lines(lines: Sequence[tuple[int, Sequence[str]]], place: Place) -> dict[str, Any]:
    """A table's JSON of numbered lines, of which each cell can be written as JSON. Raises SheetError with every
    problem."""
    if not lines or len(lines) - 2 > MOST_ROWS:
        raise SheetError([("", f"A table has a first line with its columns, and at most {MOST_ROWS} rows.")])
    return _Reading(lines[0], lines[1:], place).table()


class _Reading:
    def __init__(
        self, head: tuple[int, Sequence[str]], lines: Sequence[tuple[int, Sequence[str]]], place: Place
    ) -> None:
        self.problems: list[tuple[str, str]] = []
        self.place = place
        self.first, self.lines = head[0], lines
        self.head = [_unsafe(each.strip()) for each in head[1]]
        self.columns = [(at, *self._column(at, each)) for at, each in enumerate(self.head) if at and each != "note"]

    def _column(self, at: int, head: str) -> tuple[str, str, bool]:
        found = _HEAD.fullmatch(head)
        if found is None:
            self._wrong(self.first, at, head, "A column has no name. Name it, or remove it.")
            return "", "text", False
        kind, offered = found["kind"] or "text", GIVEN_KINDS if found["given"] else KINDS
        if kind not in offered:
            self._wrong(self.first, at, head, f'There is no kind "{kind}". There are {", ".join(offered)}.')
        return found["name"], kind, bool(found["given"])

    def _wrong(self, line: int, at: int, column: str, sentence: str) -> None:
        self.problems.append((self.place(line, at, column), sentence))

    def table(self) -> dict[str, Any]:
        match = re.fullmatch(r"row(?: \((first|all)\))?", self.head[0])
        if match is None:
            self._wrong(self.first, 0, self.head[0], 'The first column is "row (first)" or "row (all)".')
        for at, head in enumerate(self.head):
            if head in self.head[:at]:
                self._wrong(self.first, at, head, "Two columns are called this. Rename one of them.")
        made: dict[str, Any] = {
            "match": (match and match[1]) or "first",
            "columns": [{"name": name, "kind": kind} for _, name, kind, gives in self.columns if not gives],
            "rows": [],
        }
        if not self.problems:
            for line, cells in self.lines:
                self._row(made, line, [_unsafe(each.strip()) for each in cells])
        if self.problems:
            raise SheetError(self.problems)
        return made

    def _row(self, made: dict[str, Any], line: int, cells: list[str]) -> None:
        if len(cells) > len(self.head):
            self._wrong(line, len(cells) - 1, str(len(cells)), "There are more cells than columns. Name each column.")
            return
        cells += [""] * (len(self.head) - len(cells))
        row: dict[str, Any] = {"when": {}, "give": {}}
        for at, name, kind, gives in self.columns:
            if cells[at]:
                try:
                    row["give" if gives else "when"][name] = (_read_given if gives else _read_condition)(
                        kind, cells[at]
                    )
                except ValueError:
                    self._wrong(line, at, name, f'"{cells[at][:80]}" cannot be read as {kind}.')
        if "note" in self.head and (note := cells[self.head.index("note")]):
            row["note"] = note
        if cells[0].lower() != "default":
            made["rows"].append(row)
        elif row["when"] or "default" in made:
            self._wrong(line, 0, self.head[0], "There is one default at most, and it has no conditions.")
        else:
            made["default"] = row["give"]


def _gives(table: dict[str, Any]) -> list[dict[str, Any]]:
    return [row["give"] for row in table["rows"]] + ([table["default"]] if table.get("default") is not None else [])


def _kind_of(values: list[Any]) -> str:
    if all(isinstance(each, bool) for each in values):
        return "boolean"
    if all(isinstance(each, int | float) and not isinstance(each, bool) for each in values):
        return "number"
    if all(_is_plain(each) for each in values):
        return "text"
    if all(
        isinstance(each, list) and each and all(_is_plain(one) and "|" not in one for one in each) for each in values
    ):
        return "list"
    return "json"


def _is_plain(value: Any) -> bool:
    return isinstance(value, str) and bool(value) and value == value.strip()


def _given(names: list[str], kinds: dict[str, str], give: dict[str, Any]) -> list[str]:
    return [_safe(_written(kinds[name], give[name])) if name in give else "" for name in names]


def _written(kind: str, value: Any) -> str:
    if kind == "text":
        return str(value)
    return _BAR.join(value) if kind == "list" else json.dumps(value, ensure_ascii=False)


def _condition(kind: str, cell: Any) -> str:
    if cell is None or cell == "":
        return ""
    several = cell if isinstance(cell, list) else [cell]
    if kind in ("number", "boolean"):
        return json.dumps(cell)
    if all(_is_plain(each) and "|" not in each and each[0] not in '{["' for each in several):
        return _BAR.join(several)
    return json.dumps(cell, ensure_ascii=False)


def _read_condition(kind: str, text: str) -> Any:
    if text[0] in '{["':
        return json.loads(text)
    parts = [part.strip() for part in text.split("|")]
    read = [json.loads(part.lower()) for part in parts] if kind in ("number", "boolean") else parts
    return read if len(read) > 1 else read[0]


def _read_given(kind: str, text: str) -> Any:
    match kind:
        case "text":
            return text
        case "list":
            return [part.strip() for part in text.split("|")]
        case "json":
            return json.loads(text)
        case _:
            value = json.loads(text.lower())
            if isinstance(value, bool) != (kind == "boolean") or not isinstance(value, int | float):
                raise ValueError(text)
            return value


def _safe(text: str) -> str:
    """A spreadsheet would carry out what begins like a formula."""
    is_formula = text.startswith(_FORMULA) and not re.fullmatch(r"-?[0-9.eE+-]+", text)
    return f"'{text}" if is_formula else text


def _unsafe(text: str) -> str:
    return text[1:] if text.startswith("'") and text[1:2] in _FORMULA else text
