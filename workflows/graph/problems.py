"""Everything that is wrong with a document, at once, each with its place and a hint."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from jsonschema import Draft202012Validator

from hub.expr import is_expression
from hub.expr import problems as expression_problems
from workflows.graph.document import SCHEMA, UnknownFormat, migrate
from workflows.graph.graph import Graph, Step, names, step_of

_VALIDATOR = Draft202012Validator(SCHEMA)


@dataclass(frozen=True)
class Problem:
    """One thing wrong. `step` is empty for the whole document; `field` is a path such as "input/mail"."""

    code: str
    message: str
    step: str = ""
    field: str = ""
    hint: str = ""


class Catalog(Protocol):
    """What a document may name."""

    @property
    def actions(self) -> Mapping[str, Mapping[str, Any]]:
        """The input's JSON Schema of every action, by "<connector>.<action>"."""

    @property
    def connections(self) -> Mapping[str, str]:
        """The connector of every connection, by slug."""


def problems(document: Any, catalog: Catalog) -> list[Problem]:
    """Every problem of the document. An empty list means that it can be published."""
    if not isinstance(document, dict):
        return [Problem("not-a-document", "A workflow document is a JSON object.")]
    try:
        document = migrate(document)
    except UnknownFormat as error:
        return [Problem("unknown-format", str(error), field="format")]
    found = list(_of_shape(document))
    if found:
        return found  # Without its shape nothing more can be said for certain.
    return [*_of_steps(document, catalog), *_of_graph(document), *_of_triggers(document)]


def _of_shape(document: dict[str, Any]) -> Iterator[Problem]:
    for error in sorted(_VALIDATOR.iter_errors(document), key=lambda error: list(map(str, error.absolute_path))):
        path = list(error.absolute_path)
        step, field = "", "/".join(map(str, path))
        if len(path) >= 2 and path[0] == "steps" and isinstance(path[1], int):
            held = document["steps"][path[1]]
            step = str(held.get("id", "")) if isinstance(held, dict) else ""
            field = "/".join(map(str, path[2:])) if step else field
        message = error.message if len(error.message) < 300 else f"{error.message[:300]}…"
        yield Problem("shape", f"{message}.", step, field, "See the reference of the workflow document.")


def _of_steps(document: dict[str, Any], catalog: Catalog) -> Iterator[Problem]:
    seen: set[str] = set()
    for held in document["steps"]:
        step = step_of(held)
        if step.id in seen:
            yield Problem(
                "duplicate-step", f'Two steps are called "{step.id}".', step.id, "id", "Rename one of them."
            )
        seen.add(step.id)
        for wrong in expression_problems(held.get("input", {}), "input"):
            yield Problem("expression", wrong.message, step.id, wrong.place, "Mend the expression.")
        for wrong in expression_problems(step.settings, "settings"):
            yield Problem("expression", wrong.message, step.id, wrong.place, "Mend the expression.")
        yield from _of_step(step, catalog)
    if not document["steps"]:
        yield Problem("no-steps", "The workflow has no step.", hint="Add one.")


def _of_step(step: Step, catalog: Catalog) -> Iterator[Problem]:
    match step.kind:
        case "action":
            yield from _of_action(step, catalog)
        case "condition":
            if "if" not in step.settings:
                yield _lacking(step, "if", "an expression that is true or false, such as =trigger.count > 3")
        case "switch":
            yield from _of_switch(step)
        case "transform":
            if "value" not in step.settings:
                yield _lacking(step, "value", "what the step should give")
        case "filter":
            for name in ("items", "where"):
                if name not in step.settings:
                    yield _lacking(step, name, 'the list, and an expression for each "item"')
        case "wait":
            if ("seconds" in step.settings) == ("until" in step.settings):
                yield Problem(
                    "setting", f'Step "{step.title}" waits for seconds or until a time.', step.id, "settings",
                    "Set exactly one of them.",
                )  # fmt: skip
        case "merge":
            if step.settings.get("join", "all") not in {"all", "any"}:
                yield Problem(
                    "setting", f'Step "{step.title}" joins all or any.', step.id, "settings/join", "Choose one."
                )


