"""JSON Schemas that users write: validated without ever fetching anything."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from jsonschema import Draft202012Validator
from referencing import Registry
from referencing.exceptions import Unresolvable
from referencing.jsonschema import DRAFT202012

_REFERENCES = ("$ref", "$dynamicRef")


def closed_validator(schema: Mapping[str, Any]) -> Draft202012Validator:
    """A validator that knows this schema and no other. See `wrong_references` for what it could not follow."""
    return Draft202012Validator(dict(schema), registry=Registry())


def wrong_references(schema: Any) -> list[str]:
    """The references of a schema that lead nowhere within it. One to another place is never fetched."""
    if not isinstance(schema, Mapping):
        return []
    resolver = Registry().with_resource("", DRAFT202012.create_resource(schema)).resolver()
    wrong = []
    for reference in dict.fromkeys(_references(schema)):
        try:
            if not reference.startswith("#"):
                raise Unresolvable(ref=reference)
            resolver.lookup(reference)
        except Unresolvable:
            wrong.append(reference)
    return wrong


def _references(value: Any) -> Iterator[str]:
    if isinstance(value, Mapping):
        for name in _REFERENCES:
            if isinstance(value.get(name), str):
                yield value[name]
    inner = value.values() if isinstance(value, Mapping) else value if isinstance(value, list) else ()
    for each in inner:
        yield from _references(each)
