"""Values with expressions in them, as they stand in a step's input."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from functools import lru_cache
from typing import Any, Literal

from hub.expr.language import ExpressionError, as_text, compiled

OPEN, CLOSE = "{{", "}}"
MOST_CLOSINGS = 50

Part = tuple[Literal["text", "whole", "inside", "unclosed"], str]


def is_expression(value: Any) -> bool:
    """Whether evaluating could give something else than the value itself."""
    return isinstance(value, str) and (value.startswith("=") or OPEN in value)


def literal(value: Any) -> Any:
    """What evaluates to exactly this value, whatever its text looks like."""
    if isinstance(value, dict):
        return {name: literal(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [literal(inner) for inner in value]
    return f"={json.dumps(value)}" if is_expression(value) else value


def evaluate(
    value: Any, scope: dict[str, Any], *, now: datetime | None = None, seed: int | None = None, place: str = ""
) -> Any:
    """The value with every expression in it replaced, through lists and objects.

    Text that starts with "=" becomes the expression's value, of any type; "==" is a plain "=". Between `{{` and
    `}}` the value is put into the text. Raises ExpressionError with the place.
    """
    return _evaluated(value, scope, now, seed, (place,))


_Place = tuple[Any, ...]
"""Around what, and the name in it; text is made of it only when something is wrong there."""


def _evaluated(value: Any, scope: dict[str, Any], now: datetime | None, seed: int | None, place: _Place) -> Any:
    if isinstance(value, dict):
        return {name: _evaluated(inner, scope, now, seed, (place, name)) for name, inner in value.items()}
    if isinstance(value, list):
        return [_evaluated(inner, scope, now, seed, (place, number)) for number, inner in enumerate(value)]
    if not isinstance(value, str):
        return value
    try:
        return _filled(_parts(value), scope, now, seed)
    except ExpressionError as error:
        raise ExpressionError(
            error.message, expression=error.expression, place=_told(place), position=error.position
        ) from None


def _told(place: _Place) -> str:
    return _within(_told(place[0]), place[1]) if len(place) == 2 else str(place[0])


def problems(value: Any, place: str = "") -> list[ExpressionError]:
    """Every expression in the value that cannot be read."""
    found = []
    for where, (kind, source) in _located(value, place):
        try:
            _readable(kind, source)
        except ExpressionError as error:
            found.append(ExpressionError(error.message, expression=source, place=where, position=error.position))
    return found


def expressions_in(value: Any, place: str = "") -> Iterator[tuple[str, str]]:
    """Each expression with its place, also those that cannot be read."""
    for where, (kind, source) in _located(value, place):
        if kind in {"whole", "inside"}:
            yield where, source


def _filled(parts: tuple[Part, ...], scope: dict[str, Any], now: datetime | None, seed: int | None) -> Any:
    made = []
    for kind, text in parts:
        if kind == "text":
            made.append(text)
            continue
        if kind == "unclosed":
            _readable(kind, text)
        value = compiled(text).evaluate(scope, now=now, seed=seed)
        if kind == "whole":
            return value
        made.append(as_text(value))
    return "".join(made)


def _readable(kind: str, source: str) -> None:
    if kind == "unclosed":
        raise ExpressionError("An expression is opened with {{ and never closed with }}.", expression=source)
    if kind != "text":
        compiled(source)


def _located(value: Any, place: str) -> Iterator[tuple[str, Part]]:
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from _located(inner, _within(place, name))
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            yield from _located(inner, _within(place, number))
    elif isinstance(value, str):
        for part in _parts(value):
            yield place, part


@lru_cache(maxsize=4000)
def _parts(text: str) -> tuple[Part, ...]:
    """The text in order; "whole" stands alone."""
    if text.startswith("=="):
        return (("text", text[1:]),)
    if text.startswith("="):
        return (("whole", text[1:]),)
    made: list[Part] = []
    at = 0
    while (start := text.find(OPEN, at)) >= 0:
        if start > at:
            made.append(("text", text[at:start]))
        end = _end_of(text, start + len(OPEN))
        if end < 0:
            return (*made, ("unclosed", text[start:]))
        made.append(("inside", text[start + len(OPEN) : end]))
        at = end + len(CLOSE)
    if at < len(text) or not made:
        made.append(("text", text[at:]))
    return tuple(made)


def _end_of(text: str, start: int) -> int:
    """Where the braces close: the first place that leaves a readable expression, so that braces in objects, quotes,
    patterns and comments do not count. When there is none, the first pair of braces; without one, -1."""
    first = end = text.find(CLOSE, start)
    for _ in range(MOST_CLOSINGS):
        if end < 0:
            break
        try:
            compiled(text[start:end])
        except ExpressionError:
            end = text.find(CLOSE, end + 1)
        else:
            return end
    return first


def _within(place: str, name: object) -> str:
    return f"{place}/{name}" if place else str(name)
