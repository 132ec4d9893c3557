"""JSON Schemas that users write: validated without ever fetching anything, and complaints put into words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from jsonschema import Draft202012Validator
from referencing import Registry
from referencing.exceptions import Unresolvable
from referencing.jsonschema import DRAFT202012

from hub.sdk.sentence import Sentence

FORM = "x-form"
"""In a schema with a `pattern`: what is right, in words, such as "a cron rule of five parts"."""
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


def limit_in_words(rule: str, limit: Any, schema: Any) -> str:
    """What a rule about form or size asks of a value, as "should be ..." or "should have ..."; empty for other rules.

    A regular expression is never shown: it says nothing to most people.
    """
    told: Mapping[str, Any] = schema if isinstance(schema, Mapping) else {}
    match rule:
        case "pattern":
            return _form_in_words(told)
        case "minLength" | "minItems" | "minProperties" if limit == 1:
            return Sentence("should not be empty")
        case "minLength":
            return Sentence("should have at least {limit} characters", limit=limit)
        case "maxLength":
            return Sentence("should have at most {limit} characters", limit=limit)
        case "minimum":
            return Sentence("should be at least {limit}", limit=limit)
        case "exclusiveMinimum":
            return Sentence("should be more than {limit}", limit=limit)
        case "maximum":
            return Sentence("should be at most {limit}", limit=limit)
        case "exclusiveMaximum":
            return Sentence("should be less than {limit}", limit=limit)
        case "multipleOf":
            return Sentence("should be a multiple of {limit}", limit=limit)
        case "minItems" | "minProperties":
            return Sentence("should have at least {limit} entries", limit=limit)
        case "maxItems" | "maxProperties":
            return Sentence("should have at most {limit} entries", limit=limit)
        case "uniqueItems":
            return Sentence("should not have the same entry twice")
        case "const":
            return Sentence("should be {limit}", limit=limit)
    return ""


def _form_in_words(schema: Mapping[str, Any]) -> str:
    if schema.get(FORM):
        return Sentence("should be {form}", form=Sentence(schema[FORM]))
    examples = schema.get("examples")
    example = schema.get("x-placeholder") or (examples[0] if isinstance(examples, list) and examples else "")
    return (
        Sentence("does not have the right form; an example: {example}", example=example)
        if example
        else Sentence("does not have the right form")
    )
