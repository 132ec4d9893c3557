"""What is wrong with the expressions of a step: those that cannot be read, and those that read what is not there."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from hub.expr import ExpressionError, compiled, expressions_in
from hub.expr import problems as unreadable
from hub.sdk.sentence import Sentence
from workflows.graph.document import KINDS
from workflows.graph.graph import Graph, Step
from workflows.graph.list_kinds import EXPRESSIONS
from workflows.graph.problem import Problem, close_to, names, of_step

SCOPE = ("trigger", "steps", "run")
ITEM = ("item", "index")
_OF_ITEM: dict[str, tuple[str, ...]] = EXPRESSIONS | {
    "filter": ("settings/where",),
    "each": ("settings/result",),
    "repeat": ("settings/until", "settings/result"),
    "rules": ("settings/record",),
}
"""Where expressions read each item of a list."""


def check_expressions(step: Step, graph: Graph, ids: set[str], outer: set[str] | None = None) -> Iterator[Problem]:
    """`ids` are those of all steps, also of steps that cannot be read and are not in the graph.

    `outer` is what a body may read of the steps around it; None outside of bodies.
    """
    parts = (("input", step.input), ("settings", step.settings))
    before = graph.before(step.id) if holds_expression([value for _, value in parts]) else set()
    for part, value in parts:
        for wrong in unreadable(value, part):
            yield Problem("expression", wrong.message, step.id, wrong.place, "Mend the expression.")
        for place, source in expressions_in(value, part):
            of_item = _is_of_item(step, place)
            inner = set(step.body.steps) if of_item and step.body else set()
            scope = SCOPE + (ITEM if of_item or outer is not None else ())
            yield from check_reads(step, place, source, before | (outer or set()) | inner, ids, scope)


def _is_of_item(step: Step, place: str) -> bool:
    if step.kind not in KINDS:
        return True  # Nobody knows: it may be.
    if step.kind == "rules" and "items" not in step.settings:
        return False
    if step.kind == "transform" and "items" in step.settings:
        return place.startswith("settings/value")
    return place.startswith(_OF_ITEM.get(step.kind, ()))


def check_reads(
    step: Step, place: str, source: str, before: set[str], ids: set[str], scope: tuple[str, ...]
) -> Iterator[Problem]:
    """What an expression reads that is not there; `before` are the steps whose outputs it may use."""
    try:
        reads = compiled(source).reads
    except ExpressionError:
        return
    for name in sorted(reads.variables):
        yield Problem(
            "unknown-name",
            Sentence("Nothing is called {name} here.", name=f"${name}"),
            step.id,
            place,
            "Set it in the expression, or use a function of JSONata.",
        )
    for path in sorted(reads.paths):
        if path[0] not in scope:
            yield Problem(
                "unknown-name",
                Sentence('Nothing is called "{name}" here.', name=path[0]),
                step.id,
                place,
                close_to(path[0], scope) or Sentence("There are {names}.", names=names(scope)),
            )
        elif path[0] == "steps" and len(path) == 2 and path[1] not in before:
            yield _of_step(step, place, path[1], before, ids)


def _of_step(step: Step, place: str, read: str, before: set[str], ids: set[str]) -> Problem:
    if read not in ids:
        return Problem(
            "unknown-step",
            Sentence('The expression reads step "{read}", which is not there.', read=read),
            step.id,
            place,
            close_to(read, before) or "Choose a step that leads here.",
        )
    said = (
        Sentence("reads itself")
        if read == step.id
        else Sentence('reads step "{read}", which does not lead here', read=read)
    )
    return of_step(
        step,
        "step-not-before",
        'The expression of step "{step}" {said}: its output is not there yet.',
        place,
        "Draw a way from that step to this one, or read another step.",
        said=said,
    )


def holds_expression(value: Any) -> bool:
    """Whether an expression stands anywhere in the value, so that only the run knows what it will be."""
    return next(iter(expressions_in(value)), None) is not None
