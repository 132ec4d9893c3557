"""Columns of rows as the text of PostgreSQL arrays. The driver's own way looks at every value, and costs several
times as much."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any


def columns(kinds: Sequence[str], rows: Iterable[Sequence[Any]]) -> list[str]:
    """One array for each column. The kinds are PostgreSQL's names of types, those of `_WRITE`; JSON is text."""
    return [_array(_WRITE[kind], column) for kind, column in zip(kinds, zip(*rows, strict=True), strict=True)]


def _array(write: Callable[[Any], str], values: Iterable[Any]) -> str:
    return "{" + ",".join(["NULL" if value is None else write(value) for value in values]) + "}"


def _quoted(text: str) -> str:
    # NUL is refused by the database, in words of its own.
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


_WRITE: dict[str, Callable[[Any], str]] = {
    "uuid": lambda value: value.hex,
    "text": lambda value: _quoted(str(value)),
    "jsonb": _quoted,
    "int": str,
    "bool": lambda value: "t" if value else "f",
    "timestamptz": lambda value: f'"{value.isoformat()}"',
    "bytea": lambda value: f'"\\\\x{bytes(value).hex()}"',
}
