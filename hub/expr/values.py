"""Values with expressions in them, as they stand in a step's input."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from hub.expr.language import ExpressionError, compiled

OPEN, CLOSE = "{{", "}}"


def is_expression(value: Any) -> bool:
    """Whether evaluating could give something else than the value itself."""
    return isinstance(value, str) and (value.startswith("=") or OPEN in value)


def evaluate(
    value: Any, scope: dict[str, Any], *, now: datetime | None = None, seed: int | None = None, place: str = ""
) -> Any:
    """The value with every expression in it replaced, through lists and objects.

    Text that starts with "=" becomes the expression's value, of any type; "==" is a plain "=". Between `{{` and
    `}}` the value is put into the text. Raises ExpressionError with the place.
    """
    if isinstance(value, dict):
        return {
            name: evaluate(inner, scope, now=now, seed=seed, place=_within(place, name))
            for name, inner in value.items()
        }
    if isinstance(value, list):
        return [
            evaluate(inner, scope, now=now, seed=seed, place=_within(place, number))
            for number, inner in enumerate(value)
        ]
    if not isinstance(value, str):
        return value
    try:
        parts = list(_parts(value))
        if len(parts) == 1 and parts[0][0] == "whole":
            return compiled(parts[0][1]).evaluate(scope, now=now, seed=seed)
        return "".join(
            text if kind == "text" else _as_text(compiled(text).evaluate(scope, now=now, seed=seed))
            for kind, text in parts
        )
    except ExpressionError as error:
        raise ExpressionError(
            error.message, expression=error.expression, place=place, position=error.position
        ) from None


def problems(value: Any, place: str = "") -> list[ExpressionError]:
    """Every expression in the value that cannot be read."""
    found = []
    for where, source in expressions_in(value, place):
        try:
            compiled(source)
        except ExpressionError as error:
            found.append(ExpressionError(error.message, expression=source, place=where, position=error.position))
    found.extend(_unclosed(value, place))
    return found


def expressions_in(value: Any, place: str = "") -> Iterator[tuple[str, str]]:
    """Each expression with its place."""
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from expressions_in(inner, _within(place, name))
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            yield from expressions_in(inner, _within(place, number))
    elif isinstance(value, str):
        try:
            yield from ((place, text) for kind, text in _parts(value) if kind != "text")
        except ExpressionError:
            return


def _unclosed(value: Any, place: str) -> Iterator[ExpressionError]:
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from _unclosed(inner, _within(place, name))
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            yield from _unclosed(inner, _within(place, number))
    elif isinstance(value, str):
        try:
            list(_parts(value))
        except ExpressionError as error:
            yield ExpressionError(error.message, place=place)


def _parts(text: str) -> Iterator[tuple[str, str]]:
    """("whole", expression) alone, or ("text", ...) and ("inside", expression) in order."""
    if text.startswith("=="):
        yield "text", text[1:]
        return
    if text.startswith("="):
        yield "whole", text[1:]
        return
    at = 0
    while (start := text.find(OPEN, at)) >= 0:
        if start > at:
            yield "text", text[at:start]
        end = _end_of(text, start + len(OPEN))
        yield "inside", text[start + len(OPEN) : end]
        at = end + len(CLOSE)
    if at < len(text):
        yield "text", text[at:]


def _end_of(text: str, at: int) -> int:
    """Where the braces close, past quoted text and the braces of objects."""
    depth, quote = 0, ""
    while at < len(text):
        letter = text[at]
        if quote:
            if letter == "\\":
                at += 1
            elif letter == quote:
                quote = ""
        elif letter in "\"'`":
            quote = letter
        elif letter == "{":
            depth += 1
        elif letter == "}" and depth:
            depth -= 1
        elif text.startswith(CLOSE, at):
            return at
        at += 1
    raise ExpressionError("An expression is opened with {{ and never closed with }}.")


def _as_text(value: Any) -> str:
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return json.dumps(value, ensure_ascii=False)


def _within(place: str, name: object) -> str:
    return f"{place}/{name}" if place else str(name)
