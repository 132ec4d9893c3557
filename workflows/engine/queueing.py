"""Stores new runs. The queued rows are the queue."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import InterfaceError, OperationalError, connection

from hub.watch import clock
from workflows.engine.keeping import mask_start
from workflows.engine.veils import Veil
from workflows.models import Run, Workflow
from workflows.planning.states import RunState


@dataclass(frozen=True)
class Called:
    """A run that a webhook's call asks for. `payload` is JSON text; `fence` is the trigger's, as it was judged."""

    id: uuid.UUID
    trigger_id: uuid.UUID
    fence: int
    payload: bytes
    cause: bytes
    key: str | None
    version_id: uuid.UUID | None = None
    """By which it was judged: another one may class other fields."""
    sealed: bytes | None = None
    """What is masked in the payload."""


_QUEUE = """
INSERT INTO workflows_run (id, workspace_id, workflow_id, version_id, trigger_id, state, cause, payload, key, due_at,
    fence, lapses, cancel_asked, created_at, sealed, pool, generation)
SELECT called.id, workflow.workspace_id, workflow.id, workflow.published_id, called.trigger_id, 'queued',
    called.cause, called.payload, called.key,
    clock_timestamp() - make_interval(secs => workflow.head_start_seconds), 0, 0, false, clock_timestamp(),
    called.sealed, workflow.pool, workflow.generation
FROM unnest(%s::uuid[], %s::uuid[], %s::int[], %s::jsonb[], %s::jsonb[], %s::text[], %s::uuid[],
    %s::bytea[]) AS called(id, trigger_id, fence, cause, payload, key, version_id, sealed)
JOIN workflows_trigger trigger ON trigger.id = called.trigger_id AND trigger.fence = called.fence AND trigger.is_live
JOIN workflows_workflow workflow ON workflow.id = trigger.workflow_id AND workflow.is_active
    AND workflow.published_id = coalesce(called.version_id, workflow.published_id)
ON CONFLICT DO NOTHING
RETURNING id
"""


def queue_called(called: Sequence[Called]) -> set[uuid.UUID]:
    """Store the runs of webhook calls as due now, in one statement; returns the ids of those that are stored.

    Missing are those whose key has started a run before, and those whose trigger is no longer what it was. A
    connection that has died is opened anew, once; what was stored before it died is not stored again.
    """
    try:
        return _queue(called)
    except (OperationalError, InterfaceError):
        connection.close()
        stored = _queue(called)
        return stored | set(Run.objects.filter(id__in=[each.id for each in called]).values_list("id", flat=True))


def _queue(called: Sequence[Called]) -> set[uuid.UUID]:
    columns: list[list[Any]] = [
        [each.id for each in called],
        [each.trigger_id for each in called],
        [each.fence for each in called],
        [each.cause.decode() for each in called],
        [each.payload.decode() for each in called],
        [each.key for each in called],
        [each.version_id for each in called],
        [each.sealed for each in called],
    ]
    with connection.cursor() as cursor:
        cursor.execute(_QUEUE, columns)
        return {row[0] for row in cursor.fetchall()}


def queue_run(run: Run, veil: Veil | None = None) -> bool:
    """Store a new run as due now. False when its key has started a run of this workflow before."""
    return bool(queue_runs([run], veil))


def queue_runs(runs: Sequence[Run], veil: Veil | None = None) -> list[Run]:
    """Store new runs as due now, with masks in place of what is classed; with the veil of the run that starts them
    also of what that knows. Returns those whose key has started no run of their workflow before."""
    now = clock.now()
    for run in runs:
        mask_start(run, veil)
        run.state, run.due_at = RunState.QUEUED, now - timedelta(seconds=run.workflow.head_start_seconds)
        run.pool, run.generation = run.workflow.pool, run.workflow.generation
    Run.objects.bulk_create(runs, ignore_conflicts=True)
    stored = set(Run.objects.filter(id__in=[run.id for run in runs]).values_list("id", flat=True)) if runs else set()
    return [run for run in runs if run.id in stored]


def move_to_pool(workflow: Workflow) -> None:
    """Have the runs of a workflow that have not ended carried out by the workers of the pool that it names now."""
    Run.objects.filter(workflow=workflow, ended_at=None).exclude(pool=workflow.pool).update(pool=workflow.pool)
