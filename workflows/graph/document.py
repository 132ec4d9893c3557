"""The workflow document: its JSON Schema, and how documents of older formats become current ones."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

from hub.sdk.sentence import Sentence
from workflows.graph import privacy

FORMAT = 1
KINDS = (
    "action", "condition", "switch", "transform", "filter", "sort", "distinct", "group", "merge", "wait", "plan",
    "apply", "approve", "notify", "workflow", "each", "repeat", "rules", "read", "record", "pack", "check", "receive",
    "respond", "stop",
)  # fmt: skip
BODY_KINDS = frozenset(KINDS) - {"plan", "apply", "read", "record", "pack", "check", "respond"}
"""What a for-each may do with an item."""
TRIGGERS = ("manual", "webhook", "schedule", "event")
STEP_ID = r"^[a-z][a-z0-9_]{0,62}$"

_TEXT = {"type": "string", "maxLength": 400}
_ID = {"type": "string", "pattern": STEP_ID}
_RETRY = {
    "type": "object",
    "additionalProperties": False,
    "properties": {
        "attempts": {"type": "integer", "minimum": 1, "maximum": 50},
        "first_seconds": {"type": "number", "minimum": 0, "maximum": 86_400},
        "factor": {"type": "number", "minimum": 1, "maximum": 10},
        "longest_seconds": {"type": "number", "minimum": 0, "maximum": 604_800},
    },
}
_STEP = {
    "type": "object",
    "additionalProperties": False,
    "required": ["id", "kind"],
    "properties": {
        "id": _ID,
        "kind": {"enum": list(KINDS)},
        "title": _TEXT,
        "note": {"type": "string", "maxLength": 4000},
        "action": {"type": "string", "maxLength": 100},
        "connection": {"type": "string", "maxLength": 63},
        "input": {"type": "object"},
        "settings": {"type": "object"},
        "body": {
            "type": "object",
            "additionalProperties": False,
            "required": ["steps"],
            "properties": {
                "steps": {"type": "array", "maxItems": 200, "items": {"$ref": "#/properties/steps/items"}},
                "edges": {"type": "array", "maxItems": 1000, "items": {"$ref": "#/properties/edges/items"}},
            },
        },
        "retry": _RETRY,
        "timeout_seconds": {"type": "number", "exclusiveMinimum": 0, "maximum": 3600},
        "at": {
            "type": "object",
            "additionalProperties": False,
            "required": ["x", "y"],
            "properties": {"x": {"type": "number"}, "y": {"type": "number"}},
        },
    },
}
OPTIONS: dict[str, Any] = {
    "on_failure": {
        "type": "object",
        "title": "Error workflow",
        "additionalProperties": False,
        "required": ["workflow"],
        "properties": {
            "workflow": {"type": "string", "minLength": 1, "maxLength": 63},
            "when": {
                "type": "array", "minItems": 1, "uniqueItems": True,
                "items": {"enum": ["failed", "in_doubt", "cancelled"]}, "default": ["failed", "in_doubt"],
            },
            "by_hand": {"type": "boolean", "default": True},
        },
    },
    "concurrency": {
        "type": "object",
        "title": "Runs at a time",
        "additionalProperties": False,
        "anyOf": [{"required": ["limit"]}, {"required": ["key", "limit_per_key"]}],
        "properties": {
            "limit": {"type": "integer", "minimum": 1, "maximum": 10_000},
            "key": {"type": "string", "minLength": 1, "maxLength": 2000},
            "limit_per_key": {"type": "integer", "minimum": 1, "maximum": 10_000},
            "when_full": {"enum": ["queue", "drop", "replace"], "default": "queue"},
        },
    },
    "privacy": privacy.SCHEMA,
    "keys": {
        "type": "object",
        "title": "Business keys",
        "maxProperties": 10,
        "propertyNames": {"pattern": STEP_ID},
        "additionalProperties": {"type": "string", "minLength": 1, "maxLength": 2000},
    },
    "pool": {
        "type": "string",
        "title": "Workers",
        "description": "The pool of workers that carries out its runs.",
        "pattern": r"^[a-z0-9][a-z0-9-]{0,62}$",
        "default": "default",
    },
    "priority": {"enum": ["normal", "high", "urgent"], "title": "Priority", "default": "normal"},
}  # fmt: skip
"""What a document says about its runs as a whole."""
SCHEMA: dict[str, Any] = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "$id": "urn:lockgate:workflow-document:1",
    "title": "Workflow document",
    "description": "A workflow as a trigger-action graph.",
    "type": "object",
    "additionalProperties": False,
    "required": ["format", "name", "steps"],
    "properties": {
        "format": {"const": FORMAT},
        "name": {"type": "string", "pattern": r"\S", "x-form": "some text", "maxLength": 200},
        "description": {"type": "string", "maxLength": 4000},
        **OPTIONS,
        "triggers": {
            "type": "array",
            "maxItems": 50,
            "items": {
                "type": "object",
                "additionalProperties": False,
                "required": ["id", "kind"],
                "properties": {"id": _ID, "kind": {"enum": list(TRIGGERS)}, "settings": {"type": "object"}},
            },
        },
        "steps": {"type": "array", "maxItems": 2000, "items": _STEP},
        "edges": {
            "type": "array",
            "maxItems": 10_000,
            "items": {
                "type": "object",
                "additionalProperties": False,
                "required": ["from", "to"],
                "properties": {
                    "from": _ID,
                    "to": _ID,
                    "port": {"type": "string", "minLength": 1, "maxLength": 100},
                },
            },
        },
    },
}

MIGRATIONS: dict[int, Callable[[dict[str, Any]], dict[str, Any]]] = {}
"""From each older format to the next one."""


class UnknownFormat(ValueError):
    """The document does not say its format, or says one that this Lockgate does not read."""

    def __init__(self, held: Any) -> None:
        is_newer = isinstance(held, int) and not isinstance(held, bool) and held > FORMAT
        if held is None:
            said = Sentence("The document does not say its format.")
        elif is_newer:
            said = Sentence(
                "The document has the format {held}, of a newer Lockgate; this one reads up to {most}.",
                held=held,
                most=FORMAT,
            )
        else:
            said = Sentence('"{held}" is no format of a document.', held=str(held)[:40])
        super().__init__(said)
        self.hint = (
            "Bring this Lockgate up to date. Do not change the number alone: what a newer format means would be read "
            "wrongly."
            if is_newer
            else f'Write "format": {FORMAT}, if the document follows the current JSON Schema.'
        )


def migrate(document: dict[str, Any]) -> dict[str, Any]:
    """The document in the current format; the one given is not changed. Raises UnknownFormat."""
    made = copy.deepcopy(document)
    while (held := made.get("format")) != FORMAT:
        if not isinstance(held, int) or held not in MIGRATIONS:
            raise UnknownFormat(held)
        made = MIGRATIONS[held](made)
    return made
