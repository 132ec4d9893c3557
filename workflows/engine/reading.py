"""Steps that read a whole source: they end soon after their time is over, or the run is cancelled or stopped."""

from __future__ import annotations

from collections.abc import Callable

from django.db import DatabaseError

from hub.sdk import patience
from workflows.engine.calling import Later
from workflows.engine.halts import Halts
from workflows.engine.journal import Journal
from workflows.graph.graph import Step
from workflows.models import Attempt, Run, RunStep

KINDS = frozenset({"plan", "check", "read", "record"})


def while_wanted(
    journal: Journal, run: Run, step: Step, row: RunStep, attempt: Attempt, carry_out: Callable[[], Later | None]
) -> Later | None:
    """Carry out the step. What it has read when it is given up counts for nothing, and is read anew when it goes on.

    Other kinds of steps are carried out as they are: what writes is not broken off in the middle.
    """
    if step.kind not in KINDS:
        return carry_out()
    try:
        with patience.while_wanted(lambda: _is_wanted(journal, run, step), step.timeout_seconds):
            return carry_out()
    except patience.OutOfTime:
        said = f'Step "{step.title}" did not finish reading within {step.timeout_seconds:g} s. It was given up.'
        return Later(
            {"code": "timed-out", "message": f"{said} Give the step more time, or look at the source."}, None
        )
    except patience.NotWanted:
        said = f'Step "{step.title}" was given up while it read: the run was cancelled or stopped.'
        journal.call_again(row, attempt, {"code": "given-up", "message": f"{said} Nothing was changed."})
        return None


def _is_wanted(journal: Journal, run: Run, step: Step) -> bool:
    try:
        return journal.is_wanted() and Halts(run).of_step(step) is None
    except DatabaseError:
        return True  # Whoever writes next meets it too, and knows what to do.
