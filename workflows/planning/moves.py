"""What comes next in a run. Pure: the same graph and history give the same answer, anywhere, after any crash."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from workflows.graph.graph import ERROR, Edge, Graph
from workflows.planning.states import RunState


@dataclass(frozen=True)
class Done:
    """The step ended well and leaves by this port."""

    port: str = "ok"


@dataclass(frozen=True)
class Failed:
    """The step failed for good. It leaves by its error port, when an edge is there."""


@dataclass(frozen=True)
class Skipped:
    """No way led to the step."""


@dataclass(frozen=True)
class Open:
    """The step has begun and not ended."""


Outcome = Done | Failed | Skipped | Open


@dataclass(frozen=True)
class Moves:
    """Steps to start and to skip now, in the graph's order; `outcome` is set once the run has ended."""

    start: list[str] = field(default_factory=list)
    skip: list[str] = field(default_factory=list)
    outcome: RunState | None = None
    failed_step: str = ""
    """The step whose failure nothing caught."""


def next_moves(graph: Graph, history: Mapping[str, Outcome]) -> Moves:
    """Decide about every step that can be decided now.

    A step starts when every way in is decided and at least one was taken; it is skipped when none was. A merge that
    joins any, or a number of ways, starts with the first ways taken, and is skipped when so many cannot come. When a
    failure is not caught nothing more starts, and the run has failed as soon as the steps under way have ended.
    """
    failed = {step for step, outcome in history.items() if isinstance(outcome, Failed)}
    uncaught = (
        next((step for step in graph.order if step in failed and not _is_caught(graph, step)), "") if failed else ""
    )
    decided = dict(history)
    moves = Moves(failed_step=uncaught)
    for step in graph.order:
        if step in decided:
            continue
        decision = verdict(graph, step, decided)
        if decision == "skip":
            decided[step] = Skipped()
            moves.skip.append(step)
        elif decision == "start":
            decided[step] = Open()
            if not uncaught:
                moves.start.append(step)
    if moves.start or any(isinstance(outcome, Open) for outcome in history.values()):
        return moves
    outcome = RunState.FAILED if uncaught else RunState.SUCCEEDED
    return Moves(moves.start, moves.skip, outcome, uncaught)


def _is_caught(graph: Graph, step: str) -> bool:
    return any(edge.port == ERROR for edge in graph.outgoing[step])


def verdict(graph: Graph, step: str, decided: Mapping[str, Outcome]) -> str:
    """Whether a step can "start", is to "skip", or has to "wait", by what is decided about those before it."""
    incoming = graph.incoming[step]
    if not incoming:
        return "start"
    taken = [_taken(edge, decided.get(edge.source)) for edge in incoming]
    needed = graph.steps[step].joins
    if needed is None:
        return "wait" if None in taken else "start" if True in taken else "skip"
    if taken.count(True) >= needed:
        return "start"
    return "wait" if taken.count(True) + taken.count(None) >= needed else "skip"


def _taken(edge: Edge, outcome: Outcome | None) -> bool | None:
    """Whether the run went this way; None while nobody knows."""
    match outcome:
        case Done(port=port):
            return edge.port == port
        case Failed():
            return edge.port == ERROR
        case Skipped():
            return False
        case _:
            return None
