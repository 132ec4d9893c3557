"""The kinds of body that can be sent."""

from __future__ import annotations

import base64
import binascii
from enum import StrEnum
from typing import Any

from hub.sdk import Fields, Misconfigured, field


class BodyKind(StrEnum):
    NONE = "none"
    JSON = "json"
    FORM = "form"
    TEXT = "text"
    FILE = "file"
    PARTS = "parts"


class File(Fields):
    content: str = field("Content", help="Base64.")
    content_type: str = field("Content type", default="application/octet-stream")


class Part(Fields):
    name: str = field("Name")
    value: str | None = field("Value", default=None)
    file_name: str = field("File name", default="")
    file: File | None = field("File", default=None)


class Body(Fields):
    kind: BodyKind = field("Kind", default=BodyKind.NONE)
    document: Any = field("JSON", default=None)
    form: dict[str, str | list[str]] = field("Form", default_factory=dict)
    text: str = field("Text", default="", lines=6)
    text_type: str = field("Type of the text", default="text/plain; charset=utf-8", advanced=True)
    file: File | None = field("File", default=None)
    parts: list[Part] = field("Parts", default_factory=list)


def written(body: Body) -> tuple[dict[str, Any], dict[str, str]]:
    """What to send and with which headers. Raises Misconfigured for a file that is missing or no base64."""
    match body.kind:
        case BodyKind.JSON:
            # `json=None` would send nothing, and null is a document.
            if body.document is None:
                return {"data": b"null"}, {"Content-Type": "application/json"}
            return {"json": body.document}, {}
        case BodyKind.FORM:
            return {"data": body.form}, {"Content-Type": "application/x-www-form-urlencoded"}
        case BodyKind.TEXT:
            return {"data": body.text.encode()}, {"Content-Type": body.text_type}
        case BodyKind.FILE:
            if body.file is None:
                raise Misconfigured("The body is a file, but none is given.", field="body.file")
            return {"data": _bytes(body.file, "body.file")}, {"Content-Type": body.file.content_type}
        case BodyKind.PARTS:
            return {"files": [_part(part, number) for number, part in enumerate(body.parts)]}, {}
        case _:
            return {}, {}


def _part(part: Part, number: int) -> Any:
    if part.file is None:
        return part.name, (None, part.value or "")
    place = f"body.parts.{number}.file"
    return part.name, (part.file_name or part.name, _bytes(part.file, place), part.file.content_type)


def _bytes(file: File, place: str) -> bytes:
    try:
        return base64.b64decode("".join(file.content.split()), validate=True)
    except (binascii.Error, ValueError):
        raise Misconfigured("The file's content is no base64.", field=f"{place}.content") from None
