"""Medians and spread of figures that were measured several times."""

from __future__ import annotations

import statistics
from typing import Any


def together(measured: list[Any]) -> Any:
    """Many measurements of one shape as one: each number becomes {"median", "least", "most"}."""
    first = measured[0]
    if isinstance(first, dict):
        names = dict.fromkeys(name for each in measured for name in each)
        return {name: together([each[name] for each in measured if name in each]) for name in names}
    if isinstance(first, list):
        return [together(list(each)) for each in zip(*measured, strict=True)]
    if isinstance(first, bool) or not isinstance(first, int | float):
        return first
    median = round(statistics.median(measured), 3)
    return {"median": int(median) if median == int(median) else median, "least": min(measured), "most": max(measured)}


def said(value: Any) -> str:
    """A figure for a table: 1,100 (1,020-1,180)."""
    if not isinstance(value, dict):
        return f"{value:,}"
    median, least, most = value["median"], value["least"], value["most"]
    return f"{median:,}" if least == most else f"{median:,} ({least:,}-{most:,})"


def middle(value: Any) -> float:
    return float(value["median"] if isinstance(value, dict) else value)
