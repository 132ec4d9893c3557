"""The names of time zones."""

from __future__ import annotations

from functools import cache
from zoneinfo import available_timezones


def is_zone(name: str) -> bool:
    return name in _names()


@cache
def _names() -> frozenset[str]:
    # Finding them out reads hundreds of files, fifty milliseconds each time.
    return frozenset(available_timezones())
