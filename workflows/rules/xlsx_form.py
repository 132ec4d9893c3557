"""Rule tables as Excel workbooks, and back: the sheet "Rules", or the only one that there is."""

from __future__ import annotations

import io
import json
import zipfile
from datetime import date, datetime
from typing import Any

from openpyxl import Workbook, load_workbook
from openpyxl.cell import Cell
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from workflows.rules.lines import SheetError, from_lines, to_lines
from workflows.rules.table import MOST_ROWS

SHEET = "Rules"
LARGEST = 5_000_000
LARGEST_UNPACKED = 100_000_000
MOST_COLUMNS = 200
_WIDEST = 50


def to_xlsx(table: dict[str, Any]) -> bytes:
    """The workbook of a table's JSON that can be parsed. No cell is a formula."""
    book = Workbook()
    sheet: Worksheet = book.active
    sheet.title = SHEET
    widths: dict[int, int] = {}
    for number, line in enumerate(to_lines(table), 1):
        for at, text in enumerate(line, 1):
            if text:
                _write(sheet.cell(number, at), text)
                widths[at] = max(widths.get(at, 0), len(text))
    for cell in sheet[1]:
        cell.font = Font(bold=True)
    for at, width in widths.items():
        sheet.column_dimensions[get_column_letter(at)].width = min(width + 3, _WIDEST)
    sheet.freeze_panes = "B2"
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def _write(cell: Cell, text: str) -> None:
    try:
        value = json.loads(text)
    except ValueError:
        value = None
    # Only what comes back as it was is a number; 007 stays text.
    if isinstance(value, int | float) and not isinstance(value, bool) and json.dumps(value) == text:
        cell.value = value
    else:
        cell.value = text
        cell.data_type = "s"  # Also where it begins like a formula.


def from_xlsx(content: bytes) -> dict[str, Any]:
    """A table's JSON, of which each cell can be written as JSON. Raises SheetError with every problem."""
    sheet = _sheet(content)
    wrong: list[tuple[str, str]] = []
    lines: list[tuple[int, list[str]]] = []

    def place(line: int, at: int, column: str) -> str:
        return f'sheet "{sheet.title}", row {line}, column {get_column_letter(at + 1)} ({column})'

    if (sheet.max_row or 0) > MOST_ROWS + 100 or (sheet.max_column or 0) > MOST_COLUMNS:
        raise SheetError(
            [(f'sheet "{sheet.title}"', f"It has more than {MOST_ROWS} rows or {MOST_COLUMNS} columns.")]
        )
    for line, cells in enumerate(sheet.iter_rows(), 1):
        texts = []
        for at, cell in enumerate(cells):
            if cell.data_type == "f":
                said = "It holds a formula. Put the value in its place: copy, and paste as values."
                wrong.append((place(line, at, lines[0][1][at] if lines and at < len(lines[0][1]) else "?"), said))
            texts.append(_text(cell.value))
        while texts and not texts[-1]:
            texts.pop()
        if texts:
            lines.append((line, texts))
    if wrong:
        raise SheetError(wrong)
    return from_lines(lines, place)


def _sheet(content: bytes) -> Worksheet:
    if len(content) > LARGEST:
        raise SheetError([("", f"The file is larger than {LARGEST // 1_000_000} MB. Split the table.")])
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            if sum(each.file_size for each in packed.infolist()) > LARGEST_UNPACKED:
                raise SheetError([("", "The file is too large once it is unpacked. Split the table.")])
        book = load_workbook(io.BytesIO(content), read_only=False, keep_links=False)
    except SheetError:
        raise
    except Exception:
        raise SheetError([("", "This is no Excel workbook. Save it as .xlsx.")]) from None
    sheets = book.worksheets
    if SHEET in book.sheetnames:
        return book[SHEET]
    if len(sheets) != 1:
        raise SheetError([("", f'The workbook has {len(sheets)} sheets, and none is called "{SHEET}".')])
    return sheets[0]


def _text(value: Any) -> str:
    match value:
        case None:
            return ""
        case bool():
            return json.dumps(value)
        case float() if value.is_integer():
            return str(int(value))
        case datetime() | date():
            return value.isoformat()[:10]
        case _:
            return str(value)
