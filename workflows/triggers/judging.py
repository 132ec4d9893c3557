"""Everything that is wrong with the triggers of a document, each with its place."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Protocol

from jsonschema import Draft202012Validator, SchemaError

from hub.expr import problems as unreadable
from hub.sdk.schemas import wrong_references
from hub.sdk.sentence import Sentence
from workflows.graph.problem import Problem, close_to, complaint, missing_fields, unknown_fields
from workflows.planning.schedules import ScheduleError, parse_rule
from workflows.triggers import checks
from workflows.triggers.settings import SCHEMAS


class Catalog(Protocol):
    """What triggers may name."""

    @property
    def sources(self) -> Mapping[str, Mapping[str, Any]]:
        """The input's JSON Schema of every event source, by "<connector>.<source>"."""

    @property
    def connections(self) -> Mapping[str, str]:
        """The connector of every connection, by slug."""


def trigger_problems(document: Any, catalog: Catalog) -> list[Problem]:
    """What is wrong with the settings of each trigger that has the shape of one."""
    held = document.get("triggers") if isinstance(document, dict) else None
    found: list[Problem] = []
    for number, trigger in enumerate(held if isinstance(held, list) else []):
        if isinstance(trigger, dict) and trigger.get("kind") in SCHEMAS:
            settings = trigger.get("settings", {})
            if isinstance(settings, dict):
                found += _of_trigger(f"triggers/{number}/settings", str(trigger["kind"]), settings, catalog)
    return found


def _of_trigger(place: str, kind: str, settings: dict[str, Any], catalog: Catalog) -> Iterator[Problem]:
    shape = list(_of_schema(place, settings, SCHEMAS[kind]))
    yield from shape
    if shape:
        return
    match kind:
        case "webhook":
            for field, message in checks.problems_of(settings.get("check")):
                yield Problem("trigger", message, "", f"{place}/{field}")
            yield from _of_key(f"{place}/key", settings.get("key"))
            yield from _of_form(f"{place}/input", settings.get("input"))
        case "manual":
            yield from _of_form(f"{place}/input", settings.get("input"))
        case "schedule":
            try:
                parse_rule(settings)
            except ScheduleError as wrong:
                yield Problem("schedule", wrong.message, "", f"{place}/{wrong.field}")
        case "event":
            yield from _of_event(place, settings, catalog)


def _of_schema(place: str, value: Any, schema: Mapping[str, Any]) -> Iterator[Problem]:
    for error in Draft202012Validator(schema).iter_errors(value):
        where = "/".join([place, *map(str, error.absolute_path)])
        known = error.schema.get("properties", {}) if isinstance(error.schema, Mapping) else {}
        match error.validator:
            case "required":
                for name in missing_fields(error):
                    title = known.get(name, {}).get("title", name)
                    yield Problem(
                        "trigger",
                        Sentence('The trigger lacks "{title}".', title=Sentence(title)),
                        "",
                        f"{where}/{name}",
                        "Fill it in.",
                    )
            case "additionalProperties":
                for name in unknown_fields(error):
                    yield Problem(
                        "trigger",
                        Sentence('The trigger has no setting "{name}".', name=name),
                        "",
                        f"{where}/{name}",
                        close_to(name, known) or "Remove it.",
                    )
            case _:
                title = error.schema.get("title", where) if isinstance(error.schema, Mapping) else where
                yield Problem(
                    "trigger",
                    Sentence("{title} {complaint}.", title=Sentence(title), complaint=complaint(error)),
                    "",
                    where,
                    "Correct the value.",
                )


def _of_key(place: str, key: Any) -> Iterator[Problem]:
    if not key:
        return
    if not key.startswith("="):
        yield Problem("trigger", "The de-duplication key is an expression.", "", place, "Write =trigger.body.id.")
    for wrong in unreadable(key, place):
        yield Problem("expression", wrong.message, "", wrong.place, "Mend the expression.")


def _of_form(place: str, schema: Any) -> Iterator[Problem]:
    if schema is None:
        return
    try:
        Draft202012Validator.check_schema(schema)
    except SchemaError as wrong:
        where = "/".join([place, *map(str, wrong.absolute_path)])
        yield Problem(
            "trigger",
            Sentence("This is not a JSON Schema: {why}.", why=wrong.message[:200]),
            "",
            where,
            "Mend the schema.",
        )
        return
    for reference in wrong_references(schema):
        yield Problem(
            "trigger",
            Sentence('The schema refers to "{reference}", which is not in it.', reference=reference),
            "",
            place,
            "Put what it refers to under $defs, and write #/$defs/<name>.",
        )


def _of_event(place: str, settings: dict[str, Any], catalog: Catalog) -> Iterator[Problem]:
    source, connection = settings["source"], settings["connection"]
    schema = catalog.sources.get(source)
    if schema is None:
        yield Problem(
            "unknown-source",
            Sentence('No connector offers the event "{source}".', source=source),
            "",
            f"{place}/source",
            close_to(source, catalog.sources) or "Choose an event.",
        )
    connector = catalog.connections.get(connection)
    if connector is None:
        yield Problem(
            "unknown-connection",
            Sentence('There is no connection "{connection}" to ask for events.', connection=connection),
            "",
            f"{place}/connection",
            close_to(connection, catalog.connections) or "Choose a connection.",
        )
    elif schema is not None and source.partition(".")[0] != connector:
        yield Problem(
            "wrong-connection",
            Sentence(
                '"{source}" cannot be asked for through a connection of {connector}.',
                source=source,
                connector=connector,
            ),
            "",
            f"{place}/connection",
            Sentence("Choose a connection of {wanted}.", wanted=source.partition(".")[0]),
        )
    if schema is not None:
        yield from _of_schema(f"{place}/input", settings.get("input", {}), schema)
