"""What an expression would be: asked by the designer while somebody writes it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from hub.accounts.access import Actor, allow
from hub.api.errors import Invalid
from hub.expr import ExpressionError, evaluate
from workflows.graph.shape import is_too_deep
from workflows.services.runs import get_run


@dataclass(frozen=True)
class Preview:
    """What a value became; when it became nothing, `error` says why, and `place` where in the value."""

    value: Any = None
    error: str = ""
    place: str = ""
    position: int | None = None


def preview(actor: Actor, *, value: Any, run: str | None = None, scope: dict[str, Any] | None = None) -> Preview:
    """The value with its expressions replaced, seen with the data of a run, over which `scope` is laid.

    Raises NotFound for an unknown run.
    """
    allow(actor, "workflow.edit")
    if is_too_deep(value) or is_too_deep(scope or {}):
        raise Invalid("Lists and objects are nested too deeply. Nest them less.", code="too-deep")
    try:
        return Preview(evaluate(value, _scope(actor, run, scope or {})))
    except ExpressionError as error:
        return Preview(error=error.message, place=error.place, position=error.position)


def _scope(actor: Actor, run: str | None, laid: dict[str, Any]) -> dict[str, Any]:
    seen: dict[str, Any] = {"trigger": {}, "steps": {}, "run": {}}
    if run:
        held = get_run(actor, run)
        seen = {
            "trigger": held.payload,
            "steps": {
                step.step: step.output for step in held.steps.all() if not step.item and step.output is not None
            },
            "run": {"id": str(held.id), "workflow": held.workflow.slug, "cause": held.cause},
        }
    steps = laid.get("steps")
    return {**seen, **laid, "steps": {**seen["steps"], **(steps if isinstance(steps, dict) else {})}}
