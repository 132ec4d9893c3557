"""Whose turn it is, where only so many runs of a workflow may go at a time. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import inf
from typing import Any, Literal


@dataclass(frozen=True)
class Limits:
    """So many runs at most: of the workflow, and of those with the same key (their lane)."""

    limit: float = inf
    per_key: float = inf
    when_full: Literal["queue", "drop", "replace"] = "queue"

    @classmethod
    def of(cls, settings: Mapping[str, Any]) -> Limits:
        return cls(settings.get("limit", inf), settings.get("limit_per_key", inf), settings.get("when_full", "queue"))


def served(active: Mapping[str, int], waiting: Sequence[str], limits: Limits) -> list[int]:
    """The places in the queue whose turn it is now. `active` counts the runs under way by lane; `waiting` are the
    lanes of those that wait, the first one first. A full lane keeps nobody of another lane waiting."""
    going = Counter(active)
    free = limits.limit - going.total()
    made = []
    for place, lane in enumerate(waiting):
        if free > 0 and going[lane] < limits.per_key:
            going[lane] += 1
            free -= 1
            made.append(place)
    return made


HEAD_STARTS = {"normal": 0, "high": 60, "urgent": 600}
"""A run is queued as if it had been asked for so many seconds earlier. It overtakes whoever has waited for less than
that, and nobody who has waited for longer: so nobody waits for ever."""
