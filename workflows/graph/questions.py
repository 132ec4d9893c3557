"""What the step *approve* is told, as a JSON Schema: what is asked, of whom, and until when."""

from __future__ import annotations

from typing import Any

_APPROVERS: dict[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "minProperties": 1,
    "properties": {
        "people": {"type": "array", "items": {"type": "string", "minLength": 1}, "title": "User names"},
        "roles": {"type": "array", "items": {"type": "string", "minLength": 1}, "title": "Roles of the workspace"},
        "from": {
            "type": "object",
            "title": "A directory",
            "description": "Asked when the question is asked, and again when somebody decides.",
            "additionalProperties": False,
            "required": ["action", "connection", "usernames"],
            "properties": {
                "action": {
                    "type": "string",
                    "minLength": 1,
                    "title": "An action that only reads",
                    "x-offers": "reads",
                },
                "connection": {"type": "string", "minLength": 1, "title": "Connection", "x-offers": "connections"},
                "input": {"type": "object", "title": "Input"},
                "usernames": {
                    "type": "string",
                    "minLength": 1,
                    "title": "User names in its output",
                    "description": "JSONata without a leading =, such as members.name.",
                },
            },
        },
    },
}
SCHEMA: dict[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "required": ["title", "stages"],
    "properties": {
        "title": {"type": "string", "minLength": 1, "maxLength": 200, "title": "Title"},
        "subject": {
            "type": "string",
            "maxLength": 200,
            "title": "What it is about",
            "description": "Asking anew about the same takes the older question back.",
        },
        "once": {
            "type": "boolean",
            "title": "Ask the same once",
            "description": "While the same is asked about it already, this step leaves by expired.",
        },
        "show": {
            "type": "array",
            "maxItems": 100,
            "title": "What is shown",
            "items": {
                "type": "object",
                "additionalProperties": False,
                "required": ["label", "value"],
                "properties": {"label": {"type": "string", "minLength": 1, "maxLength": 100}, "value": {}},
            },
        },
        "stages": {
            "type": "array",
            "minItems": 1,
            "maxItems": 20,
            "title": "Stages",
            "items": {
                "type": "object",
                "additionalProperties": False,
                "required": ["name", "approvers"],
                "properties": {
                    "name": {"type": "string", "minLength": 1, "maxLength": 100, "title": "Name"},
                    "need": {"type": "integer", "minimum": 1, "maximum": 100, "title": "How many decide"},
                    "approvers": _APPROVERS | {"title": "Approvers"},
                },
            },
        },
        "parallel": {"type": "boolean", "title": "All stages at once"},
        "requester": {"type": ["string", "null"], "maxLength": 200, "title": "User name of whoever asks"},
        "allow_same_person": {"type": "boolean", "title": "One person may fill several stages"},
        "deadline": {
            "type": "object",
            "title": "Deadline",
            "additionalProperties": False,
            "properties": {
                "until": {"type": "string"},
                "hours": {"type": "number"},
                "business_days": {"type": "integer"},
                "zone": {"type": "string"},
                "country": {"type": "string"},
                "region": {"type": "string"},
                "closed": {"type": "array", "items": {"type": "string"}},
                "weekend": {"type": "array", "items": {"type": "integer"}},
            },
        },
        "mail": {
            "type": "object",
            "title": "Mail",
            "additionalProperties": False,
            "required": ["connection"],
            "properties": {
                "connection": {
                    "type": "string",
                    "minLength": 1,
                    "title": "An e-mail connection",
                    "x-connection": "email",
                },
                "every_hours": {"type": "number", "exclusiveMinimum": 0, "title": "Remind after so many hours"},
                "at_most": {"type": "integer", "minimum": 0, "maximum": 50, "title": "Reminders at most"},
            },
        },
        "escalation": {
            "type": "object",
            "title": "Escalation",
            "additionalProperties": False,
            "required": ["after_hours", "approvers"],
            "properties": {
                "after_hours": {"type": "number", "exclusiveMinimum": 0, "title": "After so many hours"},
                "approvers": _APPROVERS | {"title": "Who is asked besides"},
            },
        },
    },
}
_SAID_BY_THE_PLAN = ("title", "subject", "once", "show", "requester")
OF_A_PLAN: dict[str, Any] = SCHEMA | {
    "required": ["stages"],
    "properties": {name: held for name, held in SCHEMA["properties"].items() if name not in _SAID_BY_THE_PLAN},
}
"""Who is asked about a plan: what is asked is the plan."""
