"""Counts and times, taken in memory and brought to the database every few seconds.

The counts of all processes add up there, on whichever machine they run, so that one address tells them all and none
shrinks when a process ends. What a killed process had counted in its last seconds is lost; nothing else rests on it.
"""

from __future__ import annotations

import atexit
import json
import threading
import time
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from contextlib import suppress
from itertools import accumulate
from typing import Any, Generic, TypeVar

import structlog
from django.db import DatabaseError, InterfaceError, connection
from prometheus_client.metrics_core import Metric

from hub.watch.models import Tally

log = structlog.get_logger(__name__)
EVERY_SECONDS = 10.0
SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 300.0)
_ADD = """
INSERT INTO watch_tally AS held (name, labels, value) SELECT * FROM unnest(%s::text[], %s::text[], %s::float8[])
ON CONFLICT (name, labels) DO UPDATE SET value = held.value + excluded.value
"""
_SUFFIXES = {"counter": ("_total",), "histogram": ("_bucket", "_count", "_sum")}
Key = tuple[str, str]
Held = TypeVar("Held", bound="Count | Times")


class Count:
    """How often something happened. The client's own classes take five times as long, on the way of every run."""

    __slots__ = ("_mutex", "value")

    def __init__(self) -> None:
        self._mutex, self.value = threading.Lock(), 0

    def add(self, many: int = 1) -> None:
        with self._mutex:
            self.value += many

    def samples(self) -> Iterator[tuple[str, dict[str, str], float]]:
        yield "_total", {}, self.value


class Times:
    """How often something took how long."""

    __slots__ = ("_counts", "_mutex", "_sum")

    def __init__(self) -> None:
        self._mutex, self._sum, self._counts = threading.Lock(), 0.0, [0] * (len(SECONDS) + 1)

    def add(self, seconds: float) -> None:
        place = bisect_left(SECONDS, seconds)
        with self._mutex:
            self._counts[place] += 1
            self._sum += seconds

    def samples(self) -> Iterator[tuple[str, dict[str, str], float]]:
        with self._mutex:
            counts, total = list(accumulate(self._counts)), self._sum
        for bound, count in zip((*SECONDS, float("inf")), counts, strict=True):
            yield "_bucket", {"le": "+Inf" if bound == float("inf") else str(bound)}, count
        yield "_count", {}, counts[-1]
        yield "_sum", {}, total


class Family(Generic[Held]):
    """All counts of a name: one for each combination of labels."""

    kind = ""
    held_in: type[Held]

    def __init__(self, name: str, says: str, labels: Sequence[str] = ()) -> None:
        self.name, self.says, self.labels = name, says, tuple(labels)
        self._held: dict[tuple[str, ...], Held] = {}
        _families.append(self)

    def __getitem__(self, values: tuple[str, ...]) -> Held:
        found = self._held.get(values)
        return found if found is not None else self._held.setdefault(values, self.held_in())

    def samples(self) -> Iterator[tuple[Key, float]]:
        for values, held in list(self._held.items()):
            for suffix, more, value in held.samples():
                labels = dict(zip(self.labels, values, strict=True)) | more
                yield (self.name + suffix, json.dumps(labels, sort_keys=True)), value


class Counts(Family[Count]):
    """A count that only grows, by labels."""

    kind, held_in = "counter", Count

    def add(self, *values: str, many: int = 1) -> None:
        self[values].add(many)


class Durations(Family[Times]):
    """Durations, by labels."""

    kind, held_in = "histogram", Times

    def add(self, seconds: float, *values: str) -> None:
        self[values].add(seconds)


_families: list[Family[Any]] = []
_bringing = threading.Lock()
_brought: dict[Key, float] = {}
_brought_at = 0.0


def bring(*, unless_just: bool = False) -> bool:
    """Add what this process has counted to what all have. False when the database does not answer: then it is added
    the next time. With `unless_just` nothing is done when that is less than some seconds ago."""
    if unless_just and time.monotonic() - _brought_at < EVERY_SECONDS:
        return True
    try:
        _add_all()
    except (DatabaseError, InterfaceError) as trouble:
        log.warning("tallies.not-brought", error=type(trouble).__name__)
        return False
    return True


def _add_all() -> None:
    global _brought_at
    with _bringing:
        counted = {key: value for family in _families for key, value in family.samples()}
        # In one order, so that two processes that add at the same moment do not wait for each other.
        grown = [(*key, float(value - _brought.get(key, 0))) for key, value in sorted(counted.items())]
        rows = [row for row in grown if row[2]]
        if rows:
            with connection.cursor() as cursor:
                cursor.execute(_ADD, [list(column) for column in zip(*rows, strict=True)])
        _brought.update(counted)
        _brought_at = time.monotonic()


def told() -> Iterator[Metric]:
    """What all processes have counted, as Prometheus wants it."""
    held: dict[str, list[tuple[dict[str, str], float]]] = {}
    for name, text, value in Tally.objects.values_list("name", "labels", "value"):
        held.setdefault(name, []).append((json.loads(text), value))
    for family in _families:
        made = Metric(family.name, family.says, family.kind)
        samples = [
            (labels, suffix, value)
            for suffix in _SUFFIXES[family.kind]
            for labels, value in held.get(family.name + suffix, [])
        ]
        for labels, suffix, value in sorted(samples, key=_place):
            made.add_sample(family.name + suffix, labels, value)
        yield made


def _place(sample: tuple[dict[str, str], str, float]) -> tuple[list[tuple[str, str]], str, float]:
    labels, suffix, _ = sample
    outer = sorted((name, value) for name, value in labels.items() if name != "le")
    return outer, suffix, float(labels.get("le", 0))


def _bring_the_last() -> None:
    """Only where it was done before: a command that just asks something counts for nobody. A database that is gone
    already takes the last seconds with it, without a word: whoever would hear of it may be gone too."""
    if _brought_at:
        with suppress(DatabaseError, InterfaceError):
            _add_all()


atexit.register(_bring_the_last)
