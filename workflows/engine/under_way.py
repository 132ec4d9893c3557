"""The runs that a process has claimed and not let go of, and the one thread that goes on with them."""

from __future__ import annotations

import threading
import time

from workflows.engine.calls import calls
from workflows.engine.executor import Execution, Pause


class UnderWay:
    """Whoever goes on with one takes it by `next` and says by `paused` how far it came."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._ready: dict[Execution, None] = {}
        self._taken: dict[Execution, bool] = {}
        """Those that are carried out just now, and whether something came back meanwhile."""
        self._flying: dict[Execution, float | None] = {}
        """Those whose calls are under way, and when they go on in any case."""
        self._wanting: dict[Execution, None] = {}
        """Those that go on when a further call may begin, in the order in which they came."""
        self._is_driven = False
        self._is_rung = False

    @property
    def count(self) -> int:
        return len(self._ready) + len(self._taken) + len(self._flying) + len(self._wanting)

    # Who goes on

    def enter(self) -> bool:
        """Something may be due. False when somebody goes on already, who is told."""
        with self._changed:
            self._is_rung = True
            if self._is_driven:
                self._changed.notify()
                return False
            self._is_driven = True
            return True

    def leave(self) -> None:
        """Whoever went on does no more."""
        with self._changed:
            self._is_driven = False

    def is_rung(self) -> bool:
        """Whether something may be due that nobody has looked for."""
        with self._changed:
            rung, self._is_rung = self._is_rung, False
            return rung

    def wait(self) -> bool:
        """Wait until there is something to do. False when nothing is under way: then whoever asks goes on no more."""
        while True:
            late_in = calls.give_up_late()
            with self._changed:
                times = [each for each in (late_in, self._wake()) if each is not None]
                if self._ready or self._is_rung:
                    return True
                if not self.count:
                    self._is_driven = False
                    return False
                self._changed.wait(min(times, default=None))

    # With what

    def take(self, execution: Execution) -> None:
        """A new one, that whoever brings it goes on with."""
        with self._changed:
            self._taken[execution] = False

    def next(self) -> Execution | None:
        """One that can go on."""
        with self._changed:
            if not self._ready:
                return None
            execution = next(iter(self._ready))
            del self._ready[execution]
            self._taken[execution] = False
            return execution

    def paused(self, execution: Execution, pause: Pause) -> None:
        """It went as far as it could."""
        wakes_in = execution.wakes_in() if pause in (Pause.CALLS, Pause.FULL) else None
        with self._changed:
            is_back = self._taken.pop(execution)
            if pause is Pause.OVER:
                pass
            elif is_back or pause in (Pause.AGAIN, Pause.LEAVES) or (pause is Pause.FULL and calls.has_room):
                self._ready[execution] = None
            elif pause is Pause.FULL:
                self._wanting[execution] = None
            else:
                self._flying[execution] = None if wakes_in is None else time.monotonic() + wakes_in
            self._changed.notify()

    def is_back(self, execution: Execution) -> None:
        """One of its calls is back, so that there is room for another."""
        with self._changed:
            if execution in self._taken:
                self._taken[execution] = True
            elif execution in self._flying or execution in self._wanting:
                self._flying.pop(execution, None)
                self._wanting.pop(execution, None)
                self._ready[execution] = None
            if self._wanting:
                first = next(iter(self._wanting))
                del self._wanting[first]
                self._ready[first] = None
            self._changed.notify()

    def hurry(self) -> None:
        """Those that wait for room for a call can go on."""
        with self._changed:
            self._ready |= self._wanting
            self._wanting.clear()
            self._changed.notify()

    def _wake(self) -> float | None:
        """Have those go on whose time has come; returns in how many seconds the next one's comes."""
        now = time.monotonic()
        for execution in [each for each, at in self._flying.items() if at is not None and at <= now]:
            del self._flying[execution]
            self._ready[execution] = None
        return min((at - now for at in self._flying.values() if at is not None), default=None)
