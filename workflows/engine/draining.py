"""What a worker does with runs that are due: many at a time while they only compute, side by side while they call.

Runs are claimed in batches and carried out in memory as far as they only compute. Those that have ended by then are
stored together. The others stay in this process: whatever they call is called by threads of its own, and whichever
thread is free here goes on with a run when something of it is back. Nobody here waits for a service.
"""

from __future__ import annotations

import threading
import time
import uuid
from collections import deque
from concurrent.futures import ThreadPoolExecutor

import structlog
from django.db import DatabaseError, connections

from workflows.engine.bell import hear, ring, ring_unless_rung
from workflows.engine.calls import calls
from workflows.engine.claiming import Claim, LeaseLost, claim, give_back, let_go
from workflows.engine.executor import Execution, Pause, carry_out
from workflows.engine.storing import Shelf
from workflows.engine.under_way import UnderWay
from workflows.leases import AWAY, keeper

MOST_AT_ONCE = 100
MOST_HELD = 2 * calls.most
"""Of runs that call something. What is claimed beyond goes back to whoever has room for it."""
STORED_EVERY_SECONDS = 0.05
LONGEST_SECONDS = 0.5
"""What is not begun by then goes back to whoever has time for it."""
PAUSE_SECONDS = 0.5
"""After the database went away."""

log = structlog.get_logger(__name__)

under_way = UnderWay()
_at_leisure = ThreadPoolExecutor(max_workers=16, thread_name_prefix="leisure")
"""For steps that may keep their thread waiting, such as reading a whole directory."""
_batching = threading.Lock()
_counting = threading.Lock()
_at_once = 8
_is_behind = False
"""More may be due than was claimed."""
_callers: set[uuid.UUID] = set()
"""Versions of workflows whose runs do more than compute."""
_draining = 0
_is_closing = False


def drain(seconds: float) -> int:
    """Carry out runs that are due, until there is none or so much time has passed; returns how many times one was
    gone on with. The last one to drain stays until nothing is under way."""
    global _draining
    with _counting:
        _draining += 1
    try:
        return _drain(time.monotonic() + seconds)
    except BaseException:
        with _counting:
            _draining -= 1
        raise


def _drain(until: float) -> int:
    count, looks = 0, True
    while not (time.monotonic() >= until and _others_stay()):
        try:
            if (execution := under_way.next()) is not None:
                _go_on(execution)
                count += 1
            elif (looks or _has_room_again()) and not _is_closing:
                claimed = _batch()
                looks = claimed > 0 and _is_behind
                count += claimed
            elif not under_way.attend() and _others_stay():
                return count
        except DatabaseError as error:
            if not under_way.count:
                raise
            log.warning("drain.broken-off", error=type(error).__name__)
            connections.close_all()
            time.sleep(PAUSE_SECONDS)
    ring()
    return count


def _others_stay() -> bool:
    """Leave, unless nobody else would go on with what is under way."""
    global _draining
    with _counting:
        if _draining > 1 or not under_way.count:
            _draining -= 1
            return True
    return False


def _has_room_again() -> bool:
    return _is_behind and under_way.count <= MOST_HELD // 2


def close() -> None:
    """The process is about to end: claim no more, begin no more, and note what comes of the calls that are out."""
    global _is_closing
    _is_closing = True


def _go_on(execution: Execution, *, at_leisure: bool = False) -> None:
    """Carry out a run as far as it goes now. It harms no other."""
    pause = Pause.OVER
    try:
        pause = execution.leave() if _is_closing else execution.go(may_block=at_leisure)
    except LeaseLost:
        pass
    except AWAY as error:
        log.warning("run.given-up", run=str(execution.claim.run_id), error=type(error).__name__)
        connections.close_all()
        pause = execution.drop()
        if pause is Pause.OVER:
            keeper.give_up(execution.claim.lease)
    except Exception:
        # It is nobody's now, and whoever claims it next counts that.
        log.exception("run.broken-off", run=str(execution.claim.run_id))
        pause = execution.drop()
    if pause is Pause.TAKES_TIME:
        _at_leisure.submit(_at_length, execution)
        return
    if pause is Pause.OVER:
        let_go(execution.claim)
    under_way.paused(execution, pause)


def _at_length(execution: Execution) -> None:
    try:
        _go_on(execution, at_leisure=True)
    finally:
        connections.close_all()


def _batch() -> int:
    """Claim some, and carry them out as far as they only compute; returns how many those were. One thread at a time:
    together they would compute no faster."""
    global _at_once, _is_behind
    if not _batching.acquire(blocking=False):
        return 0
    try:
        hear()
        room = max(0, MOST_HELD - under_way.count)
        claims = claim(_at_once, without=() if room else _callers)
        batch = _Batch(claims)
        left = batch.carry_out()
        is_full = len(claims) >= _at_once
        kept, too_many = left[:room], left[room:]
        _is_behind = is_full or bool(too_many or batch.claims)
        if claims:
            _at_once = max(1, _at_once // 2) if too_many else min(MOST_AT_ONCE, _at_once * 2)
    finally:
        _batching.release()
    _callers.update(execution.run.version_id for execution in too_many)
    under_way.put(kept)
    give_back([execution.claim for execution in too_many])
    if is_full:
        ring_unless_rung()
    return len(claims)


class _Batch:
    """Runs that were claimed together."""

    def __init__(self, claims: list[Claim]) -> None:
        self.claims = deque(claims)
        self.shelf = Shelf()
        self.held = {each.run_id: each for each in claims}

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
            left = []
            raise
        finally:
            kept = {execution.claim.run_id for execution in left}
            for each in self.held.values():
                if each.run_id not in kept:
                    let_go(each)
        return left

    def _compute(self, claimed: Claim) -> Execution | None:
        try:
            execution = Execution(claimed, self.shelf, under_way.is_back)
            if execution.go(computes_only=True) is Pause.LEAVES:
                return execution
        except LeaseLost:
            pass
        except DatabaseError:
            raise
        except Exception:
            # It is nobody's now, and whoever claims it next counts that.
            log.exception("run.broken-off", run=str(claimed.run_id))
        return None

    def _store(self) -> None:
        for each in self.shelf.store():
            # Somebody asks to cancel it, or has claimed it since: to be read anew.
            carry_out(Claim(each.run_id, each.fence))
