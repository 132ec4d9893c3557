"""What is wrong with one step by itself: its action, connection, input and settings."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from jsonschema import Draft202012Validator

from hub.expr import is_expression
from hub.sdk.sentence import Sentence
from workflows.graph import notices, packs, questions, readings, records
from workflows.graph.expressions import holds_expression
from workflows.graph.graph import Step
from workflows.graph.kinds import RECEIVE, STEP_KINDS
from workflows.graph.list_kinds import SCHEMAS
from workflows.graph.problem import Catalog, Problem, close_to, complaint, missing_fields, of_step, unknown_fields
from workflows.graph.tables import check_rules

MOST_SIDE_BY_SIDE = 50
MOST_ROUNDS = 1000
RESPOND = {
    "type": "object",
    "additionalProperties": False,
    "properties": {"status": {"type": "integer", "minimum": 200, "maximum": 599}, "body": {}},
}
# These judge what a list or an object holds, not what it is.
_LOOK_INTO = frozenset({"anyOf", "oneOf", "allOf", "not", "if", "enum", "const", "contains", "uniqueItems"})


def check_step(step: Step, catalog: Catalog) -> Iterator[Problem]:
    match step.kind:
        case "action":
            yield from _of_action(step, catalog)
        case "condition":
            if "if" not in step.settings:
                yield _lacking(
                    step, "if", Sentence("an expression that is true or false, such as =trigger.count > 3")
                )
            else:
                yield from _of_judgement(step, "settings/if", step.settings["if"])
        case "switch":
            yield from _of_switch(step)
        case "transform":
            if "value" not in step.settings:
                yield _lacking(step, "value", Sentence("what the step should give"))
        case "filter":
            for name in ("items", "where"):
                if name not in step.settings:
                    yield _lacking(step, name, Sentence('the list, and an expression for each "item"'))
            yield from _of_judgement(step, "settings/where", step.settings.get("where", True))
        case "wait":
            if ("seconds" in step.settings) == ("until" in step.settings):
                yield of_step(
                    step,
                    "setting",
                    'Step "{step}" waits for seconds or until a time.',
                    "settings",
                    "Set exactly one of them.",
                )
        case "plan":
            yield from _of_plan(step, catalog)
        case "apply":
            if "plan" not in step.settings:
                yield _lacking(step, "plan", Sentence("the plan's id, such as =steps.plan.id"))
        case "approve":
            yield from _of_input(step, questions.SCHEMA, step.settings, "settings", Sentence("a question"))
        case "notify":
            yield from _of_input(step, notices.SCHEMA, step.settings, "settings", Sentence("a notice"))
        case "read":
            yield from _of_input(step, readings.SCHEMA, step.settings, "settings", Sentence("a reading"))
            yield from _of_connection(step, step.settings.get("connection"), step.settings.get("stream"), catalog)
        case "record":
            yield from _of_input(step, records.SCHEMA, step.settings, "settings", Sentence("a collection"))
            yield from _of_connection(step, step.settings.get("connection"), step.settings.get("stream"), catalog)
        case "check":
            yield from _of_plan(step, catalog)
        case "pack":
            yield from _of_input(step, packs.SCHEMA, step.settings, "settings", Sentence("a pack"))
        case "workflow":
            yield from _of_workflow(step, catalog)
        case "each":
            yield from _of_each(step)
        case "rules":
            yield from check_rules(step)
        case "repeat":
            yield from _of_repeat(step)
        case "receive":
            yield from _of_input(step, RECEIVE, step.settings, "settings", Sentence("a message"))
            if ("event" in step.settings) != ("key" in step.settings):
                yield of_step(
                    step,
                    "setting",
                    'Step "{step}" waits for an event with a key, or for neither.',
                    "settings",
                    "Set both, or none for an address of its own.",
                )
        case "respond":
            yield from _of_input(step, RESPOND, step.settings, "settings", Sentence("an answer"))
        case "sort" | "distinct" | "group":
            yield from _of_list(step)
        case "merge":
            join = step.settings.get("join", "all")
            if join not in ("all", "any") and (not isinstance(join, int) or isinstance(join, bool) or join < 1):
                yield of_step(
                    step,
                    "setting",
                    'Step "{step}" joins all, any, or a number of ways.',
                    "settings/join",
                    "Choose one.",
                )


def _of_action(step: Step, catalog: Catalog) -> Iterator[Problem]:
    schema = catalog.actions.get(step.action)
    if schema is None:
        yield of_step(
            step,
            "unknown-action",
            'Step "{step}" uses the action "{action}", which no connector offers.',
            "action",
            close_to(step.action, catalog.actions) or "Choose an action.",
            action=step.action,
        )
    connector = catalog.connections.get(step.connection)
    if connector is None:
        said = (
            Sentence('has no connection "{connection}" to use', connection=step.connection)
            if step.connection
            else Sentence("has no connection")
        )
        yield of_step(
            step,
            "unknown-connection",
            'Step "{step}" {said}.',
            "connection",
            close_to(step.connection, catalog.connections) or "Choose a connection of this workspace.",
            said=said,
        )
    elif step.action and step.action.partition(".")[0] != connector:
        yield of_step(
            step,
            "wrong-connection",
            'Step "{step}" uses {action}, but the connection "{connection}" is of {connector}.',
            "connection",
            Sentence("Choose a connection of {wanted}.", wanted=step.action.partition(".")[0]),
            action=step.action,
            connection=step.connection,
            connector=connector,
        )
    if schema is not None:
        yield from _of_input(step, schema, step.input, "input", step.action)


def _of_connection(step: Step, slug: Any, stream: Any, catalog: Catalog) -> Iterator[Problem]:
    """Whether a step's setting names a connection of the connector whose stream it reads."""
    if not isinstance(slug, str) or not isinstance(stream, str) or is_expression(slug) or is_expression(stream):
        return
    wanted = stream.partition(".")[0]
    if catalog.connections.get(slug) != wanted:
        yield of_step(
            step,
            "wrong-connection",
            'Step "{step}" reads {stream}, but "{slug}" is no connection of {wanted}.',
            "settings/connection",
            Sentence("Choose a connection of {wanted}.", wanted=wanted),
            stream=stream,
            slug=slug,
            wanted=wanted,
        )


