"""Rule tables that are being written: checked, and carried to a spreadsheet and back."""

from __future__ import annotations

from typing import Any

from hub.accounts.access import Actor, allow
from hub.api.errors import Invalid
from workflows.graph.shape import is_too_deep
from workflows.graph.tables import read_table
from workflows.rules import Rules, Table, analyse, parse
from workflows.rules.cells import CellError
from workflows.rules.csv_form import from_csv, to_csv
from workflows.rules.evaluation import NoRow
from workflows.rules.lines import SheetError


def check(actor: Actor, *, table: Any) -> dict[str, list[dict[str, Any]]]:
    """Every mistake with its place, and once there is none, what is wrong with the table as a whole."""
    allow(actor, "workflow.view")
    if is_too_deep(table):
        return {"problems": [{"place": "", "message": "The table is nested too deeply."}], "findings": []}
    read, wrong = read_table(table)
    findings = analyse(read) if read else []
    return {
        "problems": [{"place": place, "message": sentence} for place, sentence in wrong],
        "findings": [{"code": each.code, "message": each.message, "rows": list(each.rows)} for each in findings],
    }


def try_out(actor: Actor, *, table: Any, record: Any) -> dict[str, Any]:
    """What a table decides about one record, and of each row why it counts or not. Raises Invalid for mistakes."""
    allow(actor, "workflow.view")
    _refuse_deep(record)
    rules = Rules(_sound(table))
    if not isinstance(record, dict):
        raise Invalid("A record is an object with a value for each column.", code="not-a-record")
    try:
        trace = rules.explain(record)
        try:
            found = rules.decide(record)
        except NoRow:
            return {"matched": False, "is_default": False, "rows": [], "give": {}, "trace": trace}
    except (CellError, ValueError) as wrong:
        raise Invalid(f"The record cannot be compared: {wrong}.", code="record") from None
    return {
        "matched": True, "is_default": found.is_default, "rows": list(found.rows), "give": found.give, "trace": trace
    }  # fmt: skip


def to_sheet(actor: Actor, *, table: Any, form: str) -> bytes:
    """As CSV or XLSX. Raises Invalid with every mistake in the table."""
    allow(actor, "workflow.view")
    _sound(table)
    if form != "xlsx":
        return to_csv(table).encode()
    # Hardly a process reads or writes a workbook: what does takes time at every start, and memory.
    from workflows.rules.xlsx_form import to_xlsx

    return to_xlsx(table)


def from_sheet(actor: Actor, *, content: bytes, form: str) -> dict[str, Any]:
    """A table of a CSV or XLSX. Raises Invalid with every mistake by line or sheet, row and column, or by its place
    in the table."""
    allow(actor, "workflow.view")
    try:
        table = _of_workbook(content) if form == "xlsx" else from_csv(_decoded(content))
    except SheetError as error:
        raise Invalid(
            f"The {form.upper()} cannot be read as a rule table.",
            errors=[
                {"pointer": f"/{form}", "code": "cell", "detail": f"{place}: {sentence}".lstrip(": ")}
                for place, sentence in error.problems
            ],
        ) from None
    _refuse(read_table(table)[1], "/table/")
    return table


def _of_workbook(content: bytes) -> dict[str, Any]:
    from workflows.rules.xlsx_form import from_xlsx

    return from_xlsx(content)


def _decoded(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")  # As Excel writes CSV where nobody chose.


def _sound(table: Any) -> Table:
    _refuse_deep(table)
    _refuse(read_table(table)[1], "/table/")
    return parse(table)


def _refuse_deep(value: Any) -> None:
    if is_too_deep(value):
        raise Invalid("Lists and objects are nested too deeply. Nest them less.", code="too-deep")


def _refuse(wrong: list[tuple[str, str]], before: str) -> None:
    if wrong:
        raise Invalid(
            "The rule table has mistakes.",
            errors=[{"pointer": before + place, "code": "table", "detail": sentence} for place, sentence in wrong],
        )
