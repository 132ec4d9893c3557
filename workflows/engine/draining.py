"""What a worker does with runs that are due: many at a time while they only compute, side by side while they call.

One thread of a process goes on with all of its runs. Each turn it takes those of which something is back and those
that it claims, carries each as far as it goes in memory, and writes what became of all of them at once. Then their
calls leave, in threads of their own. It never waits for a service; steps that may are carried out at leisure.
"""

from __future__ import annotations

import time
import uuid
from collections import deque
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor

import structlog
from django.db import DatabaseError, connections

from hub.connections import asked_once
from workflows.engine import halts, storing
from workflows.engine.bell import hear, ring, ring_unless_rung
from workflows.engine.calls import calls
from workflows.engine.claiming import Claim, LeaseLost, claim, give_back, let_go, put_off
from workflows.engine.contents.places import StoreAway
from workflows.engine.executor import Execution, Pause
from workflows.engine.under_way import UnderWay
from workflows.leases import AWAY, keeper

MOST_AT_ONCE = 100
MOST_HELD = 2 * calls.most
"""Of runs that call something. What is claimed beyond goes back to whoever has room for it."""
WRITTEN_EVERY_SECONDS = 0.05
LONGEST_SECONDS = 0.2
"""What is not begun by then goes back to whoever has time for it."""
PAUSE_SECONDS = 0.5
PATIENCE_SECONDS = 15.0
"""So long a database that is away is waited for, before the runs are given up: their leases last a little longer."""

log = structlog.get_logger(__name__)

under_way = UnderWay()
_at_leisure = ThreadPoolExecutor(max_workers=16, thread_name_prefix="leisure")
_at_once = 8
_is_behind = False
"""More may be due than was claimed."""
_callers: set[uuid.UUID] = set()
"""Versions of workflows whose runs do more than compute."""
_is_closing = False


def drain(seconds: float = float("inf")) -> int:
    """Carry out runs that are due, until there is none; returns how often one was gone on with. After so much time
    none is claimed any more. One thread at a time: together they would compute no faster."""
    if not under_way.enter():
        return 0
    try:
        return _drain(time.monotonic() + seconds)
    except BaseException:
        under_way.leave()
        raise


