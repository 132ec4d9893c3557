"""What the settings of each kind of trigger are: one JSON Schema a kind, from which forms are drawn too. The `x-`
keywords are those of `workflows.graph.kinds`."""

from __future__ import annotations

from typing import Any

from workflows.planning.schedules import SHORTEST_INTERVAL_SECONDS
from workflows.triggers.checks import CheckKind

LARGEST_BODY_KB = 10_240
USUAL_BODY_KB = 1024
USUAL_ANSWER_SECONDS = 30
LONGEST_ANSWER_SECONDS = 300
PATH = r"^[A-Za-z0-9][A-Za-z0-9_-]{2,99}$"
_FORM = {
    "type": "object",
    "title": "What is asked for",
    "description": "The form is drawn from it, and input that does not fit is refused.",
    "x-shape": True,
}

SCHEMAS: dict[str, dict[str, Any]] = {
    "manual": {
        "type": "object",
        "title": "By hand",
        "description": "A person starts it, or a program by the API.",
        "additionalProperties": False,
        "properties": {"input": _FORM},
    },
    "webhook": {
        "type": "object",
        "title": "Webhook",
        "description": "Another system calls an address. The call is stored before it is acknowledged.",
        "additionalProperties": False,
        "properties": {
            "path": {
                "type": "string",
                "title": "Last part of the address",
                "pattern": PATH,
                "x-form": "3 to 100 letters, digits, - and _, beginning with a letter or a digit",
                "description": "Empty: a long one that nobody can guess.",
            },
            "methods": {
                "type": "array",
                "title": "Methods",
                "items": {"enum": ["POST", "PUT", "PATCH", "GET", "DELETE"]},
                "minItems": 1,
                "uniqueItems": True,
                "default": ["POST"],
            },
            "check": {
                "type": "object",
                "title": "Who may call",
                "required": ["kind"],
                "properties": {
                    "kind": {"enum": list(CheckKind), "title": "How callers prove themselves"},
                    "user": {"type": "string", "title": "User name"},
                    "header": {
                        "type": "string",
                        "title": "Header",
                        "pattern": r"^[A-Za-z0-9-]+$",
                        "x-form": "the name of a header",
                    },
                    "prefix": {"type": "string", "title": "What stands before the signature"},
                },
            },
            "answer": {
                "enum": ["stored", "result"],
                "title": "The call is answered",
                "description": "stored: as soon as it is stored; result: when its run has answered or ended.",
                "default": "stored",
            },
            "answer_seconds": {
                "type": "integer",
                "title": "Seconds to wait for the result",
                "description": "After that the answer is 202 with the address of the run's state.",
                "minimum": 1,
                "maximum": LONGEST_ANSWER_SECONDS,
                "default": USUAL_ANSWER_SECONDS,
                "x-advanced": True,
            },
            "max_kb": {
                "type": "integer",
                "title": "Largest body in kB",
                "x-advanced": True,
                "minimum": 1,
                "maximum": LARGEST_BODY_KB,
                "default": USUAL_BODY_KB,
            },
            "key": {
                "type": "string",
                "title": "De-duplication key",
                "description": "The same key starts at most one run.",
                "x-expression": True,
                "x-placeholder": "trigger.body.id",
                "x-advanced": True,
            },
            "input": _FORM
            | {
                "title": "Shape of the body",
                "description": "A call whose body does not fit is refused.",
                "x-advanced": True,
            },
        },
    },
    "schedule": {
        "type": "object",
        "title": "Schedule",
        "description": "Starts by the clock.",
        "additionalProperties": False,
        "properties": {
            "cron": {
                "type": "string",
                "title": "Cron rule",
                "description": "Minute, hour, day of month, month, day of week: 0 7 * * 1-5 is weekdays at seven.",
            },
            "every_seconds": {
                "type": "integer",
                "title": "Or every so many seconds",
                "minimum": SHORTEST_INTERVAL_SECONDS,
            },
            "zone": {"type": "string", "title": "Time zone", "default": "UTC", "examples": ["Europe/Berlin"]},
            "missed": {
                "enum": ["skip", "run_once", "run_all"],
                "title": "Fires missed while the hub was stopped",
                "default": "run_once",
            },
            "overlap": {
                "enum": ["allow", "skip", "wait"],
                "title": "While the run before is still going",
                "description": "allow: start another; skip: pass this fire over; wait: start when it has ended.",
                "default": "allow",
            },
            "input": {
                "type": "object",
                "title": "Input",
                "description": "What expressions see as trigger.input.",
                "x-advanced": True,
            },
        },
    },
    "event": {
        "type": "object",
        "title": "Event",
        "description": "Something happened at a connected service.",
        "additionalProperties": False,
        "required": ["source", "connection"],
        "properties": {
            "source": {"type": "string", "title": "What happened", "minLength": 1, "x-offers": "event-sources"},
            "connection": {
                "type": "string",
                "title": "Connection",
                "minLength": 1,
                "x-offers": "connections",
                "x-depends-on": ["source"],
            },
            "input": {"type": "object", "title": "Which happenings", "default": {}, "x-schema-of": "source"},
            "every_seconds": {
                "type": "integer",
                "title": "Ask every so many seconds",
                "minimum": 5,
                "maximum": 86_400,
            },
            "deliver": {
                "enum": ["each", "together"],
                "title": "Runs",
                "description": "each: a run for each happening; together: one run for all that one reading found.",
                "default": "each",
            },
        },
    },
}
