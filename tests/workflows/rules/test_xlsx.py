"""Rule tables go to Excel and come back as they were."""

from __future__ import annotations

import io
import zipfile
from datetime import date
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook

from tests.workflows.rules.test_csv import TABLE
from workflows.rules.lines import SheetError
from workflows.rules.xlsx_form import from_xlsx, to_xlsx


def book(*lines: list[Any], sheets: tuple[str, ...] = ("Rules",)) -> bytes:
    made = Workbook()
    made.remove(made.active)
    for name in sheets:
        sheet = made.create_sheet(name)
        for line in lines:
            sheet.append(line)
    file = io.BytesIO()
    made.save(file)
    return file.getvalue()


def wrong(content: bytes) -> list[tuple[str, str]]:
    with pytest.raises(SheetError) as caught:
        from_xlsx(content)
    return caught.value.problems


def test_a_table_comes_back_from_excel_as_it_was() -> None:
    assert from_xlsx(to_xlsx(TABLE)) == TABLE


def test_no_cell_is_a_formula() -> None:
    cells = [cell for line in load_workbook(io.BytesIO(to_xlsx(TABLE)))["Rules"].iter_rows() for cell in line]
    assert "f" not in {cell.data_type for cell in cells}


def test_numbers_dates_and_truths_are_read_as_excel_has_them() -> None:
    content = book(
        ["row (first)", "amount (number)", "since (date)", "vip (boolean)", "-> queue"],
        [1, 3, date(2026, 1, 2), True, 4711],
        [2, 2.5, None, None, "b"],
    )
    assert from_xlsx(content)["rows"] == [
        {"when": {"amount": 3, "since": "2026-01-02", "vip": True}, "give": {"queue": "4711"}},
        {"when": {"amount": 2.5}, "give": {"queue": "b"}},
    ]


def test_a_mistake_is_named_by_sheet_row_and_column() -> None:
    content = book(["row", "unit", "amount (number)", "-> q"], [1, "life", "many", "a"], sheets=("Whatever",))
    assert wrong(content) == [
        ('sheet "Whatever", row 2, column C (amount)', '"many" cannot be read as number.'),
    ]
    [(place, said)] = wrong(book(["row", "unit", "-> q"], [1, "=A1", "a"]))
    assert place == 'sheet "Rules", row 2, column B (unit)'
    assert "formula" in said


def test_of_several_sheets_the_one_called_rules_is_read() -> None:
    lines: tuple[list[Any], ...] = (["row", "unit", "-> q"], [1, "a", "b"])
    assert from_xlsx(book(*lines, sheets=("Notes", "Rules")))["rows"]
    assert "none is called" in wrong(book(*lines, sheets=("One", "Two")))[0][1]


@pytest.mark.parametrize("content", [b"", b"PK", b"row,unit\n", b"x" * 5_000_001])
def test_what_is_no_workbook_is_refused(content: bytes) -> None:
    assert wrong(content)


def test_a_file_that_unpacks_to_too_much_is_refused() -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/worksheets/sheet1.xml", b"0" * 100_000_001)
    assert "unpacked" in wrong(file.getvalue())[0][1]
