"""Calling an action: from a step's input to what came of it. Knows nothing of runs' rows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import structlog
from pydantic import ValidationError

from hub.accounts.models import Workspace
from hub.audit.recording import without_secrets
from hub.connections import OpenConnection, open_named
from hub.registry import ActionEntry, UnknownEntry, catalog
from hub.sdk import Call, ConnectorError, Effect, Misconfigured, Settled, TryLater, UnexpectedReply
from hub.watch.masks import HIDDEN, hide
from workflows.engine import calls
from workflows.graph.privacy import Pointer

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Answer:
    """It went through. `marks` say where in the output its schema marks something personal or secret."""

    output: Any
    marks: tuple[tuple[Pointer, str], ...] = ()


@dataclass(frozen=True)
class Refused:
    """It did not go through and will not: what to show."""

    error: dict[str, Any]


@dataclass(frozen=True)
class Later:
    """It did not go through, or repeating it is harmless. `after_seconds` is what the service asked for."""

    error: dict[str, Any]
    after_seconds: float | None


@dataclass(frozen=True)
class Doubt:
    """It may have gone through, and repeating it would do it twice."""

    error: dict[str, Any]
    after_seconds: float | None = None


Result = Answer | Refused | Later | Doubt


@dataclass(frozen=True)
class Prepared:
    """An action with everything it needs, before anything leaves."""

    entry: ActionEntry
    opened: OpenConnection
    input: Any
    connection: str
    """Its slug."""

    def shown_input(self) -> Any:
        """The input as it is stored: fields marked secret are hidden."""
        schema = self.entry.input_schema
        return hidden(self.input.model_dump(mode="json", exclude_unset=True), schema, schema)


def prepare(workspace: Workspace, action: str, connection: str, values: dict[str, Any]) -> Prepared:
    """Find the action, open the connection, check the input. Raises Misconfigured; makes no call."""
    try:
        entry = catalog().action(action)
    except UnknownEntry as error:
        raise Misconfigured(str(error), field="action") from None
    opened = open_named(workspace.id, connection)
    if opened is None:
        raise Misconfigured(f'There is no connection "{connection}" in this workspace.', field="connection")
    if opened.connector.name != entry.connector:
        raise Misconfigured(
            f'The connection "{connection}" is of {opened.connector.name}, not of {entry.connector}.',
            field="connection",
        )
    try:
        made = entry.implementation.Input.model_validate(values)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False, include_context=False)[0]
        where = "/".join(["input", *map(str, first["loc"])])
        raise Misconfigured(f"{where}: {first['msg']}.", field=where) from None
    return Prepared(entry, opened, made, connection)


def carry_out(prepared: Prepared, call: Call) -> Result:
    """Make the call, however long it takes, and say what came of it. Raises nothing that a connector may raise."""
    once = prepared.entry.effect is Effect.ONCE
    action, client = prepared.entry.implementation, prepared.opened.client
    try:
        output = action.run(prepared.input, client, call)
    except TryLater as trouble:
        if once and trouble.sent:
            return Doubt(error_of(trouble), trouble.after_seconds)
        return Later(error_of(trouble), trouble.after_seconds)
    except UnexpectedReply as trouble:
        return Doubt(error_of(trouble)) if once else Refused(error_of(trouble))
    except ConnectorError as trouble:
        return Refused(error_of(trouble))
    except Exception as trouble:
        # A connector's own mistake. Its message may hold anything, so only its class is shown.
        log.exception("action.failed", action=prepared.entry.name)
        error = {
            "code": "connector-failed",
            "message": f"The connector {prepared.entry.connector} made a mistake ({type(trouble).__name__}). "
            "It has been logged; tell the connector's owner.",
        }
        return Doubt(error) if once else Refused(error)
    schema, given = prepared.entry.output_schema, output.model_dump(mode="json")
    return Answer(given, tuple(marked(given, schema, schema)))


def late(prepared: Prepared, call: Call) -> Result:
    """What came of a call that has not come back."""
    log.warning("action.did-not-come-back", action=prepared.entry.name, key=call.key, attempt=call.attempt)
    error = {
        "code": "timed-out",
        "message": f"{prepared.entry.name} did not come back within {call.timeout_seconds:g} s. "
        "Give the step more time, or look at the service.",
    }
    return Doubt(error) if prepared.entry.effect is Effect.ONCE else Later(error, None)


def read_back(prepared: Prepared, call: Call) -> tuple[Settled, dict[str, Any]]:
    """Ask the service whether a call of unknown outcome went through, with the evidence."""
    action, client = prepared.entry.implementation, prepared.opened.client
    try:
        settled, evidence = action.settle(prepared.input, client, call)
    except ConnectorError as trouble:
        return Settled.UNKNOWN, {"read_back": error_of(trouble)}
    except Exception as trouble:
        log.exception("action.read-back-failed", action=prepared.entry.name)
        return Settled.UNKNOWN, {"read_back": {"code": "connector-failed", "message": type(trouble).__name__}}
    return settled, without_secrets(evidence)


def read_back_late(call: Call) -> tuple[Settled, dict[str, Any]]:
    """What is known when reading back has not come back."""
    error = {"code": "timed-out", "message": f"Reading back took longer than {call.timeout_seconds:g} s."}
    return Settled.UNKNOWN, {"read_back": error}


def longest(call: Call) -> float:
    """After so many seconds a call is given up."""
    return call.timeout_seconds + calls.GRACE_SECONDS


def hidden(value: Any, schema: Any, root: dict[str, Any]) -> Any:
    """The value without what its schema marks secret, however deep inside."""
    if not isinstance(schema, dict) or value in (None, "", [], {}):
        return value
    if schema.get("x-secret"):
        hide(value)
        return HIDDEN
    if reference := schema.get("$ref"):
        value = hidden(value, root.get("$defs", {}).get(str(reference).rpartition("/")[2]), root)
    for other in ("anyOf", "oneOf", "allOf"):
        for inner in schema.get(other, []):
            value = hidden(value, inner, root)
    if isinstance(value, dict):
        named, rest = schema.get("properties", {}), schema.get("additionalProperties")
        return {name: hidden(inner, named.get(name, rest), root) for name, inner in value.items()}
    if isinstance(value, list):
        return [hidden(inner, schema.get("items"), root) for inner in value]
    return value


def marked(value: Any, schema: Any, root: dict[str, Any], at: Pointer = ()) -> Iterator[tuple[Pointer, str]]:
    """Where the schema marks something in the value secret or personal, however deep inside."""
    if not isinstance(schema, dict) or value in (None, "", [], {}):
        return
    if schema.get("x-secret") or schema.get("x-personal"):
        yield at, "secret" if schema.get("x-secret") else "personal"
        return
    if reference := schema.get("$ref"):
        yield from marked(value, root.get("$defs", {}).get(str(reference).rpartition("/")[2]), root, at)
    for other in ("anyOf", "oneOf", "allOf"):
        for inner in schema.get(other, []):
            yield from marked(value, inner, root, at)
    if isinstance(value, dict):
        named, rest = schema.get("properties", {}), schema.get("additionalProperties")
        for name, inner in value.items():
            yield from marked(inner, named.get(name, rest), root, (*at, name))
    elif isinstance(value, list) and isinstance(schema.get("items"), dict):
        for number, inner in enumerate(value):
            yield from marked(inner, schema["items"], root, (*at, number))


def error_of(trouble: ConnectorError) -> dict[str, Any]:
    """What is stored and shown of an error."""
    made: dict[str, Any] = {"code": trouble.code, "message": trouble.message}
    if trouble.field:
        made["field"] = trouble.field
    if trouble.detail:
        made["detail"] = without_secrets(trouble.detail)
    return made
