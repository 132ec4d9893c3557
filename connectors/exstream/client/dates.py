"""Dates come as epoch milliseconds or as ISO text; inside they are ISO 8601 in UTC."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any


def as_iso(value: Any) -> str | None:
    """ISO 8601 in UTC, or None for what is no date."""
    if isinstance(value, bool) or value in (None, ""):
        return None
    try:
        if isinstance(value, int | float):
            moment = datetime.fromtimestamp(value / 1000, UTC)
        else:
            moment = datetime.fromisoformat(str(value))
    except (ValueError, OverflowError, OSError):
        return None
    return moment.replace(tzinfo=moment.tzinfo or UTC).astimezone(UTC).isoformat(timespec="milliseconds")


def with_iso_dates(value: Any) -> Any:
    """The same JSON with every `...Date` field as ISO text; what cannot be read stays as it is."""
    if isinstance(value, list):
        return [with_iso_dates(item) for item in value]
    if not isinstance(value, dict):
        return value
    return {
        name: (as_iso(item) or item) if name.endswith("Date") else with_iso_dates(item)
        for name, item in value.items()
    }