def _of_plan(step: Step, catalog: Catalog) -> Iterator[Problem]:
    name = step.settings.get("reconcile", "")
    schema = catalog.reconciles.get(name) if isinstance(name, str) else None
    if schema is None:
        yield of_step(
            step,
            "unknown-reconcile",
            'Step "{step}" plans with "{name}", which no template offers.',
            "settings/reconcile",
            close_to(name, catalog.reconciles) or "Choose a reconcile.",
            name=name,
        )
    else:
        parameters = step.settings.get("parameters", {})
        yield from _of_input(step, schema, parameters, "settings/parameters", name)
    if "ask" in step.settings:
        yield from _of_input(step, questions.OF_A_PLAN, step.settings["ask"], "settings/ask", Sentence("a question"))


def _of_input(step: Step, schema: Mapping[str, Any], values: Any, place: str, offering: str) -> Iterator[Problem]:
    """What the input's schema says, except about values that only the run will know."""
    for error in Draft202012Validator(schema).iter_errors(values):
        if is_expression(error.instance) or (error.validator in _LOOK_INTO and holds_expression(error.instance)):
            continue
        path = [place, *map(str, error.absolute_path)]
        known = error.schema.get("properties", {}) if isinstance(error.schema, Mapping) else {}
        match error.validator:
            case "required":
                for name in missing_fields(error):
                    title = known.get(name, {}).get("title", name)
                    yield of_step(
                        step,
                        "input-missing",
                        'Step "{step}" lacks "{title}".',
                        "/".join([*path, name]),
                        "Fill it in, or map a value to it.",
                        title=Sentence(title),
                    )
            case "additionalProperties":
                for name in unknown_fields(error):
                    yield of_step(
                        step,
                        "input-unknown",
                        'Step "{step}": {offering} has no field "{name}".',
                        "/".join([*path, name]),
                        close_to(name, known) or "Remove it.",
                        offering=offering,
                        name=name,
                    )
            case _:
                title = error.schema.get("title", path[-1]) if isinstance(error.schema, Mapping) else path[-1]
                yield of_step(
                    step,
                    "input",
                    'Step "{step}": {title} {complaint}.',
                    "/".join(path),
                    "Correct the value.",
                    title=Sentence(title),
                    complaint=complaint(error),
                )


def _of_workflow(step: Step, catalog: Catalog) -> Iterator[Problem]:
    slug, given = step.settings.get("workflow"), step.settings.get("input", {})
    if not isinstance(slug, str) or not slug:
        yield _lacking(step, "workflow", Sentence("the slug of a published workflow"))
    elif is_expression(slug):
        pass
    elif slug == catalog.workflow:
        yield of_step(
            step,
            "workflow-in-itself",
            'Step "{step}" would start its own workflow again.',
            "settings/workflow",
            "Choose another workflow.",
        )
    elif not catalog.workflows.get(slug):
        said = Sentence("has no published version") if slug in catalog.workflows else Sentence("is not there")
        yield of_step(
            step,
            "unknown-workflow",
            'Step "{step}" starts the workflow "{slug}", which {said}.',
            "settings/workflow",
            "Publish it first." if slug in catalog.workflows else close_to(slug, catalog.workflows) or "Choose one.",
            slug=slug,
            said=said,
        )
    if not isinstance(given, dict) and not is_expression(given):
        yield of_step(
            step,
            "setting",
            'Step "{step}" starts a workflow with something that is no object.',
            "settings/input",
            "Give names and values.",
        )
    if not isinstance(step.settings.get("wait", True), bool):
        yield of_step(step, "setting", 'Step "{step}" waits or does not.', "settings/wait", "Say which.")


