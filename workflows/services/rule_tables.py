"""Rule tables that are being written: checked, and carried to a spreadsheet and back."""

from __future__ import annotations

from typing import Any

from hub.accounts.access import Actor, allow
from hub.api.errors import Invalid
from workflows.graph.shape import is_too_deep
from workflows.graph.tables import read_table
from workflows.rules import analyse
from workflows.rules.csv_form import CsvError, from_csv, to_csv


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


def export(actor: Actor, *, table: Any) -> str:
    """As CSV. Raises Invalid with every mistake in the table."""
    allow(actor, "workflow.view")
    _refuse([] if is_too_deep(table) else read_table(table)[1], "/table/")
    return to_csv(table)


def take_in(actor: Actor, *, csv: str) -> dict[str, Any]:
    """A table of a CSV. Raises Invalid with every mistake by line and column, or by its place in the table."""
    allow(actor, "workflow.view")
    try:
        table = from_csv(csv)
    except CsvError as error:
        raise Invalid(
            "The CSV cannot be read as a rule table.",
            errors=[
                {"pointer": "/csv", "code": "cell", "detail": f"{place}: {sentence}".lstrip(": ")}
                for place, sentence in error.problems
            ],
        ) from None
    _refuse(read_table(table)[1], "/table/")
    return table


def _refuse(wrong: list[tuple[str, str]], before: str) -> None:
    if wrong:
        raise Invalid(
            "The rule table has mistakes.",
            errors=[{"pointer": before + place, "code": "table", "detail": sentence} for place, sentence in wrong],
        )
