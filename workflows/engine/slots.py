"""Turns: only so many runs of a workflow go at a time. A slot is a row of a run that has its turn and has not ended;
there is no counter that could drift."""

from __future__ import annotations

import hashlib
import json
import uuid
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import Any

from django.db import transaction
from django.db.models import Count, F, Q, QuerySet, Window
from django.db.models.functions import RowNumber

from hub.watch import clock
from workflows.engine.graphs import graph_of
from workflows.models import Run, Workflow
from workflows.planning.slots import Limits, served
from workflows.planning.states import ENDED_RUNS, RunState

MOST_LOOKED_AT = 500
LONGEST_LANE = 200
UNDER_WAY = Q(admitted_at__isnull=False) & ~Q(state__in=ENDED_RUNS)
IN_QUEUE = Q(admitted_at=None, lane__isnull=False, cancel_asked=False, state__in=[RunState.QUEUED, RunState.WAITING])


def limits_of(run: Run) -> Limits | None:
    asked = graph_of(run.version_id).options.get("concurrency")
    return Limits.of(asked) if asked else None


def alone(run: Run | None) -> AbstractContextManager[Any]:
    """Nobody else is given or gives up a turn of this workflow meanwhile."""
    return _Alone(run.workflow_id) if run is not None and run.lane is not None else nullcontext()


class _Alone:
    def __init__(self, workflow_id: uuid.UUID) -> None:
        self._workflow_id = workflow_id

    def __enter__(self) -> None:
        list(Workflow.objects.select_for_update(no_key=True).filter(id=self._workflow_id).values_list("id"))

    def __exit__(self, *_: object) -> None:
        return None


def has_turn(run: Run, limits: Limits) -> bool:
    """Whether a run that is claimed may begin now. The caller holds the workflow and the run."""
    first = _heads(_queued(run.workflow_id).filter(id__lt=run.id), limits)
    waiting = [lane for _, lane in first] + [str(run.lane)]
    return len(waiting) - 1 in served(_active(run.workflow_id), waiting, limits)


def newer(run: Run) -> Run | None:
    """A run of the same lane that was asked for later, and has its turn or waits for it."""
    same = Run.objects.filter(UNDER_WAY | IN_QUEUE, workflow=run.workflow_id, lane=run.lane)
    return same.filter(id__gt=run.id, cancel_asked=False).first()


def older(run: Run) -> list[Run]:
    """The runs of the same lane that a newer one takes the place of."""
    same = Run.objects.filter(UNDER_WAY | IN_QUEUE, workflow=run.workflow_id, lane=run.lane, id__lt=run.id)
    return list(same.filter(cancel_asked=False).select_for_update().order_by("id"))


def gave_way(newer: Run | None) -> dict[str, Any]:
    """Why a run is cancelled that nobody cancelled."""
    said = f"The newer run {newer.id} took its place." if newer else "As many runs went as may go at a time."
    return {"code": "gave-way", "message": said}


def lane_of(run: Run, evaluate: Callable[[str], Any]) -> str:
    """With which others the run shares a limit. Raises ExpressionError."""
    key = graph_of(run.version_id).options["concurrency"].get("key")
    value = evaluate(key) if key else None
    if value is None:
        return ""
    text = value if isinstance(value, str) else json.dumps(value, sort_keys=True, ensure_ascii=False)
    return text if len(text) <= LONGEST_LANE else f"#{hashlib.sha256(text.encode()).hexdigest()}"


def wake_next(run: Run) -> None:
    """A run has given up its turn: have those looked at whose turn it is now. The caller holds the workflow."""
    limits = limits_of(run)
    if limits is not None:
        _wake(run.workflow_id, limits)


def wake_all() -> int:
    """Have all looked at whose turn it is, also where a run is gone without giving up its turn; returns how many."""
    count = 0
    waiting = Run.objects.filter(IN_QUEUE, due_at=None).order_by("workflow_id", "-id").distinct("workflow_id")
    for run in waiting:
        limits = limits_of(run)
        with transaction.atomic(), alone(run):
            count += _wake(run.workflow_id, limits or Limits())
    return count


def _wake(workflow_id: uuid.UUID, limits: Limits) -> int:
    first = _heads(_queued(workflow_id), limits)
    turns = served(_active(workflow_id), [lane for _, lane in first], limits)
    ids = [first[place][0] for place in turns]
    return Run.objects.filter(id__in=ids, state=RunState.WAITING, due_at=None).update(due_at=clock.now())


def _queued(workflow_id: uuid.UUID) -> QuerySet[Run]:
    return Run.objects.filter(IN_QUEUE, workflow=workflow_id)


def _active(workflow_id: uuid.UUID) -> dict[str, int]:
    rows = Run.objects.filter(UNDER_WAY, workflow=workflow_id).order_by().values_list("lane")
    return {str(lane): count for lane, count in rows.annotate(Count("id"))}


def _heads(queued: QuerySet[Run], limits: Limits) -> Sequence[tuple[uuid.UUID, str]]:
    """The first of each lane, as many as the lane could serve, in the order in which they were asked for."""
    most = int(min(limits.limit, limits.per_key, MOST_LOOKED_AT))
    place = Window(RowNumber(), partition_by=[F("lane")], order_by="id")
    rows = queued.annotate(place=place).filter(place__lte=most).order_by("id")
    return [(run_id, str(lane)) for run_id, lane in rows.values_list("id", "lane")[:MOST_LOOKED_AT]]
