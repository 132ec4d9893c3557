"""Rule tables as CSV, for spreadsheets, and back.

The first column is `row (first)` or `row (all)` and holds a number or `default`. Then come `name (kind)` for each
condition, `-> name (kind)` for each thing given, and `note`. Lists are written
`a | b`, other conditions as their JSON.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Sequence
from typing import Any

from workflows.rules.cells import KINDS
from workflows.rules.table import MOST_ROWS

GIVEN_KINDS = ("text", "number", "boolean", "list", "json")
LARGEST = 5_000_000
_HEAD = re.compile(r"(?P<given>->\s*)?(?P<name>.+?)(?:\s*\((?P<kind>[a-z]+)\))?")
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "'")
_BAR = " | "


class CsvError(ValueError):
    """`problems` are pairs of a place ("line 3, column amount") and a sentence."""

    def __init__(self, problems: list[tuple[str, str]]) -> None:
        super().__init__(" ".join(f"{place}: {sentence}" for place, sentence in problems[:3]))
        self.problems = problems


def to_csv(table: dict[str, Any]) -> str:
    """The CSV of a table's JSON that can be parsed."""
    names = list(dict.fromkeys(name for given in _gives(table) for name in given))
    kinds = {name: _kind_of([given[name] for given in _gives(table) if name in given]) for name in names}
    columns = [(each["name"], each.get("kind", "text")) for each in table["columns"]]
    file = io.StringIO()
    write = csv.writer(file, lineterminator="\r\n").writerow
    write([f"row ({table.get('match', 'first')})", *(_safe(f"{name} ({kind})") for name, kind in columns),
           *(f"-> {name} ({kinds[name]})" for name in names), "note"])  # fmt: skip
    for number, row in enumerate(table["rows"], 1):
        when = row.get("when", {})
        cells = [_safe(_condition(kind, when.get(name))) for name, kind in columns]
        write([str(number), *cells, *_given(names, kinds, row["give"]), _safe(row.get("note", ""))])
    if table.get("default") is not None:
        write(["default", *("" for _ in columns), *_given(names, kinds, table["default"]), ""])
    return file.getvalue()


def from_csv(text: str) -> dict[str, Any]:
    """A table's JSON, of which each cell can be written as JSON. Raises CsvError with every problem."""
    if len(text) > LARGEST:
        raise CsvError([("", f"The file is larger than {LARGEST // 1_000_000} MB. Split the table.")])
    try:
        lines = [
            line for line in enumerate(csv.reader(io.StringIO(text.lstrip("\ufeff")), strict=True), 1) if any(line[1])
        ]
    except csv.Error as wrong:
        raise CsvError([("", f"This is no CSV: {wrong}. Save it with commas and double quotes.")]) from None
    if not lines or len(lines) - 2 > MOST_ROWS:
        raise CsvError([("", f"A table has a first line with its columns, and at most {MOST_ROWS} rows.")])
    return _Reading(lines[0][1], lines[1:]).table()


class _Reading:
    def __init__(self, head: Sequence[str], lines: Sequence[tuple[int, Sequence[str]]]) -> None:
        self.problems: list[tuple[str, str]] = []
        self.lines = lines
        self.head = [_unsafe(each.strip()) for each in head]
        self.columns = [(at, *self._column(each)) for at, each in enumerate(self.head) if at and each != "note"]

    def _column(self, head: str) -> tuple[str, str, bool]:
        found = _HEAD.fullmatch(head)
        if found is None:
            self._wrong(1, head, "A column has no name. Name it, or remove it.")
            return "", "text", False
        kind, offered = found["kind"] or "text", GIVEN_KINDS if found["given"] else KINDS
        if kind not in offered:
            self._wrong(1, head, f'There is no kind "{kind}". There are {", ".join(offered)}.')
        return found["name"], kind, bool(found["given"])

    def _wrong(self, line: int, column: str, sentence: str) -> None:
        self.problems.append((f"line {line}, column {column}", sentence))

    def table(self) -> dict[str, Any]:
        match = re.fullmatch(r"row(?: \((first|all)\))?", self.head[0])
        if match is None:
            self._wrong(1, self.head[0], 'The first column is "row (first)" or "row (all)".')
        for at, head in enumerate(self.head):
            if head in self.head[:at]:
                self._wrong(1, head, "Two columns are called this. Rename one of them.")
        made: dict[str, Any] = {
            "match": (match and match[1]) or "first",
            "columns": [{"name": name, "kind": kind} for _, name, kind, gives in self.columns if not gives],
            "rows": [],
        }
        if not self.problems:
            for line, cells in self.lines:
                self._row(made, line, [_unsafe(each.strip()) for each in cells])
        if self.problems:
            raise CsvError(self.problems)
        return made

    def _row(self, made: dict[str, Any], line: int, cells: list[str]) -> None:
        if len(cells) > len(self.head):
            self._wrong(line, str(len(cells)), "There are more cells than columns. Put double quotes around commas.")
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
                    self._wrong(line, name, f'"{cells[at][:80]}" cannot be read as {kind}.')
        if "note" in self.head and (note := cells[self.head.index("note")]):
            row["note"] = note
        if cells[0].lower() != "default":
            made["rows"].append(row)
        elif row["when"] or "default" in made:
            self._wrong(line, self.head[0], "There is one default at most, and it has no conditions.")
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
