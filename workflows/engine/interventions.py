"""What people may do to a run: cancel it, settle a doubt, try it again. Each holds the run's row."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from enum import StrEnum
from typing import Any

from django.db import transaction

from hub.watch import clock
from workflows.engine.contents import use
from workflows.engine.journal import ask_to_stop
from workflows.engine.keeping import Keeper, uses_of
from workflows.graph.graph import ERROR
from workflows.models import Event, Run, RunStep
from workflows.planning.states import ENDED_RUNS, RunState, StepState


def ask_to_cancel(run_id: uuid.UUID) -> bool:
    """Stop a run: at once when nobody carries it out, else before its next step. False when it has ended."""
    with transaction.atomic():
        run = Run.objects.select_for_update().get(id=run_id)
        if run.state in ENDED_RUNS:
            return False
        ask_to_stop(run)
        return True


class Verdict(StrEnum):
    """What a person says about a step in doubt."""

    HAPPENED = "happened"
    AGAIN = "again"
    FAILED = "failed"


def settle(run_id: uuid.UUID, step: str, item: str, *, verdict: Verdict, output: Any, by: str) -> bool:
    """A person decides about a step in doubt: its write happened (with this output), or it did not and is tried again
    or has failed for good.

    In a run that has ended nothing is tried again: the step is cancelled instead. False when the step is not in
    doubt any more.
    """
    with transaction.atomic():
        run = Run.objects.select_for_update().get(id=run_id)
        row = RunStep.objects.filter(run=run, step=step, item=item, state=StepState.IN_DOUBT).first()
        if row is None:
            return False
        ended = run.state in ENDED_RUNS
        match verdict:
            case Verdict.HAPPENED:
                row.state, row.port, row.error = StepState.SUCCEEDED, "ok", None
                keeper = Keeper(run)
                keeper.take_up([row])
                keeper.keep(row, "output", output)
                use(uses_of([row]))
            case Verdict.FAILED:
                row.state, row.port = StepState.FAILED, ERROR
                said = {
                    "code": "did-not-happen",
                    "message": f"{by} decided that it did not happen.",
                }
                row.error = (row.error or {}) | said
            case Verdict.AGAIN:
                row.state = StepState.CANCELLED if ended else StepState.READY
        if row.state != StepState.READY:
            row.ended_at = clock.now()
        row.save()
        detail = {"settled_by": by, "verdict": verdict} | ({"item": item} if item else {})
        Event.objects.create(run=run, step=step, state=row.state, detail=detail)
        if not ended:
            run.due_at = clock.now()
            run.save(update_fields=["due_at"])
        return True


def run_again(run_id: uuid.UUID, steps: Iterable[str]) -> bool:
    """Try these failed steps of a failed run again; what is done stays done. False when the run has not failed,
    or another has taken its place."""
    with transaction.atomic():
        run = Run.objects.select_for_update().get(id=run_id)
        if run.state != RunState.FAILED or run.replays.exists():
            return False
        again = [
            row
            for step in run.steps.filter(state=StepState.FAILED, step__in=list(steps), item="")
            for row in _failed_within(step)
        ]
        RunStep.objects.filter(id__in=[row.id for row in again]).update(
            state=StepState.READY, error=None, port="", ended_at=None
        )
        # A run that a step started and somebody cancelled is not taken up again: the step starts another one.
        Run.objects.filter(parent__in=again, state=RunState.CANCELLED).update(parent=None, key=None)
        # What was cancelled or skipped may have been so because of the failure: it is decided anew.
        touched = {row.item for row in again}
        run.steps.filter(state__in=[StepState.CANCELLED, StepState.SKIPPED], item__in=touched).delete()
        run.state, run.due_at, run.ended_at, run.error = RunState.QUEUED, clock.now(), None, None
        run.save()
        Event.objects.create(run=run, state=RunState.QUEUED, detail={"again": sorted({row.step for row in again})})
        return True


def _failed_within(row: RunStep) -> list[RunStep]:
    """A failed step, and what failed in the items of a for-each; those items are under way again."""
    made = [row]
    for item in RunStep.objects.filter(run=row.run_id, step=row.step, state=StepState.FAILED).exclude(item=row.item):
        if item.item.rpartition(".")[0] != row.item:
            continue
        failed = (item.error or {}).get("step", "")
        for inner in RunStep.objects.filter(run=row.run_id, step=failed, item=item.item, state=StepState.FAILED):
            made += _failed_within(inner)
        item.state, item.error, item.port, item.ended_at = StepState.WAITING, None, "", None
        item.save()
    return made
