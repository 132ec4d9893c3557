"""The runs that a process has claimed and not let go of. Each is carried out by one thread at a time, or by none
while its calls are under way."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterable

from workflows.engine.calls import calls
from workflows.engine.executor import Execution, Pause


class UnderWay:
    """Who carries one out takes it by `next` and says by `paused` how far it came."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._ready: dict[Execution, None] = {}
        self._taken: dict[Execution, bool] = {}
        """Those that are carried out just now, and whether something came back meanwhile."""
        self._flying: dict[Execution, float | None] = {}
        """Those whose calls are under way, and when they go on in any case."""
        self._wanting: dict[Execution, None] = {}
        """Those that go on when a further call may begin, in the order in which they came."""
        self._is_attended = False

    @property
    def count(self) -> int:
        return len(self._ready) + len(self._taken) + len(self._flying) + len(self._wanting)

    def put(self, executions: Iterable[Execution]) -> None:
        """These can go on."""
        with self._changed:
            self._ready.update(dict.fromkeys(executions))
            self._changed.notify()

    def next(self) -> Execution | None:
        """One that can go on, to be carried out by whoever asks."""
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
                if not self.count:
                    self._changed.notify()
                return
            if is_back or (pause is Pause.FULL and calls.has_room):
                self._ready[execution] = None
                self._changed.notify()
            elif pause is Pause.FULL:
                self._wanting[execution] = None
            else:
                self._flying[execution] = None if wakes_in is None else time.monotonic() + wakes_in
                if wakes_in is not None:
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

    def attend(self) -> bool:
        """Wait until one can go on. False when nothing is under way, or somebody else attends."""
        with self._changed:
            if self._is_attended or not self.count:
                return False
            self._is_attended = True
        try:
            while True:
                late_in = calls.give_up_late()
                with self._changed:
                    wakes_in = self._wake()
                    if self._ready or not self.count:
                        return True
                    times = [each for each in (late_in, wakes_in) if each is not None]
                    self._changed.wait(min(times, default=None))
                    if self._ready or not self.count:
                        return True
        finally:
            with self._changed:
                self._is_attended = False

    def _wake(self) -> float | None:
        """Have those go on whose time has come; returns in how many seconds the next one's comes."""
        now = time.monotonic()
        for execution in [each for each, at in self._flying.items() if at is not None and at <= now]:
            del self._flying[execution]
            self._ready[execution] = None
        return min((at - now for at in self._flying.values() if at is not None), default=None)
