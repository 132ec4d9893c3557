"""What a worker does with runs that are due: many at a time while they only compute, each by itself when they call.

Runs are claimed in batches and carried out in memory as far as they only compute. Those that have ended by then are
stored together. The others wait in this process for whichever thread is free, and what too many wait for goes back.
"""

from __future__ import annotations

import threading
import time
from collections import deque

import structlog
from django.db import DatabaseError

from workflows.engine.bell import hear, ring, ring_unless_rung
from workflows.engine.claiming import Claim, LeaseLost, claim, give_back, held, let_go
from workflows.engine.executor import Execution, carry_out
from workflows.engine.storing import Shelf

MOST_AT_ONCE = 100
MOST_WAITING = 16
STORED_EVERY_SECONDS = 0.05
LONGEST_SECONDS = 0.5
"""What is not begun by then goes back to whoever has time for it."""

log = structlog.get_logger(__name__)

_waiting: deque[Execution] = deque()
_batching = threading.Lock()
_at_once = 8


def drain(seconds: float) -> int:
    """Carry out runs that are due, until there is none or so much time has passed; returns how many."""
    count, until = 0, time.monotonic() + seconds
    while time.monotonic() < until:
        if (execution := _next_waiting()) is not None:
            with held(execution.claim):
                execution.go()
            count += 1
        elif batch := _batch():
            count += batch
        else:
            return count
    ring()
    return count


def _next_waiting() -> Execution | None:
    try:
        return _waiting.popleft()
    except IndexError:
        return None


def _batch() -> int:
    """Claim some, and carry them out as far as they only compute; returns how many those were. One thread at a time:
    together they would compute no faster."""
    global _at_once
    if not _batching.acquire(blocking=False):
        return 0
    try:
        hear()
        claims = claim(_at_once)
        left = _Batch(claims).carry_out()
        is_full = len(claims) >= _at_once
        if claims:
            _at_once = max(1, _at_once // 2) if left else min(MOST_AT_ONCE, _at_once * 2)
    finally:
        _batching.release()
    kept = left[:MOST_WAITING]
    _waiting.extend(kept)
    give_back([execution.claim for execution in left[MOST_WAITING:]])
    if len(kept) > 1:
        ring(len(kept) - 1)
    elif is_full:
        ring_unless_rung()
    return len(claims)


class _Batch:
    """Runs that were claimed together."""

    def __init__(self, claims: list[Claim]) -> None:
        self.claims = deque(claims)
        self.shelf = Shelf()
        self.held = {each.run_id: each for each in claims}
        """Those that are to be let go of when this goes wrong."""

    def carry_out(self) -> list[Execution]:
        """Returns those that call something or wait, stopped there."""
        left = []
        try:
            began = stored = time.monotonic()
            while self.claims and time.monotonic() - began < LONGEST_SECONDS:
                execution = self._compute(self.claims.popleft())
                if execution is not None:
                    left.append(execution)
                if time.monotonic() - stored > STORED_EVERY_SECONDS:
                    self._store()
                    stored = time.monotonic()
            self._store()
            give_back(self.claims)
        except BaseException:
            for each in self.held.values():
                let_go(each)
            raise
        return left

    def _compute(self, claimed: Claim) -> Execution | None:
        try:
            execution = Execution(claimed, self.shelf)
            if not execution.go(as_far_as_computed=True):
                return execution
        except LeaseLost:
            pass
        except DatabaseError:
            raise
        except Exception:
            # It is nobody's now, and whoever claims it next counts that.
            log.exception("run.broken-off", run=str(claimed.run_id))
            let_go(claimed)
        return None

    def _store(self) -> None:
        ended = self.shelf.ended
        for each in self.shelf.store():
            # Somebody asks to cancel it, or has claimed it since: to be read anew.
            carry_out(Claim(each.run_id, each.fence))
        for each, _ in ended:
            let_go(each)
