"""What a routing is given, and what can be wrong with it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from hub.api.errors import FieldProblem
from workflows.graph.tables import read_table
from workflows.reconcile.contract import Parameters
from workflows.rules import Table

SOURCES = ("owner", "request")
TARGET = ("domain", "service")


class Routing(Parameters):
    parameters = json.loads((Path(__file__).parent / "parameters.json").read_text())

    def check(self, parameters: dict[str, Any], connectors: Mapping[str, str]) -> Iterator[FieldProblem]:
        table, wrong = read_table(parameters["table"])
        for place, sentence in wrong:
            yield _said(place, sentence)
        if table is not None:
            yield from _of_table(table)
        if parameters.get("mail") and not parameters.get("alert_to"):
            detail = "Say who is told, or leave the e-mail connection out."
            yield {"pointer": "/parameters/alert_to", "code": "required", "detail": detail}


PARAMETERS = Routing()


def _of_table(table: Table) -> Iterator[FieldProblem]:
    if table.takes_all:
        yield _said("match", "A request goes one way: the first match counts.")
    if table.default is not None:
        yield _said("default", "The default lane is a parameter of its own. Leave the table's default out.")
    for number, column in enumerate(table.columns):
        source, dot, field = column.name.partition(".")
        if source not in SOURCES or not dot or not field:
            yield _said(f"columns/{number}/name", f'"{column.name}" is neither owner.FIELD nor request.FIELD.')
    for number, row in enumerate(table.rows):
        for name in TARGET:
            if not row.give.get(name):
                yield _said(f"rows/{number}/give/{name}", f"Row {number + 1} gives no {name}.")
        for name, value in row.give.items():
            if not isinstance(value, str):
                yield _said(f"rows/{number}/give/{name}", f"Row {number + 1} gives {value!r}, which is no text.")


def _said(place: str, detail: str) -> FieldProblem:
    return {"pointer": f"/parameters/table/{place}".rstrip("/"), "code": "table", "detail": detail}
