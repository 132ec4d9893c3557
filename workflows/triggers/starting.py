"""The run that a trigger starts: queued in the caller's transaction, at most once for the same key."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from workflows.engine.queueing import queue_run
from workflows.models import Run, Trigger
from workflows.planning.states import ENDED_RUNS

LONGEST_KEY = 200


def start(trigger: Trigger, payload: dict[str, Any], *, key: str | None, cause: dict[str, Any]) -> tuple[Run, bool]:
    """The run, and whether it is new. The trigger's workflow is published; the bell is rung after the commit."""
    workflow = trigger.workflow
    run = Run(
        workspace_id=trigger.workspace_id,
        workflow=workflow,
        version=workflow.published,
        trigger=trigger,
        payload=payload,
        cause={"kind": trigger.kind, "trigger": trigger.name} | cause,
        key=key,
    )
    if not queue_run(run):
        return Run.objects.get(workflow=workflow, key=run.key), False
    trigger.fired_at = timezone.now()
    return run, True


def is_going(trigger: Trigger) -> bool:
    """Whether a run that this trigger started has not ended."""
    return Run.objects.filter(trigger=trigger).exclude(state__in=ENDED_RUNS).exists()
