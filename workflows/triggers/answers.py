"""Answering a webhook with what its run gave: the call waits, one thread looks for all that wait."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from workflows.engine.graphs import graph_of
from workflows.engine.keeping import opened
from workflows.engine.subflows import end_outputs
from workflows.engine.veils import Veil
from workflows.models import Run, RunStep
from workflows.planning.states import ENDED_RUNS, RunState, StepState

MOST_WAITING = 24
"""Threads of the web server that may wait at a time, so that others still take calls."""
_QUICK_SECONDS, _SLOW_SECONDS, _QUICK_FOR_SECONDS = 0.004, 0.1, 2.0


@dataclass(frozen=True)
class Answer:
    """What the caller is told: a status of HTTP, and a body to be written as JSON."""

    status: int
    body: Any


@dataclass
class _Waiting:
    run_id: UUID
    steps: frozenset[str]
    """Steps that answer the call."""
    since: float = field(default_factory=time.monotonic)
    answer: Answer | None = None
    told: threading.Event = field(default_factory=threading.Event)


_waiting: dict[int, _Waiting] = {}
_looking = threading.Lock()


def wait_for(run_id: UUID | str, seconds: float) -> Answer | None:
    """The answer of a run, or None when there is none in time or too many wait already."""
    version = Run.objects.values_list("version_id", flat=True).get(id=run_id)
    steps = frozenset(step.id for step in graph_of(version).steps.values() if step.kind == "respond")
    mine = _Waiting(UUID(str(run_id)), steps)
    if len(_waiting) >= MOST_WAITING:
        return None
    _waiting[id(mine)] = mine
    try:
        while mine.answer is None and (left := mine.since + seconds - time.monotonic()) > 0:
            pause = _pause()
            if _looking.acquire(blocking=False):
                try:
                    _look()
                    if mine.answer is None:
                        time.sleep(min(pause, left))
                finally:
                    _looking.release()
            else:
                mine.told.wait(min(pause, left))
        return mine.answer
    finally:
        del _waiting[id(mine)]


def _pause() -> float:
    """Short while somebody has just begun to wait."""
    newest = max((each.since for each in list(_waiting.values())), default=0.0)
    return _QUICK_SECONDS if time.monotonic() - newest < _QUICK_FOR_SECONDS else _SLOW_SECONDS


def _look() -> None:
    """See for all that wait whether their runs have answered or ended."""
    all_of_them = [each for each in list(_waiting.values()) if each.answer is None]
    ids = {each.run_id for each in all_of_them}
    names = {name for each in all_of_them for name in each.steps}
    said: dict[UUID, Answer] = {}
    if names:
        rows = (
            RunStep.objects.select_related("run")
            .filter(run__in=ids, step__in=names, state=StepState.SUCCEEDED)
            .order_by("ended_at")
        )
        for row in rows:
            output = opened(row, "output", Veil(row.run.workspace_id))
            given = output if isinstance(output, dict) else {}
            said.setdefault(row.run_id, Answer(int(given.get("status", 200)), given.get("body")))
    for run in Run.objects.filter(id__in=ids - said.keys(), state__in=ENDED_RUNS):
        said[run.id] = _ended(run)
    for each in all_of_them:
        if (answer := said.get(each.run_id)) is not None:
            each.answer = answer
            each.told.set()


def _ended(run: Run) -> Answer:
    if run.state == RunState.SUCCEEDED:
        return Answer(200, {"run": str(run.id), "state": run.state, "result": end_outputs(run)})
    return Answer(500, {"run": str(run.id), "state": run.state})
