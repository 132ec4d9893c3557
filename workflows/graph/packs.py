"""What the step *pack* is told, as a JSON Schema: which evidence, and what of it may be seen."""

from __future__ import annotations

from typing import Any

_TEXT = {"type": "string", "maxLength": 400}
CHOSEN: dict[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "properties": {
        name: {**_TEXT, "title": title}
        for name, title in (
            ("kind", "Kind"), ("source", "Connection it was read with"), ("person", "Person"), ("domain", "Domain"),
            ("subject", "Template, group or role"), ("job", "Job"), ("since", "From this time on"),
            ("until", "Before this time"),
        )
    },
    "title": "Which records",
    "description": "All that is given has to fit.",
}  # fmt: skip
SHOW: dict[str, Any] = {
    "type": "array",
    "items": {"enum": ["fact", "identity", "organisation", "contact", "text"]},
    "title": "Classes that are shown",
    "default": ["fact", "identity", "organisation"],
}
SCHEMA: dict[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "required": ["title"],
    "properties": {
        "title": {"type": "string", "minLength": 1, "maxLength": 200, "title": "Title"},
        "chosen": CHOSEN,
        "show": SHOW,
        "once": {
            "type": "boolean",
            "default": False,
            "title": "Only once",
            "description": "When there is a pack of the same already, this step leaves by empty.",
        },
    },
}
