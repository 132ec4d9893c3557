"""When which process of a hub is killed: at chosen moments of what goes on, or at random ones."""

from __future__ import annotations

import random
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from tests.chaos.hub import HubUnderFire

ROLES = ("worker", "web", "postgres", "valkey", "scheduler")


@dataclass(frozen=True)
class Moment:
    """Kill a role once so many writes were counted and so many seconds are over since the phase began."""

    role: str
    writes: int = 0
    seconds: float = 0.0
    loses_data: bool = False
    """Valkey only."""


def random_moments(chance: random.Random, *, most_writes: int, count: int = 3) -> list[Moment]:
    """Some by the writes, some by the clock."""
    return [
        Moment(
            chance.choice(ROLES),
            writes=chance.randint(0, most_writes) if chance.random() < 0.5 else 0,
            seconds=chance.uniform(0, 3),
            loses_data=chance.random() < 0.5,
        )
        for _ in range(chance.randint(1, count))
    ]


@dataclass
class Killer:
    """Kills while a phase of the story goes on; what was not reached when it ends is killed then."""

    hub: HubUnderFire
    written: Callable[[], int]
    """How many writes the services have counted so far."""
    kills: Counter[str] = field(default_factory=Counter)

    @contextmanager
    def during(self, moments: Sequence[Moment]) -> Iterator[None]:
        ended, began, written = threading.Event(), time.monotonic(), self.written()

        def has_come(moment: Moment) -> bool:
            late = time.monotonic() - began >= moment.seconds
            return ended.is_set() or (late and self.written() - written >= moment.writes)

        def kill_all() -> None:
            for moment in sorted(moments, key=lambda each: (each.writes, each.seconds)):
                while not has_come(moment):
                    ended.wait(0.01)
                self._kill(moment)

        thread = threading.Thread(target=kill_all)
        thread.start()
        try:
            yield
        finally:
            ended.set()
            thread.join()

    def _kill(self, moment: Moment) -> None:
        self.hub.wait_for(lambda: bool(self.hub.kill(moment.role, lose_data=moment.loses_data)), seconds=60)
        self.hub.believe_dead(moment.role)
        self.kills[moment.role] += 1