def _of_action(step: Step, catalog: Catalog) -> Iterator[Problem]:
    schema = catalog.actions.get(step.action)
    if schema is None:
        yield Problem(
            "unknown-action", f'Step "{step.title}" uses the action "{step.action}", which no connector offers.',
            step.id, "action", _close(step.action, catalog.actions) or "Choose an action.",
        )  # fmt: skip
    connector = catalog.connections.get(step.connection)
    if connector is None:
        said = f'has no connection "{step.connection}" to use' if step.connection else "has no connection"
        yield Problem(
            "unknown-connection", f'Step "{step.title}" {said}.', step.id, "connection",
            _close(step.connection, catalog.connections) or "Choose a connection of this workspace.",
        )  # fmt: skip
    elif step.action and step.action.partition(".")[0] != connector:
        yield Problem(
            "wrong-connection",
            f'Step "{step.title}" uses {step.action}, but the connection "{step.connection}" is of {connector}.',
            step.id, "connection", f"Choose a connection of {step.action.partition('.')[0]}.",
        )  # fmt: skip
    if schema is not None:
        yield from _of_input(step, schema)


def _of_input(step: Step, schema: Mapping[str, Any]) -> Iterator[Problem]:
    """What the input's schema says, except about values that only the run will know."""
    for error in Draft202012Validator(schema).iter_errors(step.input):
        if is_expression(error.instance) or _holds_expression(error.instance, error.validator):
            continue
        path = ["input", *map(str, error.absolute_path)]
        if error.validator == "required":
            missing = error.message.split("'")[1]
            title = schema.get("properties", {}).get(missing, {}).get("title", missing)
            yield Problem(
                "input-missing", f'Step "{step.title}" has no {title}.', step.id, "/".join([*path, missing]),
                "Fill it in, or map a value to it.",
            )  # fmt: skip
        else:
            yield Problem("input", f"{error.message[:300]}.", step.id, "/".join(path), "Correct the value.")


def _holds_expression(value: Any, validator: str) -> bool:
    if validator in {"required", "additionalProperties", "unevaluatedProperties"}:
        return False
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return any(is_expression(each) or _holds_expression(each, validator) for each in inner)


def _of_switch(step: Step) -> Iterator[Problem]:
    cases = step.settings.get("cases")
    if not isinstance(cases, list) or not cases:
        yield _lacking(step, "cases", 'a list of {"name", "if"}')
        return
    seen: set[str] = {"else", "error"}
    for number, case in enumerate(cases):
        name = case.get("name") if isinstance(case, dict) else None
        place = f"settings/cases/{number}"
        if not name or "if" not in case:
            yield Problem("setting", f'A case of step "{step.title}" lacks a name or a condition.', step.id, place)
        elif name in seen:
            yield Problem(
                "setting", f'The case "{name}" of step "{step.title}" is taken.', step.id, place, "Rename it."
            )
        seen.add(str(name))


def _of_graph(document: dict[str, Any]) -> Iterator[Problem]:
    known = {step["id"]: step_of(step) for step in document["steps"]}
    sound = True
    for number, edge in enumerate(document.get("edges", [])):
        for end in ("from", "to"):
            if edge[end] not in known:
                sound = False
                yield Problem(
                    "dangling-edge", f'An edge goes {end} "{edge[end]}", which is no step.', "",
                    f"edges/{number}/{end}", _close(edge[end], known) or "Remove the edge.",
                )  # fmt: skip
        source, port = known.get(edge["from"]), edge.get("port", "ok")
        if source is not None and port not in source.ports:
            yield Problem(
                "unknown-port", f'Step "{source.title}" has no way out called "{port}".', source.id,
                f"edges/{number}/port",
                f"It has: {names(source.ports)}." if source.ports else "Nothing can follow a stop.",
            )  # fmt: skip
    if not sound:
        return
    if cycle := Graph.of(document).cycle():
        yield Problem(
            "cycle", f"These steps lead back to where they began: {names([*cycle, cycle[0]])}.", cycle[0], "",
            "Remove one of the edges.",
        )  # fmt: skip


def _of_triggers(document: dict[str, Any]) -> Iterator[Problem]:
    seen: set[str] = set()
    for number, trigger in enumerate(document.get("triggers", [])):
        if trigger["id"] in seen:
            yield Problem(
                "duplicate-trigger", f'Two triggers are called "{trigger["id"]}".', "", f"triggers/{number}/id"
            )
        seen.add(trigger["id"])


def _lacking(step: Step, name: str, what: str) -> Problem:
    return Problem(
        "setting-missing", f'Step "{step.title}" has no {name}.', step.id, f"settings/{name}", f"Set {what}."
    )


def _close(name: str, offered: Iterable[str]) -> str:
    close = difflib.get_close_matches(name, list(offered), n=1) if name else []
    return f'Did you mean "{close[0]}"?' if close else ""
