"""The effect ledger: what the runs have written that a run replays. Nothing of it is written a second time."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from functools import cached_property
from typing import Any

from hub.sdk import Effect
from workflows.engine.graphs import graph_of
from workflows.engine.keeping import Keeper
from workflows.graph.graph import Graph, Step
from workflows.models import Run, RunStep
from workflows.planning.states import StepState

LONGEST_CHAIN = 100
_DECIDED = ("approved", "rejected")


class Ledger:
    """The runs that this one replays: the one it was made of, the one that that was made of, and so on."""

    def __init__(self, run: Run, keeper: Keeper) -> None:
        self._run, self._keeper = run, keeper
        self._ask_again = bool(run.cause.get("ask_again")) if run.replay_of_id else False

    @cached_property
    def _versions(self) -> dict[uuid.UUID, uuid.UUID]:
        """The version of each earlier run, by the run's id."""
        made: dict[uuid.UUID, uuid.UUID] = {}
        at = self._run.replay_of_id
        while at is not None and at not in made and len(made) < LONGEST_CHAIN:
            found = Run.objects.filter(id=at).values_list("version_id", "replay_of_id").first()
            if found is None:
                break
            made[at], at = found
        return made

    def origin(self, row: RunStep) -> RunStep:
        """The row whose time and chance the step's expressions see: that of the first run which came to it, so that
        a replay computes what was computed then."""
        if self._run.replay_of_id is None:
            return row
        return next(self._earlier(row.step, row.item), row)

    def key_of(self, step: Step, row: RunStep, values: Any) -> str:
        """What an action is called with: the same for everybody who was ever about to do the same."""
        return str(next(self._same(step, row, values), row).id)

    def done(self, step: Step, row: RunStep, values: Any, effect: Effect | None = None) -> RunStep | None:
        """The step of an earlier run that has done the same: same step, same item, same input.

        What only reads is read again, what is planned is planned anew; another workflow is replayed itself.
        """
        if (effect or Effect.NONE) is Effect.NONE and step.kind not in ("notify", "approve"):
            return None
        if step.kind == "approve" and self._ask_again:
            return None
        same = [each for each in self._same(step, row, values) if each.state == StepState.SUCCEEDED]
        if step.kind == "approve":
            same = [each for each in same if each.port in _DECIDED]
        return same[-1] if same else None

    def run_of(self, step: Step, row: RunStep, values: Any) -> Run | None:
        """The run that the same step started last: one that does not do again what that has done replays it."""
        same = [each.id for each in self._same(step, row, values)]
        found = Run.objects.filter(parent__in=same).order_by("id").last() if same else None
        return newest(found) if found is not None else None

    def _same(self, step: Step, row: RunStep, values: Any) -> Iterator[RunStep]:
        if self._run.replay_of_id is None:
            return
        for each in self._earlier(row.step, row.item):
            before = step_in(graph_of(self._versions[each.run_id]), row.step)
            if before is not None and self._keeper.open(each, "input") == values and _does_the_same(before, step):
                yield each

    def _earlier(self, step: str, item: str) -> Iterator[RunStep]:
        yield from RunStep.objects.filter(run__in=list(self._versions), step=step, item=item).order_by("id")


def newest(run: Run) -> Run:
    """The end of the chain of replays that a run is in."""
    while (after := Run.objects.filter(replay_of=run).first()) is not None:
        run = after
    return run


def _does_the_same(one: Step, other: Step) -> bool:
    return (one.kind, one.action, one.connection) == (other.kind, other.action, other.connection)


def step_in(graph: Graph, step: str) -> Step | None:
    """The step of this id, also inside of bodies."""
    if step in graph.steps:
        return graph.steps[step]
    return next((found for each in graph.steps.values() if each.body and (found := step_in(each.body, step))), None)
