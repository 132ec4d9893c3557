"""What each kind of step is called, needs and leaves by: the data that the designer draws from.

Settings are JSON Schema 2020-12 with the `x-` keywords of `hub.sdk.fields`, and with those for what the hub itself
knows: `x-expression` (always an expression), `x-literal` (never one), `x-offers` (one of a list of the hub's:
event-sources, connections, workflows, reconciles), `x-schema-of` (drawn from the schema of what that field names),
`x-shape` (a JSON Schema, drawn as a list of fields).
What a document's settings must be is still said by `steps.py`, in words.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from workflows.graph import list_kinds, notices, packs, questions, readings, records
from workflows.graph.document import BODY_KINDS, KINDS
from workflows.rules.table import SCHEMA as TABLE

ERROR = "error"


@dataclass(frozen=True)
class StepKind:
    """One kind of step. `ports` are the ways out that it always has; those named by the entries of the setting
    `ports_from` come before them."""

    name: str
    title: str
    description: str
    ports: tuple[str, ...] = ("ok", ERROR)
    ports_from: str = ""
    has_body: bool = False
    """It holds steps of its own."""
    settings_schema: dict[str, Any] = field(default_factory=lambda: _object({}))

    @property
    def fits_inside(self) -> bool:
        """Whether it may stand inside of a step that holds others."""
        return self.name in BODY_KINDS


def _object(properties: dict[str, Any], required: tuple[str, ...] = ()) -> dict[str, Any]:
    return {"type": "object", "additionalProperties": False, "properties": properties, "required": list(required)}


def _expression(title: str, description: str, placeholder: str) -> dict[str, Any]:
    return {
        "type": ["string", "boolean"],
        "title": title,
        "description": description,
        "x-expression": True,
        "x-placeholder": placeholder,
    }


RECEIVE = _object(
    {
        "event": {
            "type": "string",
            "title": "Event",
            "minLength": 1,
            "maxLength": 100,
            "description": "Its name. Empty: an answer at the address run.callbacks.<step>.",
        },
        "key": {"title": "Key", "description": "Which message is meant.", "x-placeholder": "=steps.order.id"},
        "deadline_seconds": {"type": "number", "title": "Seconds to wait at most", "minimum": 1},
    }
)
_CASE = _object(
    {
        "name": {"type": "string", "title": "Name", "description": "The way out is called this.", "minLength": 1},
        "if": _expression("Is taken when", "The first case that is true is taken.", 'trigger.kind = "order"'),
    },
    ("name", "if"),
)


def _reconcile(title: str) -> dict[str, Any]:
    return {"type": "string", "title": title, "x-offers": "reconciles", "x-literal": True}


STEP_KINDS: tuple[StepKind, ...] = (
    StepKind("action", "Action", "Does one thing with a connection."),
    StepKind(
        "condition", "Condition", "Goes on by yes or by no.", ("yes", "no", ERROR),
        settings_schema=_object({"if": _expression("Yes, when", "True or false.", "trigger.count > 3")}, ("if",)),
    ),
    StepKind(
        "switch", "Switch", "Goes on by the first case that is true, else by else.", ("else", ERROR),
        ports_from="cases",
        settings_schema=_object(
            {"cases": {"type": "array", "title": "Cases", "minItems": 1, "items": _CASE}}, ("cases",)
        ),
    ),
    StepKind(
        "transform", "Transform", "Makes a value out of others.",
        settings_schema=_object(
            {
                "items": {
                    "type": "array", "title": "Items", "x-expression": True, "x-placeholder": "steps.find.people",
                    "description": "A list: the value is made for each of its items. Empty: it is made once.",
                },
                "value": {
                    "title": "Value",
                    "description": "What the step gives: an expression, text, or any JSON. With items it may read "
                    "item and index.",
                },
            },
            ("value",),
        ),
    ),
    StepKind(
        "filter", "Filter", "Keeps the items of a list for which a condition is true.",
        settings_schema=_object(
            {
                "items": {
                    "type": "array", "title": "Items", "description": "The list to look through.",
                    "x-expression": True, "x-placeholder": "steps.find.people",
                },
                "where": _expression("Keep, when", "May read item and index.", 'item.title = "Designer"'),
            },
            ("items", "where"),
        ),
    ),
    StepKind("sort", "Sort", "Puts a list in order.", settings_schema=list_kinds.SORT),
    StepKind("distinct", "Distinct", "Drops what is in a list twice.", settings_schema=list_kinds.DISTINCT),
    StepKind("group", "Group", "Gathers a list in groups, with counts and sums.", settings_schema=list_kinds.GROUP),
    StepKind(
        "merge", "Merge", "Brings several ways together.", ("ok",),
        settings_schema=_object(
            {
                "join": {
                    "type": ["string", "integer"], "title": "Goes on when", "default": "all", "x-literal": True,
                    "anyOf": [{"enum": ["all", "any"]}, {"type": "integer", "minimum": 1}],
                    "description": "all: every way to it is decided; any: the first one arrives; a number: so many.",
                }
            }
        ),
    ),
    StepKind(
        "wait", "Wait", "Waits for some time, or until a time. Fill in one of the two.",
        settings_schema=_object(
            {
                "seconds": {"type": "number", "minimum": 0, "title": "Seconds"},
                "until": {"type": "string", "title": "Until", "x-placeholder": "2026-03-01T09:00:00Z"},
            }
        ),
    ),
    StepKind(
        "each", "For each", "Does the steps inside it for every item of a list.", has_body=True,
        settings_schema=_object(
            {
                "items": {
                    "type": "array", "title": "Items", "description": "The list that is gone through.",
                    "x-expression": True, "x-placeholder": "steps.find.people",
                },
                "concurrency": {
                    "type": "integer", "title": "Items at a time", "minimum": 1, "maximum": 50, "default": 1,
                    "x-literal": True,
                },
                "on_error": {
                    "enum": ["stop", "collect"], "title": "When an item fails", "default": "stop", "x-literal": True,
                    "description": "stop: no further item is begun; collect: the others go on.",
                },
                "result": {
                    "title": "What an item gives", "x-expression": True, "x-placeholder": "steps.greet.id",
                    "description": "May read item, index and the steps inside. Usually what its last steps gave.",
                },
            },
            ("items",),
        ),
    ),
    StepKind(
        "repeat", "Repeat", "Does the steps inside it again, until something is so or the limit is reached.",
        ("ok", "limit", ERROR), has_body=True,
        settings_schema=_object(
            {
                "until": _expression("Until", "May read item, index, the steps inside.", 'steps.ask.state = "done"'),
                "limit": {
                    "type": "integer", "title": "Rounds at most", "minimum": 1, "maximum": 1000, "x-literal": True,
                },
                "start": {"title": "Item of the first round", "description": "Later: what the round before gave."},
                "result": {
                    "title": "What a round gives", "x-expression": True, "x-placeholder": "steps.ask.page",
                    "description": "Usually what its last steps gave.",
                },
            },
            ("until", "limit"),
        ),
    ),
    StepKind(
        "workflow", "Workflow", "Starts another workflow, and waits for what it gives.",
        settings_schema=_object(
            {
                "workflow": {"type": "string", "title": "Workflow", "x-offers": "workflows"},
                "input": {"type": "object", "title": "Input", "description": "What its run sees as trigger."},
                "wait": {"type": "boolean", "title": "Wait until it has ended", "default": True},
            },
            ("workflow",),
        ),
    ),
    StepKind(
        "plan", "Plan", "Reads what is and what should be; the difference is a plan.", ("ok", "empty", ERROR),
        settings_schema=_object(
            {
                "reconcile": _reconcile("What is brought in line"),
                "parameters": {"type": "object", "title": "Parameters", "x-schema-of": "reconcile"},
                "people": {
                    "title": "Only these people", "x-expression": True, "x-placeholder": "trigger.happenings.subject",
                    "description": "A list of ids. Empty, or while another plan waits: everybody.",
                },
            },
            ("reconcile", "parameters"),
        ),
    ),
    StepKind(
        "approve", "Approve", "Asks people, stage by stage, and waits for what they decide.",
        ("approved", "rejected", "expired", ERROR),
        settings_schema=questions.SCHEMA,
    ),
    StepKind(
        "notify", "Notify", "Tells people, each of them once, and keeps what became of each message.",
        settings_schema=notices.SCHEMA,
    ),
    StepKind(
        "apply", "Apply", "Waits until a plan is approved, and applies exactly that plan.", ("ok", "rejected", ERROR),
        settings_schema=_object(
            {
                "plan": {
                    "type": "string", "title": "Plan", "description": "The id of a plan.", "x-expression": True,
                    "x-placeholder": "steps.plan.id",
                }
            },
            ("plan",),
        ),
    ),
    StepKind(
        "rules", "Rules", "Asks a rule table, and goes on by none when no row knows.", ("ok", "none", ERROR),
        settings_schema=_object(
            {
                "table": {**TABLE, "x-rule-table": True},
                "record": {
                    "type": "object", "title": "Record", "description": "A value for each column of the table.",
                    "x-columns-of": "table",
                },
                "items": {
                    "type": "array", "title": "Items", "x-expression": True, "x-placeholder": "steps.find.people",
                    "description": "Empty: one record. Else a decision for each; the record may read item and index.",
                },
                "trace": {
                    "type": "boolean", "title": "Say of each row why it counts or not", "default": False,
                    "x-literal": True,
                },
            },
            ("table", "record"),
        ),
    ),
    StepKind(
        "read", "Read", "Reads a stream whole, however long it is, and gives its records as a list.",
        settings_schema=readings.SCHEMA,
    ),
    StepKind(
        "record", "Record", "Reads a stream, and keeps as evidence what is new in it.",
        settings_schema=records.SCHEMA,
    ),
    StepKind(
        "check", "Check", "Finds what is not as it should be, keeps it as evidence, and says what is new of it.",
        settings_schema=_object(
            {
                "reconcile": _reconcile("What is looked at"),
                "parameters": {"type": "object", "title": "Parameters", "x-schema-of": "reconcile"},
            },
            ("reconcile", "parameters"),
        ),
    ),
    StepKind(
        "pack", "Evidence pack", "Writes evidence out, so that it can be checked anywhere.", ("ok", "empty", ERROR),
        settings_schema=packs.SCHEMA,
    ),
    StepKind(
        "receive", "Receive", "Waits for a message: by an event and a key, or at an address of its own.",
        ("ok", "expired", ERROR), settings_schema=RECEIVE,
    ),
    StepKind(
        "respond", "Respond", "Answers the webhook call that waits for the run's result, and goes on.",
        settings_schema=_object(
            {
                "status": {"type": "integer", "title": "Status", "minimum": 200, "maximum": 599, "default": 200},
                "body": {"title": "Body", "description": "What the caller gets: an expression, or any JSON."},
            }
        ),
    ),
    StepKind(
        "stop", "Stop", "Ends this way as failed, with a message.", (),
        settings_schema=_object({"message": {"type": "string", "title": "Message", "x-lines": 2}}),
    ),
)  # fmt: skip


def undescribed() -> set[str]:
    """Kinds that a document may have and nothing describes, or the other way round. A test wants none."""
    return {kind.name for kind in STEP_KINDS} ^ set(KINDS)
