"""Which fields of a workflow's data are personal or secret: paths as the document has them, and where they lead."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from hub.sdk.sentence import Sentence

CLASSES = ("personal", "secret")
TRIGGER = "trigger"
Pointer = tuple[str | int, ...]
SCHEMA: dict[str, Any] = {
    "type": "array",
    "title": "Personal and secret fields",
    "maxItems": 200,
    "items": {
        "type": "object",
        "additionalProperties": False,
        "required": ["path", "class"],
        "properties": {
            "path": {
                "type": "string", "minLength": 1, "maxLength": 400, "title": "Path",
                "pattern": r"^\$", "x-form": "a path such as $.customer.iban",
            },
            "class": {"enum": list(CLASSES), "title": "Class"},
            "of": {
                "type": "string", "maxLength": 63, "title": "Of",
                "description": "trigger, or the id of a step. Empty: of everything.",
            },
        },
    },
}  # fmt: skip
_PART = re.compile(
    r"\.\.(?P<deep>[\w-]+)|\.(?P<name>[\w-]+)|\.(?P<any>\*)|\[\*\](?P<each>)|\[(?P<index>\d+)\]"
    r"|\[(?P<quote>['\"])(?P<quoted>.+?)(?P=quote)\]"
)


class BadPath(ValueError):
    """A path cannot be read."""


@dataclass(frozen=True)
class Rule:
    """One path. `parts` are names, indexes, None for every one, and ("name",) for that name at any depth."""

    of: str
    parts: tuple[str | int | tuple[str] | None, ...]
    kind: str


def rule_of(about: dict[str, Any]) -> Rule:
    """Raises BadPath."""
    return Rule(about.get("of", ""), _parts(about["path"]), about["class"])


def _parts(path: str) -> tuple[Any, ...]:
    made: list[Any] = []
    at = 1
    while at < len(path):
        found = _PART.match(path, at)
        if found is None:
            raise BadPath(
                Sentence(
                    '"{rest}" of the path "{path}" cannot be read. Write one such as $.customer.iban.',
                    rest=path[at:],
                    path=path,
                )
            )
        if found["deep"]:
            made.append((found["deep"],))
        elif found["index"]:
            made.append(int(found["index"]))
        elif found["any"] or found["each"] is not None:
            made.append(None)
        else:
            made.append(found["name"] or found["quoted"])
        at = found.end()
    return tuple(made)


def found_in(rules: Sequence[Rule], value: Any, of: str) -> Iterator[tuple[Pointer, str]]:
    """Where the rules lead in a value of the trigger or of a step. The body of a webhook's call is looked at as
    what the trigger gives, too."""
    for rule in rules:
        if rule.of in ("", of):
            for at in _matches(rule.parts, value, ()):
                yield at, rule.kind
            if of == TRIGGER and isinstance(value, dict) and "body" in value:
                for at in _matches(rule.parts, value["body"], ("body",)):
                    yield at, rule.kind


def _matches(parts: tuple[Any, ...], value: Any, at: Pointer) -> Iterator[Pointer]:
    if not parts:
        if at:
            yield at
        return
    first, rest = parts[0], parts[1:]
    if isinstance(first, tuple):
        yield from _matches((first[0], *rest), value, at)
        for name, inner in _children(value):
            yield from _matches(parts, inner, (*at, name))
        return
    if isinstance(first, str) and isinstance(value, list):
        # As in an expression: a name goes through a list.
        for number, inner in enumerate(value):
            yield from _matches(parts, inner, (*at, number)) if isinstance(inner, dict) else ()
        return
    for name, inner in _children(value):
        if first is None or name == first:
            yield from _matches(rest, inner, (*at, name))


def _children(value: Any) -> Iterator[tuple[str | int, Any]]:
    if isinstance(value, dict):
        yield from value.items()
    elif isinstance(value, list):
        yield from enumerate(value)