def _of_list(step: Step) -> Iterator[Problem]:
    yield from _of_input(
        step,
        SCHEMAS[step.kind],
        step.settings,
        "settings",
        Sentence("a step of the kind {kind}", kind=Sentence(step.kind)),
    )
    for place, value in _of_items(step):
        if not is_expression(value):
            yield of_step(
                step,
                "setting",
                'Step "{step}": the value for each item is not an expression.',
                place,
                'Begin with "=", such as =item.name.',
            )


def _of_items(step: Step) -> Iterator[tuple[str, Any]]:
    by = step.settings.get("by")
    if isinstance(by, list):
        for number, each in enumerate(by):
            if isinstance(each, dict) and "value" in each:
                yield f"settings/by/{number}/value", each["value"]
    elif by is not None:
        yield "settings/by", by
    give = step.settings.get("give")
    for number, each in enumerate(give if isinstance(give, list) else []):
        if isinstance(each, dict) and "value" in each:
            yield f"settings/give/{number}/value", each["value"]


def _of_repeat(step: Step) -> Iterator[Problem]:
    if step.body is None or not step.body.steps:
        yield of_step(step, "no-steps", 'Step "{step}" repeats nothing.', "body/steps", "Add a step.")
    if "until" not in step.settings:
        yield _lacking(step, "until", Sentence('an expression that ends it, such as =steps.ask.state = "done"'))
    else:
        yield from _of_judgement(step, "settings/until", step.settings["until"])
    limit = step.settings.get("limit")
    if not isinstance(limit, int) or isinstance(limit, bool) or not 1 <= limit <= MOST_ROUNDS:
        yield of_step(
            step,
            "setting",
            'Step "{step}" has a limit of 1 to {most} rounds.',
            "settings/limit",
            "Write a whole number.",
            most=MOST_ROUNDS,
        )


def _of_each(step: Step) -> Iterator[Problem]:
    if "items" not in step.settings:
        yield _lacking(step, "items", Sentence("the list whose items are gone through"))
    if step.body is None or not step.body.steps:
        yield of_step(step, "no-steps", 'Step "{step}" does nothing with its items.', "body/steps", "Add a step.")
    side_by_side = step.settings.get("concurrency", 1)
    if not isinstance(side_by_side, int) or not 1 <= side_by_side <= MOST_SIDE_BY_SIDE:
        yield of_step(
            step,
            "setting",
            'Step "{step}" has 1 to {most} items under way at a time.',
            "settings/concurrency",
            "Write a whole number.",
            most=MOST_SIDE_BY_SIDE,
        )
    if step.settings.get("on_error", "stop") not in ("stop", "collect"):
        yield of_step(
            step,
            "setting",
            'Step "{step}" stops at an error or collects errors.',
            "settings/on_error",
            'Choose "stop" or "collect".',
        )


def _of_switch(step: Step) -> Iterator[Problem]:
    cases = step.settings.get("cases")
    if not isinstance(cases, list) or not cases:
        yield _lacking(step, "cases", Sentence('a list of {"name", "if"}'))
        return
    seen: set[str] = {"else", "error"}
    for number, case in enumerate(cases):
        name = case.get("name") if isinstance(case, dict) else None
        place = f"settings/cases/{number}"
        if not isinstance(name, str) or not name or "if" not in case:
            yield of_step(step, "setting", 'A case of step "{step}" lacks a name or a condition.', place)
        elif name in seen:
            yield of_step(
                step, "setting", 'The case "{name}" of step "{step}" is taken.', place, "Rename it.", name=name
            )
        else:
            seen.add(name)
        if isinstance(case, dict) and "if" in case:
            yield from _of_judgement(step, f"{place}/if", case["if"])


def _of_judgement(step: Step, place: str, value: Any) -> Iterator[Problem]:
    """Text with braces in it would always be true, even the text "false"."""
    if not isinstance(value, bool) and not (isinstance(value, str) and value.startswith("=") and value[1:2] != "="):
        yield of_step(
            step,
            "setting",
            'Step "{step}" decides by something that is not an expression.',
            place,
            'Begin with "=", such as =trigger.count > 3.',
        )


def _lacking(step: Step, name: str, what: str) -> Problem:
    fields: dict[str, Any] = next(kind for kind in STEP_KINDS if kind.name == step.kind).settings_schema["properties"]
    title = fields.get(name, {}).get("title", name)
    return of_step(
        step,
        "setting-missing",
        'Step "{step}" lacks "{title}".',
        f"settings/{name}",
        Sentence("Set {what}.", what=what),
        title=Sentence(title),
    )
