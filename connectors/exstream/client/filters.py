"""Writes a filter in the style that a service understands."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

Wanted = Mapping[str, Any]


def as_parameters(wanted: Wanted, style: str) -> list[tuple[str, str]]:
    """Query parameters. Values that are None, empty text or an empty list ask for nothing."""
    terms = {name: _values(value) for name, value in wanted.items()}
    terms = {name: values for name, values in terms.items() if values}
    if style == "dotted":
        return [(f"filter.{name}", value) for name, values in terms.items() for value in values]
    packed = ";".join(f"{name}:{','.join(map(_escaped, values))}" for name, values in terms.items())
    return [("filter", packed)] if packed else []


def _values(value: Any) -> list[str]:
    if value is None or value == "":
        return []
    if isinstance(value, bool):
        return [str(value).lower()]
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [str(item) for item in value]
    return [str(value)]


def _escaped(value: str) -> str:
    return value.replace("\\", "/bsol/").replace(":", "/colon/").replace(";", "/semi/")
