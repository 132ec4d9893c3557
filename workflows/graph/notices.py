"""What the step *notify* is told, as a JSON Schema: what is said, to whom, and when."""

from __future__ import annotations

from typing import Any

_TIME = {"type": "string", "minLength": 4, "maxLength": 8}
_ZONE = {"type": "string", "title": "Time zone"}
_ADDRESSES = {"type": "array", "items": {"type": "string", "minLength": 3, "maxLength": 320}, "maxItems": 1000}
QUIET: dict[str, Any] = {
    "type": "object",
    "title": "Quiet hours",
    "description": "Nothing goes out in them; it waits until they end.",
    "additionalProperties": False,
    "required": ["from", "to"],
    "properties": {
        "from": {**_TIME, "title": "From"},
        "to": {**_TIME, "title": "To"},
        "zone": _ZONE,
        "weekends": {"type": "boolean", "title": "Weekends too"},
    },
}
DIGEST: dict[str, Any] = {
    "type": "object",
    "title": "Digest",
    "description": "What is due at this time of day goes out as one message for each person.",
    "additionalProperties": False,
    "required": ["at"],
    "properties": {"at": {**_TIME, "title": "At"}, "zone": _ZONE},
}
SCHEMA: dict[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "required": ["topic", "subject", "text"],
    "properties": {
        "topic": {
            "type": "string",
            "minLength": 1,
            "maxLength": 200,
            "title": "What it is about",
            "description": "Nobody is told twice about the same, whichever run speaks of it.",
        },
        "kind": {
            "type": "string",
            "maxLength": 100,
            "title": "Kind",
            "description": "What somebody opts out of, such as jobs.",
        },
        "subject": {"type": "string", "minLength": 1, "maxLength": 400, "title": "Subject"},
        "text": {"type": "string", "minLength": 1, "maxLength": 100_000, "title": "Text", "x-lines": 8},
        "html": {"type": "string", "maxLength": 200_000, "title": "HTML", "x-lines": 8},
        "mail": {
            "type": "string",
            "minLength": 1,
            "maxLength": 63,
            "title": "An e-mail connection",
            "x-connection": "email",
        },
        "to": {**_ADDRESSES, "title": "Addresses", "description": "Of people whom no directory knows."},
        "members": {
            "type": "array",
            "maxItems": 100,
            "title": "From directories",
            "description": "Asked now, and again when it is sent later.",
            "items": {
                "type": "object",
                "additionalProperties": False,
                "required": ["action", "connection", "people"],
                "properties": {
                    "action": {
                        "type": "string",
                        "minLength": 1,
                        "title": "An action that only reads",
                        "x-offers": "reads",
                    },
                    "connection": {
                        "type": "string",
                        "minLength": 1,
                        "title": "Connection",
                        "x-offers": "connections",
                    },
                    "input": {"type": "object", "title": "Input"},
                    "people": {
                        "type": "string",
                        "minLength": 1,
                        "title": "People in its output",
                        "description": "JSONata without a leading =: a list of id, mail, name and disabled.",
                    },
                },
            },
        },
        "web": {
            "type": "array",
            "maxItems": 20,
            "items": {"type": "string", "minLength": 1, "maxLength": 63},
            "title": "Web addresses",
            "description": "Connections of the connector webhook.",
        },
        "chat": {
            "type": "array",
            "maxItems": 20,
            "items": {"type": "string", "minLength": 1, "maxLength": 63},
            "title": "Chat channels",
            "description": "Connections of the connectors slack and teams. Digest and quiet hours count for them.",
        },
        "must_reach": {
            "type": "boolean",
            "title": "Somebody has to be told",
            "description": "Goes out at once, and to the fallback when nobody else could be told.",
        },
        "fallback": {**_ADDRESSES, "title": "Fallback", "description": "Addresses."},
        "quiet": QUIET,
        "digest": DIGEST,
    },
}
