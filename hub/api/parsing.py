"""Reading the body of a request."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from rest_framework.exceptions import ParseError
from rest_framework.parsers import JSONParser

from hub.api.errors import Invalid

MOST_DEEP = 100
"""Lists and objects within each other: far more than people and programs write, far less than Python can follow."""


class Json(JSONParser):
    """JSON that everything behind it can work with. Raises ParseError, and Invalid when it is nested too deeply."""

    def parse(self, stream: Any, media_type: Any = None, parser_context: Any = None) -> Any:
        try:
            read = super().parse(stream, media_type, parser_context)
        except RecursionError:
            raise _too_deep() from None
        level = [read]
        for _ in range(MOST_DEEP + 1):
            level = [inner for each in level for inner in _within(each)]
            if not level:
                return read
        raise _too_deep()


def _within(value: Any) -> Iterator[Any]:
    """What a list or an object holds. Raises ParseError for text that no encoding can write."""
    if isinstance(value, dict):
        yield from value
        yield from value.values()
    elif isinstance(value, list):
        yield from value
    elif isinstance(value, str) and not value.isascii():
        try:
            value.encode()
        except UnicodeEncodeError as wrong:
            half = f"\\u{ord(value[wrong.start]):04x}"
            raise ParseError(f"The body holds half a character ({half} without its other half).") from None


def _too_deep() -> Invalid:
    return Invalid("Lists and objects in the body are nested too deeply. Nest them less.", code="too-deep")
