"""What can be wrong with the parameters besides their shape."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from hub.api.errors import FieldProblem
from hub.sdk.directories import Person
from workflows.graph.tables import read_table
from workflows.reconcile.people import IN_GROUP, named
from workflows.rules import Column, Row, Table
from workflows.templates.role_based_access.policy import AccessGroups, groups_asked_by

_FIELDS = set(Person.model_fields) - {"member_of", "attributes"}


def problems(parameters: dict[str, Any]) -> Iterator[FieldProblem]:
    """Each with its place below "/parameters"."""
    if IN_GROUP in parameters.get("attributes", {}):
        detail = f'"{IN_GROUP}" is the condition on groups. Choose another name.'
        yield {"pointer": f"/parameters/attributes/{IN_GROUP}", "code": "taken", "detail": detail}
    table, wrong = read_table(parameters["table"])
    for place, sentence in wrong:
        yield _said(place, sentence)
    if table is not None:
        yield from _of_table(table, parameters)
    domains = parameters["domains"]
    for number, each in enumerate(parameters.get("placements", [])):
        for at, domain in enumerate(each["domains"]):
            if domain not in domains or domain == each["home"]:
                detail = f'"{domain}" is not one of the managed domains, or is the home.'
                where = f"/parameters/placements/{number}/domains/{at}"
                yield {"pointer": where, "code": "unmanaged", "detail": detail}


def _of_table(table: Table, parameters: dict[str, Any]) -> Iterator[FieldProblem]:
    if not table.takes_all:
        yield _said("match", "Everybody has the roles of every row that fits. Set match to all.")
    if table.default is not None:
        yield _said("default", "Whom no row knows has no role. Leave the default out.")
    known = sorted(_FIELDS | set(parameters.get("attributes", {})))
    for number, column in enumerate(table.columns):
        if detail := _of_column(column, known):
            yield _said(f"columns/{number}", detail)
    for row in table.rows:
        yield from _of_row(row, parameters["domains"])
    yield from _of_groups(table, parameters)


def _of_column(column: Column, known: list[str]) -> str:
    if column.name == IN_GROUP:
        return "" if column.kind == "group" else f'The column "{IN_GROUP}" is of the kind group.'
    return "" if column.name in known else f'People have no field "{column.name}". There are: {", ".join(known)}.'


def _of_row(row: Row, domains: list[str]) -> Iterator[FieldProblem]:
    place = f"rows/{row.number - 1}"
    if all(cell.is_any for cell in row.cells):
        yield _said(f"{place}/when", f"Row {row.number} fits everybody. Give it a condition.")
    for name in sorted(set(row.give) - {"domain", "role"}):
        yield _said(f"{place}/give/{name}", f"Row {row.number} gives {name}; rows give a domain and a role.")
    for name in ("domain", "role"):
        held: Any = row.give.get(name)
        given: Sequence[Any] = named(held) if isinstance(held, str | list) else []
        if not given or not all(isinstance(each, str) and each != "" for each in given):
            yield _said(f"{place}/give/{name}", f"Row {row.number} gives no {name}. It is a text, or a list of them.")
        elif name == "domain":
            for each in set(given) - set(domains):
                detail = f'Row {row.number} gives a role in "{each}", which is not one of the managed domains.'
                yield _said(f"{place}/give/{name}", detail)


def _of_groups(table: Table, parameters: dict[str, Any]) -> Iterator[FieldProblem]:
    """What the rules decide about cannot be what they ask for: else people would stay because they are there."""
    access = AccessGroups(parameters.get("access_group", "exs.{domain}.{role}"), parameters["domains"])
    for group in sorted(groups_asked_by(table)):
        if access.is_ours(group.partition("@")[0]):
            yield _said("rows", f'"{group}" is an access group of these rules, so that they cannot ask for it.')


def _said(place: str, detail: str) -> FieldProblem:
    return {"pointer": f"/parameters/table/{place}".rstrip("/"), "code": "table", "detail": detail}
