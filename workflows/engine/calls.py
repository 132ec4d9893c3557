"""Calls under way: so many at a time, each in a thread that knows nothing of runs. Whoever wants one waits for none.

A connector cannot be interrupted. A call that takes too long is given up: its thread goes on by itself, another takes
its place, and whatever the call brings later is dropped.
"""

from __future__ import annotations

import contextvars
import queue
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar

from django.conf import settings
from django.db import connections

Made = TypeVar("Made")
GRACE_SECONDS = 5.0
"""What a call may take beyond its timeout, so that a connector that keeps to it can say itself what happened."""
IDLE_SECONDS = 30.0
"""A thread that has had nothing to do for so long ends."""


class OutOfTime(Exception):
    """The call has not come back."""


@dataclass(eq=False)
class Flight:
    """One call, from being wanted to being back or given up."""

    do: Callable[[], Any]
    longest_seconds: float
    on_return: Callable[[Flight], None]
    """Called once, from any thread."""
    context: contextvars.Context = field(default_factory=contextvars.copy_context)
    until: float = float("inf")
    made: Any = None
    raised: BaseException | None = None

    def result(self) -> Any:
        """What it gave; raises what it raised, or OutOfTime."""
        if self.raised is not None:
            raise self.raised
        return self.made


class Calls:
    """The threads of one process that make calls."""

    def __init__(self, most: int) -> None:
        self.most = most
        self._mutex = threading.Lock()
        self._flying: set[Flight] = set()
        self._wanted: queue.SimpleQueue[Flight] = queue.SimpleQueue()
        self._idle = 0

    @property
    def has_room(self) -> bool:
        """Whether a further one may begin. Whoever asks at the same moment may get the same answer."""
        return len(self._flying) < self.most

    def start(self, flight: Flight) -> None:
        """Make the call in a thread of its own, beside all others."""
        with self._mutex:
            flight.until = time.monotonic() + flight.longest_seconds
            self._flying.add(flight)
            needed = self._idle <= 0
            if not needed:
                self._idle -= 1
        self._wanted.put(flight)
        if needed:
            threading.Thread(target=self._make_all, name="calls", daemon=True).start()

    def give_up_late(self) -> float | None:
        """Give up what takes too long; returns in how many seconds the next one will have. None: there is none."""
        now = time.monotonic()
        with self._mutex:
            late = [flight for flight in self._flying if flight.until <= now]
            self._flying.difference_update(late)
            next_one = min((flight.until for flight in self._flying), default=None)
        for flight in late:
            flight.raised = OutOfTime()
            flight.on_return(flight)
        return None if next_one is None else max(0.0, next_one - now)

    def _make_all(self) -> None:
        while True:
            try:
                flight = self._wanted.get(timeout=IDLE_SECONDS)
            except queue.Empty:
                with self._mutex:
                    if self._idle <= 0:
                        continue  # Somebody counts on this thread: what is to be done is about to come.
                    self._idle -= 1
                return
            made, raised = flight.context.run(_made_by, flight.do)
            with self._mutex:
                if flight not in self._flying:
                    return  # It was given up, and so was this thread.
                self._flying.remove(flight)
                self._idle += 1
            flight.made, flight.raised = made, raised
            flight.on_return(flight)
            del flight, made, raised


def _made_by(do: Callable[[], Any]) -> tuple[Any, BaseException | None]:
    try:
        return do(), None
    except BaseException as error:
        return None, error
    finally:
        if any(True for _ in connections.all(initialized_only=True)):
            connections.close_all()


calls = Calls(settings.CALLS_AT_ONCE)


def within(seconds: float, do: Callable[[], Made]) -> Made:
    """What `do` gives or raises, waited for here. Raises OutOfTime when that takes longer."""
    back = threading.Event()
    flight = Flight(do, seconds, lambda _: back.set())
    calls.start(flight)
    while not back.wait(calls.give_up_late()):
        pass
    made: Made = flight.result()
    return made
