"""Rule tables as CSV, for spreadsheets, and back."""

from __future__ import annotations

import csv
import io
from typing import Any

from workflows.rules.lines import SheetError, from_lines, to_lines

LARGEST = 5_000_000


def to_csv(table: dict[str, Any]) -> str:
    """The CSV of a table's JSON that can be parsed."""
    file = io.StringIO()
    csv.writer(file, lineterminator="\r\n").writerows(to_lines(table))
    return file.getvalue()


def from_csv(text: str) -> dict[str, Any]:
    """A table's JSON, of which each cell can be written as JSON. Raises SheetError with every problem."""
    if len(text) > LARGEST:
        raise SheetError([("", f"The file is larger than {LARGEST // 1_000_000} MB. Split the table.")])
    try:
        lines = [
            line for line in enumerate(csv.reader(io.StringIO(text.lstrip("\ufeff")), strict=True), 1) if any(line[1])
        ]
    except csv.Error as wrong:
        raise SheetError([("", f"This is no CSV: {wrong}. Save it with commas and double quotes.")]) from None
    return from_lines(lines, lambda line, _, column: f"line {line}, column {column}")
