"""Whether a document has the shape of one, and the part of it that has."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from jsonschema import Draft202012Validator, ValidationError

from hub.sdk.sentence import Sentence
from workflows.graph.document import KINDS, SCHEMA, TRIGGERS
from workflows.graph.problem import Problem, close_to, complaint, missing_fields, unknown_fields

DEEPEST = 60
_VALIDATOR = Draft202012Validator(SCHEMA)
_LISTS = ("steps", "edges", "triggers")
# A step is still a step when one of these is wrong.
_LESSER = frozenset({"title", "note", "retry", "timeout_seconds", "at"})


def is_too_deep(value: Any) -> bool:
    """Whether lists and objects are nested deeper than anybody means to."""
    level = [value]
    for _ in range(DEEPEST):
        level = [
            inner
            for each in level
            if isinstance(each, dict | list)
            for inner in (each.values() if isinstance(each, dict) else each)
        ]
        if not level:
            return False
    return True


def check_shape(document: dict[str, Any]) -> tuple[list[Problem], dict[str, Any]]:
    """Everything wrong with the shape, and a document of what is right, whose parts can be looked into."""
    errors = sorted(_VALIDATOR.iter_errors(document), key=_place)
    problems = [problem for error in errors for problem in _said(document, error)]
    return problems, _sound(document, errors)


def _place(error: ValidationError) -> list[tuple[bool, int, str]]:
    return [(isinstance(part, int), part if isinstance(part, int) else 0, str(part)) for part in error.absolute_path]


def _said(document: dict[str, Any], error: ValidationError) -> Iterator[Problem]:
    path = list(error.absolute_path)
    step, field, what = "", "/".join(map(str, path)), Sentence("The document")
    held: Any = document
    for at in range(len(path)):
        held = held[path[at]] if not isinstance(held, dict) or path[at] in held else None
        known = held.get("id") if isinstance(held, dict) and at and path[at - 1] == "steps" else None
        if isinstance(known, str) and known:
            step, field, what = known, "/".join(map(str, path[at + 1 :])), Sentence('Step "{known}"', known=known)
    where = Sentence("{what}: {field}", what=what, field=field) if field else what
    schema: Any = error.schema
    match error.validator:
        case "required":
            for name in missing_fields(error):
                yield Problem(
                    "field-missing",
                    Sentence('{where} has no "{name}".', where=where, name=name),
                    step,
                    f"{field}/{name}".strip("/"),
                    "Add it.",
                )
        case "additionalProperties":
            for name in unknown_fields(error):
                yield Problem(
                    "unknown-field",
                    Sentence('{where} has a field "{name}", which means nothing here.', where=where, name=name),
                    step,
                    f"{field}/{name}".strip("/"),
                    close_to(name, schema.get("properties", {})) or "Remove it.",
                )
        case "enum" if path[-1] == "kind":
            offered = KINDS if path[0] == "steps" else TRIGGERS
            yield Problem(
                "unknown-kind",
                Sentence("{where} {complaint}.", where=where, complaint=complaint(error)),
                step,
                field,
                close_to(error.instance, offered),
            )
        case "pattern" if path[-1] in {"id", "from", "to"}:
            yield Problem(
                "bad-id",
                Sentence("{where} cannot be the id of a step or trigger.", where=where),
                step,
                field,
                "Begin with a small letter; go on with small letters, digits and _, at most 63 in all.",
            )
        case _:
            yield Problem(
                "shape",
                Sentence("{where} {complaint}.", where=where, complaint=complaint(error)),
                step,
                field,
                "Correct it.",
            )


def _sound(document: dict[str, Any], errors: list[ValidationError]) -> dict[str, Any]:
    broken: set[tuple[str, int]] = set()
    lesser: set[tuple[int, str]] = set()
    for error in errors:
        if _is_unknown_kind(error):
            continue
        match list(error.absolute_path):
            case ["steps", int(number), str(field), *_] if field in _LESSER:
                lesser.add((number, field))
            case [str(part), int(number), *rest] if rest or error.validator != "additionalProperties":
                broken.add((part, number))
    made = dict(document)
    for part in _LISTS:
        held = document.get(part)
        made[part] = [
            _without(each, {field for at, field in lesser if at == number}) if part == "steps" else each
            for number, each in enumerate(held if isinstance(held, list) else [])
            if (part, number) not in broken
        ]
    return made


def _is_unknown_kind(error: ValidationError) -> bool:
    """Of a step: it stays one, with expressions and edges that can be looked into."""
    path = list(error.absolute_path)
    return (
        path[0:1] == ["steps"]
        and path[-1] == "kind"
        and error.validator == "enum"
        and isinstance(error.instance, str)
    )


def _without(step: dict[str, Any], fields: set[str]) -> dict[str, Any]:
    return {name: value for name, value in step.items() if name not in fields} if fields else step