def _drain(until: float) -> int:
    count = 0
    while True:
        try:
            count += _turn()
            looks = under_way.is_rung() or (_is_behind and under_way.count <= MOST_HELD // 2)
            if looks and not _is_closing and time.monotonic() < until:
                count += _batch()
                continue
        except DatabaseError as error:
            if not under_way.count:
                raise
            log.warning("drain.broken-off", error=type(error).__name__)
            connections.close_all()
            time.sleep(PAUSE_SECONDS)
        if not under_way.wait():
            break
    if _is_behind:
        ring()
    return count


def close() -> None:
    """The process is about to end: claim no more, begin no more, and note what comes of the calls that are out."""
    global _is_closing
    _is_closing = True
    under_way.hurry()


# Those that are under way


def _turn() -> int:
    """Go on with those that can, for a moment; returns how many those were."""
    began, gone = time.monotonic(), dict[Execution, Pause]()
    with halts.looked_up_once(), asked_once():
        while time.monotonic() - began < WRITTEN_EVERY_SECONDS and len(gone) < MOST_AT_ONCE:
            execution = under_way.next()
            if execution is None:
                break
            gone[execution] = _go(execution)
    _write(gone)
    return len(gone)


def _go(execution: Execution, *, at_leisure: bool = False) -> Pause:
    """Carry out a run as far as it goes now. It harms no other."""
    try:
        return execution.leave() if _is_closing else execution.go(may_block=at_leisure)
    except Exception as error:
        return _drop(execution, error)


def _write(gone: dict[Execution, Pause]) -> None:
    """Write what became of them, and go on where that leads."""
    _store(gone)
    for execution, pause in gone.items():
        try:
            pause = execution.drop() if execution.is_broken else execution.written(pause)
        except Exception as error:
            pause = _drop(execution, error)
        if pause is Pause.TAKES_TIME:
            _at_leisure.submit(_at_length, execution)
            continue
        if pause is Pause.OVER:
            if execution.away is not None:
                put_off(execution.claim, execution.away)
            else:
                let_go(execution.claim)
        under_way.paused(execution, pause)


def _store(gone: Iterable[Execution]) -> None:
    """Write their pages, also when the database is away for a while. What cannot be written harms no other."""
    whole = [execution for execution in gone if execution.journal.page and not execution.is_broken]
    began = time.monotonic()
    while whole:
        try:
            storing.store([execution.journal.page for execution in whole])
        except AWAY as error:
            connections.close_all()
            if time.monotonic() - began > PATIENCE_SECONDS:
                for execution in whole:
                    _drop(execution, error)
                return
            time.sleep(PAUSE_SECONDS)
        except Exception as error:
            if len(whole) == 1:
                _drop(whole[0], error)
                return
            for execution in whole:
                _store([execution])
            return
        whole = [execution for execution in whole if execution.journal.page]


def _drop(execution: Execution, error: Exception) -> Pause:
    """It is nobody's now, and whoever claims it next counts that."""
    run, pause = str(execution.claim.run_id), execution.drop()
    if isinstance(error, AWAY):
        log.warning("run.given-up", run=run, error=type(error).__name__)
        if pause is Pause.OVER:
            keeper.give_up(execution.claim.lease)
    elif isinstance(error, StoreAway):
        log.warning("store.away", run=run, error=str(error))
        execution.away = error
    elif not isinstance(error, LeaseLost):
        log.error("run.broken-off", run=run, exc_info=error)
    return pause


def _at_length(execution: Execution) -> None:
    """Carry out a run whose step may keep its thread waiting, such as by reading a whole directory."""
    try:
        _write({execution: _go(execution, at_leisure=True)})
    finally:
        connections.close_all()


# Those that are due


def _batch() -> int:
    """Claim some, and carry them out as far as they only compute; returns how many those were."""
    global _at_once, _is_behind
    hear()
    room = max(0, MOST_HELD - under_way.count)
    claims = claim(_at_once, without=() if room else _callers)
    is_full = len(claims) >= _at_once
    left, leaving = deque(claims), list[Execution]()
    try:
        began = time.monotonic()
        while left and time.monotonic() - began < LONGEST_SECONDS:
            leaving += _compute(left)
    finally:
        give_back(left)
        too_many = leaving[room:]
        for execution in leaving[:room]:
            under_way.paused(execution, Pause.LEAVES)
        for execution in too_many:
            under_way.paused(execution, Pause.OVER)
        give_back([execution.claim for execution in too_many])
    _callers.update(execution.run.version_id for execution in too_many)
    _is_behind = is_full or bool(too_many or left) or not room
    if claims:
        done = len(claims) - len(left)
        _at_once = max(1, _at_once // 2) if too_many else max(1, done) if left else min(MOST_AT_ONCE, _at_once * 2)
    if is_full:
        ring_unless_rung()
    return len(claims)


def _compute(claims: deque[Claim]) -> list[Execution]:
    """Carry out some, for a moment, and write what became of them. Returns those that do more than compute, stopped
    there: nothing is written of them."""
    gone, leaving = dict[Execution, Pause](), list[Execution]()
    began = time.monotonic()
    while claims and time.monotonic() - began < WRITTEN_EVERY_SECONDS:
        claimed = claims.popleft()
        try:
            execution = Execution(claimed, under_way.is_back)
        except StoreAway as away:
            log.warning("store.away", run=str(claimed.run_id), error=str(away))
            put_off(claimed, away)
            continue
        except Exception as error:
            if not isinstance(error, LeaseLost):
                log.exception("run.broken-off", run=str(claimed.run_id))
            let_go(claimed)
            continue
        under_way.take(execution)
        try:
            pause = execution.go(computes_only=True)
        except Exception as error:
            pause = _drop(execution, error)
        if pause is Pause.LEAVES:
            leaving.append(execution)
        else:
            gone[execution] = pause
    _write(gone)
    return leaving
