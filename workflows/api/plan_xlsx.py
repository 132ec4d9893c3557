"""A plan's changes as a workbook. Every cell is text or a number: nothing in it is computed."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterable
from typing import IO, Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

from workflows.api.plan_csv import COLUMNS
from workflows.models import Change

MOST_ROWS = 1_000_000
LONGEST_CELL = 32_000
_WIDTHS = (8, 10, 22, 40, 50, 50, 50, 12, 40)


def xlsx_of(changes: Iterable[Change]) -> IO[bytes]:
    """An open file, gone when it is closed. Written row by row; a further sheet begins when one is full."""
    book = Workbook(write_only=True)
    sheet: Any = None
    for number, each in enumerate(changes):
        if number % MOST_ROWS == 0:
            sheet = _sheet(book, number // MOST_ROWS + 1)
        cells = (each.operation, each.resource, each.title, _text(each.before), _text(each.after), _text(each.cause),
                 each.state, each.message)  # fmt: skip
        sheet.append([each.position, *(_cell(sheet, cell) for cell in cells)])
    if sheet is None:
        _sheet(book, 1)
    file = tempfile.TemporaryFile()  # noqa: SIM115 - whoever sends it closes it
    book.save(file)
    file.seek(0)
    return file


def _sheet(book: Workbook, number: int) -> Any:
    sheet: Any = book.create_sheet("Changes" if number == 1 else f"Changes {number}")
    sheet.freeze_panes = "A2"
    for at, width in enumerate(_WIDTHS):
        sheet.column_dimensions[chr(ord("A") + at)].width = width
    sheet.append(list(COLUMNS))
    return sheet


def _cell(sheet: Any, text: str) -> Any:
    text = ILLEGAL_CHARACTERS_RE.sub("\ufffd", text)[:LONGEST_CELL]
    if not text.startswith("="):
        return text
    cell = WriteOnlyCell(sheet, value=text)
    cell.data_type = "s"
    return cell


def _text(value: Any) -> str:
    return "" if value in (None, {}) else json.dumps(value, ensure_ascii=False)
