"""The run that a trigger starts: queued in the caller's transaction, at most once for the same key."""

from __future__ import annotations

from typing import Any

from hub.watch import clock
from workflows.engine.queueing import queue_run
from workflows.models import Run, Trigger
from workflows.planning.states import ENDED_RUNS

LONGEST_KEY = 200


def start(trigger: Trigger, payload: dict[str, Any], *, key: str | None, cause: dict[str, Any]) -> tuple[Run, bool]:
    """The run, and whether it is new. The trigger's workflow is published; the bell is rung after the commit."""
    run = run_of(trigger, payload, key=key, cause=cause)
    if not queue_run(run):
        return Run.objects.get(workflow=trigger.workflow, key=run.key), False
    trigger.fired_at = clock.now()
    return run, True


def run_of(trigger: Trigger, payload: dict[str, Any], *, key: str | None, cause: dict[str, Any]) -> Run:
    """What `start` queues."""
    return Run(
        workspace_id=trigger.workspace_id,
        workflow=trigger.workflow,
        version=trigger.workflow.published,
        trigger=trigger,
        payload=payload,
        cause={"kind": trigger.kind, "trigger": trigger.name} | cause,
        key=key,
    )


def is_going(trigger: Trigger) -> bool:
    """Whether a run that this trigger started has not ended."""
    return Run.objects.filter(trigger=trigger).exclude(state__in=ENDED_RUNS).exists()
