"""Carries out the steps that only compute: at once, with nothing stored before they have ended."""

from __future__ import annotations

from typing import Any

from hub.expr import ExpressionError
from workflows.engine import items
from workflows.engine.contents import streaming
from workflows.engine.frames import Frame
from workflows.engine.journal import Journal
from workflows.engine.kinds import COMPUTED, decide, expression_error, setting_error, values_of
from workflows.engine.overtime import Overtime, Patience, too_long
from workflows.models import RunStep


def is_computed(frame: Frame, row: RunStep) -> bool:
    """Whether a step only computes; a for-each does when all that is in it does."""
    step = frame.graph.steps[row.step]
    return step.kind in COMPUTED or items.only_computes(step)


def compute(journal: Journal, frame: Frame, row: RunStep, *, at_leisure: bool) -> None:
    """Carry out a ready step. Raises Overtime unless `at_leisure`: then nothing has changed."""
    step, patience = frame.graph.steps[row.step], Patience.usual(at_leisure=at_leisure)
    evaluate = patience.of(frame.evaluator(row, row.step))
    error: dict[str, Any]
    try:
        if (large := frame.large_items(row)) is not None:
            journal.compute(row, {"items": large})
            made = streaming.work(step, large, evaluate, keeper=journal.keeper)
            return journal.succeed(row, None, made)
        values = values_of(step, evaluate)
        journal.compute(row, values)
        if step.kind == "each":
            return items.compute(journal, frame, step, row, patience)
        if step.kind != "stop":
            output, port = decide(step, values, evaluate)
            return journal.succeed(row, None, output, port)
        message = str(values.get("message") or f'The workflow was stopped by step "{step.title}".')
        error = {"code": "stopped", "message": message}
    except ExpressionError as wrong:
        error = expression_error(wrong)
    except (TypeError, ValueError) as wrong:
        error = setting_error(step, wrong)
    except Overtime:
        if not at_leisure:
            raise
        error = too_long(step.title)
    return journal.fail(row, None, error)
