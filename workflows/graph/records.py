"""What the step *record* is told, as a JSON Schema: what is collected from where, and how it is read."""

from __future__ import annotations

from typing import Any

_NAME = {"type": "string", "minLength": 1, "maxLength": 100}
SCHEMA: dict[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "required": ["connection", "stream", "kind"],
    "properties": {
        "stream": {**_NAME, "title": "Stream", "description": "What is collected.", "x-offers": "streams"},
        "connection": {
            "type": "string",
            "minLength": 1,
            "maxLength": 63,
            "title": "Connection",
            "x-offers": "connections",
        },
        "input": {"type": "object", "title": "Input", "description": "What the stream is asked for."},
        "kind": {**_NAME, "maxLength": 63, "title": "Kind", "description": "What its records are called."},
        "state": {
            "type": "boolean",
            "title": "It lists what is",
            "description": "Not what happened: what it lists no more is kept as gone.",
            "default": False,
        },
        "people": {"type": "boolean", "title": "It lists people", "default": False},
        "fields": {
            "type": "object",
            "additionalProperties": False,
            "properties": {
                name: {**_NAME, "title": title}
                for name, title in (
                    ("at", "When it happened"),
                    ("person", "Who"),
                    ("domain", "In which domain"),
                    ("subject", "To what"),
                    ("job", "In which job"),
                )
            },
            "title": "Which field says what",
        },
        "classes": {
            "type": "object",
            "additionalProperties": {"enum": ["fact", "identity", "organisation", "contact", "text"]},
            "title": "Class of personal data of further fields",
        },
        "leave_out": {"type": "array", "items": _NAME, "title": "Fields that are not kept"},
        "since": {
            **_NAME,
            "title": "Field of the input for the first day",
            "description": "Then only what is newer than the last collection is read, from the day before on.",
        },
        "kept_hours": {
            "type": ["number", "null"],
            "minimum": 0,
            "title": "Hours that the source keeps what happened",
            "description": "Empty: it forgets nothing.",
        },
        "wipes": {
            "type": ["array", "null"],
            "items": {
                "type": "object",
                "anyOf": [{"required": ["cron"]}, {"required": ["at"]}],
                "properties": {
                    name: {"type": "string", "title": title}
                    for name, title in (("cron", "Cron rule"), ("zone", "Time zone"), ("at", "Or the time"))
                },
            },
            "title": "When the source forgets",
            "description": "Cron rules, or times at which it did. Empty: nobody knows, so it may be at any time.",
        },
        "late_after_hours": {
            "type": ["number", "null"],
            "exclusiveMinimum": 0,
            "title": "Hours after which it is late",
            "description": "Then the hub tells of it by itself, also when the workflow does not run at all.",
        },
        "tell": {
            "type": "object",
            "additionalProperties": False,
            "required": ["mail", "to"],
            "properties": {
                "mail": {"type": "string", "minLength": 1, "title": "An e-mail connection"},
                "to": {"type": "array", "minItems": 1, "items": {"type": "string", "minLength": 3}},
            },
            "title": "Who is told when it is late",
        },
    },
}
