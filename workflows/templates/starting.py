"""What starts the workflow of an installation: a person always, a schedule and events as its parameters say."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

SCHEDULE, EVENTS = "schedule", "events"
_NIGHTLY = (
    " Left out: every night, because not everything that has to be mended is told by an event, such as access that "
    "somebody got back by an undo."
)


@dataclass(frozen=True)
class Events:
    """The event source that can start a template's workflow."""

    title: str
    source: str
    """By its own name; whose it is, the connection says."""
    connection: str
    """The parameter that names the connection."""
    input: list[str]
    """The parameters that the source is asked with, under the same names."""
    deliver: str = "together"
    """Whether happenings found together start one run, which reads everything, or a run for "each"."""


def starting_parameters(events: Events | None, nightly: str = "") -> dict[str, Any]:
    """The part of every template's parameters that says when it runs; `nightly` is the cron rule of a template that
    also looks at everything by the clock unless it is told not to."""
    usual = {"cron": nightly, "zone": "UTC"} if nightly else None
    made: dict[str, Any] = {
        SCHEDULE: {
            "title": "Run by the clock",
            "description": 'Such as {"cron": "0 5 * * *", "zone": "Europe/Berlin"}; null: not by the clock.'
            + (_NIGHTLY if nightly else ""),
            "type": ["object", "null"],
            "additionalProperties": False,
            "required": ["cron"],
            "properties": {
                "cron": {"type": "string", "minLength": 1, "title": "Cron rule"},
                "zone": {"type": "string", "default": "UTC", "title": "Time zone"},
            },
            "default": usual,
            "x-lines": 3,
        }
    }
    if events:
        made[EVENTS] = {"title": events.title, "type": "boolean", "default": True}
    return made


def split(parameters: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """What the reconcile is given, and what says when it runs."""
    when = {name: parameters[name] for name in (SCHEDULE, EVENTS) if name in parameters}
    return {name: held for name, held in parameters.items() if name not in when}, when


def triggers(
    parameters: dict[str, Any], events: Events | None, connectors: Mapping[str, str], nightly: str = ""
) -> Iterator[dict[str, Any]]:
    """The document's triggers for these parameters.

    `connectors` says of each parameter that names a connection which connector it is of.
    """
    yield {"id": "by_hand", "kind": "manual"}
    usual = starting_parameters(events, nightly)[SCHEDULE]["default"]
    if schedule := parameters.get(SCHEDULE, usual):
        yield {"id": "by_the_clock", "kind": "schedule", "settings": {**schedule, "overlap": "skip"}}
    if events and parameters.get(EVENTS, True):
        source = f"{connectors[events.connection]}.{events.source}"
        asked = {name: parameters[name] for name in events.input if parameters.get(name)}
        settings = {"source": source, "connection": parameters[events.connection], "input": asked}
        yield {"id": "on_changes", "kind": "event", "settings": {**settings, "deliver": events.deliver}}
