"""Whether what an installation's parameters name is there: asked of the services, through their live choice lists.

The same keywords of the schema that let a form offer choices say what is checked; see docs/reference/forms.md.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from hub.accounts.access import Actor, visible
from hub.api.errors import FieldProblem, ProblemError
from hub.connections import signing_in
from hub.connections.models import Connection
from hub.connections.opening import connector_of
from hub.sdk import Choice, ConnectorError, TryLater
from hub.sdk.connectors import MOST_CHOICES

LIST, OF, AS, DEPENDS, OPEN = "x-choices", "x-choices-of", "x-choices-as", "x-depends-on", "x-choices-open"
MOST_NAMED = 8


@dataclass(frozen=True)
class Named:
    """One value that should be in a live list: where it stands, whose list, and what the list depends on."""

    pointer: str
    value: str
    connection: str
    choices: str
    taken: str
    depends: tuple[tuple[str, str], ...]


def check(actor: Actor, schema: Mapping[str, Any], parameters: Mapping[str, Any]) -> list[FieldProblem]:
    """What is not there, each at its place. Raises ProblemError when a service does not tell."""
    asked: dict[Any, list[Choice] | None] = {}
    missing: set[str] = set()
    found = []
    # First what depends on nothing: a list that depends on what is missing cannot be had.
    for each in sorted(named_in(schema, parameters), key=lambda named: len(named.depends)):
        if missing.isdisjoint(value for _, value in each.depends) and (problem := _problem(actor, each, asked)):
            missing.add(each.value)
            found.append(problem)
    return found


def named_in(schema: Mapping[str, Any], parameters: Mapping[str, Any]) -> Iterator[Named]:
    """Every value that a live list knows. What the list depends on stands beside the value, or at the top."""
    yield from _named(schema, parameters, parameters, {}, "/parameters")


def _named(schema: Any, value: Any, top: Mapping[str, Any], beside: Mapping[str, Any], at: str) -> Iterator[Named]:
    if not isinstance(schema, Mapping):
        return
    if isinstance(value, Mapping):
        known = schema.get("properties", {})
        for name, held in value.items():
            yield from _named(known.get(name), held, top, value, f"{at}/{name}")
    elif isinstance(value, list):
        inner = {**schema, **schema["items"]} if isinstance(schema.get("items"), Mapping) else schema
        for number, held in enumerate(value):
            yield from _named({**inner, "items": None}, held, top, beside, f"{at}/{number}")
    elif isinstance(value, str) and value and LIST in schema and not schema.get(OPEN):
        connection = top.get(schema.get(OF, ""), "")
        depends = tuple((name, str(beside.get(name) or top.get(name) or "")) for name in schema.get(DEPENDS, ()))
        if connection:
            yield Named(at, value, str(connection), schema[LIST], schema.get(AS, "value"), depends)


def _problem(actor: Actor, named: Named, asked: dict[Any, list[Choice] | None]) -> FieldProblem | None:
    key = (named.connection, named.choices, named.depends)
    if key not in asked:
        asked[key] = _choices(actor, named)
    offered = asked[key]
    if offered is None or named.value in (names := _names(offered, named.taken)):
        return None
    held = visible(actor, Connection).get(slug=named.connection)
    if len(offered) >= MOST_CHOICES and (
        signing_in.is_there(held, named.choices, named.value, dict(named.depends)) is not False
    ):
        return None
    kind = named.choices.removesuffix("s").replace("_", " ")
    detail = f'There is no {kind} "{named.value}" in the connection "{held.name}".{_hint(named.value, names)}'
    return {"pointer": named.pointer, "code": "not-there", "detail": detail}


def _choices(actor: Actor, named: Named) -> list[Choice] | None:
    """None when the connector offers no such list."""
    held = visible(actor, Connection).filter(slug=named.connection).first()
    if held is None or named.choices not in connector_of(held).sign_in.choices:
        return None
    try:
        return signing_in.live_choices(held, named.choices, dict(named.depends))
    except ConnectorError as trouble:
        kind = named.choices.replace("_", " ")
        detail = (
            f'The connection "{held.name}" does not tell its {kind}, so that the parameters cannot be checked: '
            f"{trouble.message} Mend it and install again, or install without the check."
        )
        raise ProblemError(
            detail,
            code="not-checked",
            title="The parameters could not be checked.",
            status=503 if isinstance(trouble, TryLater) else 422,
            errors=[{"pointer": named.pointer, "code": "not-checked", "detail": trouble.message}],
        ) from None


def _names(offered: list[Choice], taken: str) -> list[str]:
    if taken == "label":
        return [each.label for each in offered]
    values = [each.value for each in offered]
    return values if taken == "value" else [*values, *(each.label for each in offered)]


def _hint(value: str, names: list[str]) -> str:
    close = difflib.get_close_matches(value, names, n=3, cutoff=0.5)
    if close:
        quoted = (f'"{each}"' for each in close)
        return f" Did you mean {' or '.join(quoted)}?"
    if not names:
        return " There are none."
    more = f" and {len(names) - MOST_NAMED} more" if len(names) > MOST_NAMED else ""
    return f" There are: {', '.join(names[:MOST_NAMED])}{more}."
