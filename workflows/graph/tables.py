"""What is wrong with a rule table: its shape, its cells, and the step that asks it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from jsonschema import Draft202012Validator

from hub.expr import expressions_in, is_expression
from hub.sdk.sentence import Sentence
from workflows.graph.graph import Step
from workflows.graph.problem import Problem, close_to, complaint, of_step
from workflows.rules import Table, TableError, analyse, parse
from workflows.rules.table import SCHEMA

_VALIDATOR = Draft202012Validator(SCHEMA)
_PLAIN = Sentence("A rule table holds plain values. Write the expression in the step's record, and compare it here.")


def read_table(given: Any) -> tuple[Table | None, list[tuple[str, str]]]:
    """The table, or every problem with its place in it ("rows/3/when/age") and a sentence."""
    wrong = [
        ("/".join(map(str, error.absolute_path)), f"{_named(list(error.absolute_path))} {complaint(error)}.")
        for error in _VALIDATOR.iter_errors(given)
    ]
    wrong += [(place.strip("/"), _PLAIN) for place, _ in expressions_in(given)] if not wrong else []
    if wrong:
        return None, wrong
    try:
        return parse(given), []
    except TableError as error:
        return None, error.problems


def check_rules(step: Step) -> Iterator[Problem]:
    """Everything wrong with a step of the kind rules."""
    if "table" not in step.settings:
        yield of_step(step, "setting-missing", 'Step "{step}" has no table.', "settings/table", "Write a rule table.")
        return
    if not isinstance(step.settings.get("trace", False), bool):
        yield of_step(step, "setting", 'Step "{step}" traces or does not.', "settings/trace", "Say which.")
    table, wrong = read_table(step.settings["table"])
    for place, sentence in wrong:
        yield Problem("table", sentence, step.id, f"settings/table/{place}".rstrip("/"), "Correct the table.")
    if table is None:
        return
    yield from _of_record(step, table)
    for finding in analyse(table):
        if finding.code == "unreachable":
            place = f"settings/table/rows/{finding.rows[0] - 1}"
            yield Problem(
                "row-unreachable", finding.message, step.id, place, "Move it up, narrow those above, or remove it."
            )


def _of_record(step: Step, table: Table) -> Iterator[Problem]:
    record = step.settings.get("record", {})
    if is_expression(record):
        return
    if not isinstance(record, dict):
        yield of_step(
            step,
            "setting",
            'Step "{step}" looks up something that is no record.',
            "settings/record",
            "Give a value for each column.",
        )
        return
    names = [column.name for column in table.columns]
    for name in names:
        if name not in record:
            yield of_step(
                step,
                "record-missing",
                'Step "{step}" has no value for the column "{name}".',
                f"settings/record/{name}",
                "Map a value to it.",
                name=name,
            )
    for name in sorted(set(record) - set(names)):
        yield of_step(
            step,
            "record-unknown",
            'The table of step "{step}" has no column "{name}".',
            f"settings/record/{name}",
            close_to(name, names) or "Remove it.",
            name=name,
        )


def _named(path: list[Any]) -> str:
    match path:
        case ["rows", int(number), "when" | "give" as part, *_]:
            return Sentence("Row {number}: {part}", number=number + 1, part=part)
        case ["rows", int(number), *_]:
            return f"Row {number + 1}"
        case ["columns", int(number), *_]:
            return f"Column {number + 1}"
        case [first, *_]:
            return f'"{first}"'
        case _:
            return "The table"
