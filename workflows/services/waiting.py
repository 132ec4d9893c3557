"""What a run waits for, in words."""

from __future__ import annotations

from hub.operations.heartbeats import pools_served
from hub.operations.pools import DEFAULT
from hub.watch import clock
from workflows.engine import generations, halts
from workflows.models import Run, RunStep
from workflows.planning.states import ENDED_RUNS, RUN_SENTENCES, STEP_SENTENCES, RunState, StepState

LATE_SECONDS = 5
_ORDER = (StepState.IN_DOUBT, StepState.RUNNING, StepState.WAITING, StepState.READY)


def in_words(run: Run) -> str:
    """A sentence for a list: the state, and who has stopped it."""
    if run.state in ENDED_RUNS:
        return RUN_SENTENCES[RunState(run.state)]
    halt = next((each for each in halts.known() if not each.writes_only and halts.covers(each, run)), None)
    if halt is not None and run.state != RunState.RUNNING:
        return halt.sentence
    if run.state in (RunState.QUEUED, RunState.WAITING) and run.due_at is not None:
        late = (clock.now() - run.due_at).total_seconds() - run.workflow.head_start_seconds
        if run.generation > generations.OURS:
            return "Waits for a worker of a newer release, which has worked on it or published its workflow."
        if late > LATE_SECONDS:
            if run.pool != DEFAULT:
                return _for_pool(run.pool, late)
            return f"Waits for a worker: it has been due for {late:.0f} s."
    if run.state == RunState.WAITING and run.lane is not None and run.admitted_at is None:
        among = f' among those of "{run.lane}"' if run.lane else ""
        return f"Waits for its turn{among}: only so many runs go at a time."
    return RUN_SENTENCES[RunState(run.state)]


def _for_pool(pool: str, late: float) -> str:
    if pool not in pools_served():
        return f'Waits for a worker of the pool "{pool}"; none is running.'
    return f'Waits for a worker of the pool "{pool}": it has been due for {late:.0f} s.'


def in_detail(run: Run) -> str:
    """The same, and what its step waits for that comes first."""
    said = in_words(run)
    if run.state != RunState.WAITING or said != RUN_SENTENCES[RunState.WAITING]:
        return said
    rows = sorted(
        (row for row in run.steps.all() if row.state in _ORDER), key=lambda row: _ORDER.index(StepState(row.state))
    )
    return f'Step "{rows[0].step}": {_of_step(run, rows[0])}' if rows else said


def _of_step(run: Run, row: RunStep) -> str:
    if row.state == StepState.READY:
        found = next((each for each in halts.known() if each.workspace_id == run.workspace_id), None)
        return found.sentence if found else STEP_SENTENCES[StepState.READY]
    return explained(row)


def explained(step: RunStep) -> str:
    """What a step's state means, and what it waits for when it knows."""
    if step.state != StepState.WAITING:
        return STEP_SENTENCES[StepState(step.state)]
    if isinstance(step.output, dict) and step.output.get("message"):
        return str(step.output["message"])
    at = f" at {step.due_at:%d %b %Y, %H:%M:%S} UTC" if step.due_at else ""
    if step.error:
        return f"Is tried again{at}. {step.error.get('message', '')}".strip()
    if getattr(step, "child", None) is not None:
        return "Waits for the run that it started."
    return f"Goes on{at}." if at else STEP_SENTENCES[StepState.WAITING]
