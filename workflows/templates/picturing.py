"""What the workflow of a template looks like, before anybody has set it up."""

from __future__ import annotations

from typing import Any

from workflows.graph.document import FORMAT
from workflows.templates.gallery import Template

_EMPTY: dict[str, Any] = {"string": "", "array": [], "object": {}, "number": 0, "integer": 0, "boolean": False}


def picture_of(template: Template) -> dict[str, Any]:
    """A document to draw, never to run: the parameters are blank where they have no default."""
    properties = template.given.parameters["properties"]
    blank = {name: _blank(schema) for name, schema in properties.items()}
    return {"format": FORMAT, "name": template.title, **template.document(blank)}


def sketch_of(template: Template) -> dict[str, Any]:
    """The same in outline: `steps` with id, kind and title, and `ways`, pairs of the ids that they join."""
    document = picture_of(template)
    steps = [{"id": each["id"], "kind": each["kind"], "title": each.get("title", "")} for each in document["steps"]]
    return {"steps": steps, "ways": [[each["from"], each["to"]] for each in document["edges"]]}


def _blank(schema: dict[str, Any]) -> Any:
    if "default" in schema:
        return schema["default"]
    if "examples" in schema:
        return schema["examples"][0]
    if "enum" in schema:
        return schema["enum"][0]
    if "properties" in schema:
        return {name: _blank(each) for name, each in schema["properties"].items()}
    kind = schema.get("type", "string")
    return _EMPTY[kind if isinstance(kind, str) else kind[0]]
