"""Answering a webhook with what its run gave. The call waits until a worker tells that its run has gone on."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from workflows.engine import awaited
from workflows.engine.graphs import graph_of
from workflows.engine.keeping import opened
from workflows.engine.subflows import end_outputs
from workflows.engine.veils import Veil
from workflows.models import Run, RunStep
from workflows.planning.states import ENDED_RUNS, RunState, StepState

MOST_WAITING = 24
"""Threads of the web server that may wait at a time, so that others still take calls."""
_HEARING_SECONDS, _DEAF_SECONDS = 0.25, 0.02
"""So often is looked without having been told: what is told may be lost, and not everything that ends a run tells."""
_AGAIN_SECONDS = 1.0
"""After so long is listened again when the broker was away."""


@dataclass(frozen=True)
class Answer:
    """What the caller is told: a status of HTTP, and a body to be written as JSON."""

    status: int
    body: Any


@dataclass(eq=False)
class _Waiting:
    run_id: UUID
    steps: frozenset[str]
    """Steps that answer the call."""
    since: float = field(default_factory=time.monotonic)
    answer: Answer | None = None
    told: threading.Event = field(default_factory=threading.Event)


_waiting: set[_Waiting] = set()
_told_lately: deque[str] = deque(maxlen=500)
"""Of whom a worker told, also before the call began to wait."""
_mutex = threading.Lock()
_looking = threading.Lock()
_looked_at = 0.0


def wait_for(run_id: UUID | str, version_id: UUID | None, seconds: float) -> Answer | None:
    """The answer of a run, or None when there is none in time or too many wait already. With `version_id`, the run is
    new and of this version."""
    version = version_id or Run.objects.values_list("version_id", flat=True).get(id=run_id)
    mine = _Waiting(UUID(str(run_id)), graph_of(version).answering or frozenset())
    _ears.open()
    with _mutex:
        if len(_waiting) >= MOST_WAITING:
            return None
        _waiting.add(mine)
        if version_id is None or str(run_id) in _told_lately:
            mine.told.set()
    try:
        while mine.answer is None and (left := mine.since + seconds - time.monotonic()) > 0:
            pause = _pause()
            is_told = mine.told.wait(min(pause, left))
            with _looking:  # Who waits here meanwhile is looked for together.
                if mine.answer is None:
                    _look_for(mine, is_told, pause)
        return mine.answer
    finally:
        with _mutex:
            _waiting.discard(mine)


def _pause() -> float:
    """How long a call waits to be told of its run before it looks without."""
    return _HEARING_SECONDS if _ears.hear else _DEAF_SECONDS


class _Ears:
    """Hears in a thread of its own whose run has gone on."""

    def __init__(self) -> None:
        self.hear = False
        self._thread: threading.Thread | None = None

    def open(self) -> None:
        if self._thread is None:
            with _mutex:
                if self._thread is None:
                    self._thread = threading.Thread(target=self._listen, name="answers", daemon=True)
                    self._thread.start()

    def _listen(self) -> None:
        while True:
            for told in awaited.heard():
                self.hear = True
                _note(told)
            self.hear = False
            time.sleep(_AGAIN_SECONDS)


_ears = _Ears()


def _note(told: Collection[str]) -> None:
    with _mutex:
        _told_lately.extend(told)
        for each in _waiting:
            if str(each.run_id) in told:
                each.told.set()


def _look_for(mine: _Waiting, is_told: bool, pause: float) -> None:
    """See whether the run of this call has answered or ended; for the others of whom was told too, or for all."""
    global _looked_at
    now = time.monotonic()
    if not is_told and now - _looked_at < pause:
        return  # Somebody has just looked for all.
    with _mutex:
        those = [each for each in _waiting if each.answer is None and (not is_told or each.told.is_set())]
    if not is_told:
        _looked_at = now
    for each in those:
        each.told.clear()
    answers = _answers_of(those)
    for each in those:
        if (answer := answers.get(each.run_id)) is not None:
            each.answer = answer
            each.told.set()


def _answers_of(those: Collection[_Waiting]) -> dict[UUID, Answer]:
    """What has been answered already, by run."""
    ids = {each.run_id for each in those}
    names = {name for each in those for name in each.steps}
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
    ended = Run.objects.filter(id__in=ids - said.keys(), state__in=ENDED_RUNS).order_by()
    runs = list(ended.only("id", "state", "version_id", "workspace_id"))
    results = end_outputs([run for run in runs if run.state == RunState.SUCCEEDED])
    for run in runs:
        body: dict[str, Any] = {"run": str(run.id), "state": run.state}
        if run.id in results:
            said[run.id] = Answer(200, body | {"result": results[run.id]})
        else:
            said[run.id] = Answer(500, body)
    return said
