"""What a webhook call says: its body read by its content type, its headers without secrets. Plain Python."""

from __future__ import annotations

import base64
import csv
import io
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from math import isfinite
from typing import Any
from urllib.parse import parse_qsl

import orjson

_SECRET = re.compile("auth|cookie|token|secret|signature|passw|api-?_?key", re.IGNORECASE)
"""Names of headers and of parameters in the address that may carry a secret."""
_LONGEST_HEADER = 2000
_DEEPEST = 100
_MOST_ROWS = 100_000
_UNUSUAL = re.compile(rb"\\u0000|\\u[dD][89a-fA-F]|\d{16}|\d[eE]\+?\d{3}")
"""Escapes of what PostgreSQL does not keep, and numbers that are not to be rounded or overflow."""
_NOT_KEPT = re.compile("[\0\ud800-\udfff]")


class BadCall(ValueError):
    """The body is not what its content type says. The message says where."""


@dataclass(frozen=True)
class Call:
    """One call as it arrived. Header names are in lower case."""

    method: str
    headers: Mapping[str, str]
    body: bytes
    query: str = ""
    hidden: frozenset[str] = field(default=frozenset())
    """Further headers that are secrets: the one that the trigger's check reads."""

    def payload(self) -> dict[str, Any]:
        """What expressions see as `trigger`. Raises BadCall."""
        return {
            "method": self.method,
            "body": _read(self.headers.get("content-type", ""), self.body),
            "query": _several(
                [pair for pair in parse_qsl(self.query, keep_blank_values=True) if not _SECRET.search(pair[0])]
            ),
            "headers": {
                name: value[:_LONGEST_HEADER]
                for name, value in self.headers.items()
                if not _SECRET.search(name) and name not in self.hidden
            },
        }


def _read(content_type: str, body: bytes) -> Any:
    kind = content_type.partition(";")[0].strip().lower()
    if not body:
        return None
    if kind == "application/x-www-form-urlencoded":
        return _several(parse_qsl(_text(body), keep_blank_values=True))
    if kind.endswith(("/json", "+json")):
        return _json(body)
    if kind == "text/csv":
        return _rows(_text(body))
    if kind in {"", "text/plain"}:
        try:
            return _json(body)
        except BadCall:
            pass
    if kind.startswith("text/") or kind.endswith(("/xml", "+xml")) or not kind:
        return _text(body)
    return {"content_type": kind, "base64": base64.b64encode(body).decode()}


def _json(body: bytes) -> Any:
    try:
        if not _UNUSUAL.search(body) and body.count(b"[") + body.count(b"{") < _DEEPEST:
            return orjson.loads(body)
    except orjson.JSONDecodeError:
        pass  # The other reader says where it is wrong.
    try:
        read = json.loads(body, parse_constant=_refuse)
    except json.JSONDecodeError as wrong:
        raise BadCall(f"The body is not JSON: {wrong.msg} at line {wrong.lineno}, column {wrong.colno}.") from None
    except UnicodeDecodeError as wrong:
        raise BadCall(f"The body is not text in UTF-8: byte {wrong.start + 1} is wrong.") from None
    except BadCall:
        raise
    except ValueError:
        raise BadCall("The body holds a number of thousands of digits.") from None
    except RecursionError:
        raise BadCall("Lists and objects in the body are nested too deeply.") from None
    _check(read, 0)
    return read


def _refuse(name: str) -> Any:
    raise BadCall(f"The body holds {name}, which is not JSON.")


def _text(body: bytes) -> str:
    try:
        text = body.decode()
    except UnicodeDecodeError as wrong:
        raise BadCall(f"The body is not text in UTF-8: byte {wrong.start + 1} is wrong.") from None
    _check(text, 0)
    return text


def _rows(text: str) -> list[dict[str, str]]:
    """A table by the names in its first line; a comma or a semicolon stands between its values."""
    begin = text.partition("\n")[0]
    read = csv.reader(io.StringIO(text.removeprefix("\ufeff")), delimiter=";" if ";" in begin else ",", strict=True)
    made: list[dict[str, str]] = []
    try:
        names = next(read, [])
        if len(set(names)) != len(names):
            raise BadCall("Two columns of the table in the body have the same name.")
        for row in read:
            if len(row) not in (0, len(names)):
                raise BadCall(
                    f"Line {read.line_num} of the table in the body has {len(row)} values, not {len(names)}."
                )
            if len(made) == _MOST_ROWS:
                raise BadCall(f"The table in the body has more than {_MOST_ROWS} rows. Call several times.")
            if row:
                made.append(dict(zip(names, row, strict=True)))
    except csv.Error as wrong:
        raise BadCall(f"The body is not CSV: {wrong} at line {read.line_num}.") from None
    return made


def _check(value: Any, depth: int) -> None:
    """PostgreSQL keeps neither the character NUL nor half of a surrogate pair."""
    if depth > _DEEPEST:
        raise BadCall("Lists and objects in the body are nested too deeply.")
    if isinstance(value, str):
        if _NOT_KEPT.search(value):
            raise BadCall("The body holds a NUL or half of a surrogate pair, which cannot be stored as text.")
    elif isinstance(value, float):
        if not isfinite(value):
            raise BadCall("The body holds a number that is too large.")
    elif isinstance(value, dict):
        for name, each in value.items():
            _check(name, depth + 1)
            _check(each, depth + 1)
    elif isinstance(value, list):
        for each in value:
            _check(each, depth + 1)


def _several(pairs: list[tuple[str, str]]) -> dict[str, Any]:
    """A name that comes once has a value, one that comes again a list."""
    made: dict[str, Any] = {}
    for name, value in pairs:
        _check(name, 0)
        _check(value, 0)
        held = made.get(name)
        made[name] = value if name not in made else [*held, value] if isinstance(held, list) else [held, value]
    return made
