"""What the step *read* is told, as a JSON Schema."""

from __future__ import annotations

from typing import Any

SCHEMA: dict[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "required": ["connection", "stream"],
    "properties": {
        "connection": {"type": "string", "minLength": 1, "maxLength": 63, "title": "Connection"},
        "stream": {
            "type": "string", "minLength": 1, "maxLength": 100, "title": "Stream",
            "description": "Such as exstream.jobs.",
        },
        "input": {"type": "object", "title": "Input", "description": "What the stream is asked for."},
    },
}  # fmt: skip
