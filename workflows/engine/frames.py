"""A graph under way: the workflow's own, or the body of a for-each for one of its items."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from hub.expr import evaluate
from workflows.engine.callbacks import address_of as callback_of
from workflows.engine.contents import Large
from workflows.engine.contents.scopes import Unread
from workflows.engine.contents.streaming import large_items
from workflows.engine.keeping import Keeper
from workflows.engine.kinds import Evaluate
from workflows.graph.graph import Graph, Step
from workflows.models import Run, RunStep
from workflows.planning.moves import Done, Failed, Open, Outcome, Skipped
from workflows.planning.states import StepState


def _itself(row: RunStep) -> RunStep:
    return row


@dataclass
class Frame:
    """`item` says which item of which for-each: "" outside of any, "3" for one, "3.0" for one inside of that."""

    run: Run
    graph: Graph
    rows: dict[str, RunStep]
    keeper: Keeper
    item: str = ""
    around: Frame | None = None
    each: str = ""
    """The for-each, a step of `around`."""
    names: dict[str, Any] = field(default_factory=dict)
    """What expressions see besides: item and index."""
    parts: dict[str, dict[int, Frame]] = field(default_factory=dict)
    """The items under way of each for-each in this graph."""
    origin: Callable[[RunStep], RunStep] = _itself
    """The row whose time and chance a step's expressions see."""

    def history(self) -> dict[str, Outcome]:
        return {step: outcome_of(row) for step, row in self.rows.items()}

    def in_state(self, state: StepState) -> list[RunStep]:
        return [self.rows[step] for step in self.graph.order if step in self.rows and self.rows[step].state == state]

    def all(self) -> list[Frame]:
        """This one, and those of the items under way within it."""
        return [self, *(deep for part in self.parts.values() for inner in part.values() for deep in inner.all())]

    def outputs(self, step: str = "") -> dict[str, Any]:
        """What a step may read; without a step, what stands when all of this has ended."""
        before = self.graph.before(step) if step else self.graph.steps.keys()
        made = self.around.outputs(self.each) if self.around else {}
        return made | {
            name: self._output(row) for name, row in self.rows.items() if name in before and row.output is not None
        }

    def _output(self, row: RunStep) -> Any:
        if row.apart is None and row.sealed is None:
            return row.output
        return self.keeper.open(row, "output", lazily=True)

    def evaluator(self, row: RunStep, step: str = "") -> Evaluate:
        """The same values for each attempt: time and chance are those of the step's row, or of its origin."""
        names = scope(self.run, self.outputs(step)) | self.names
        if addresses := self.callbacks():
            names["run"]["callbacks"] = addresses
        return evaluator(self.origin(row), names, keeper=self.keeper)

    def large_items(self, row: RunStep) -> Large | None:
        """The large list that a step takes page by page; None when it takes what it needs at once."""
        if not self.keeper.has_apart:
            return None
        return large_items(self.graph.steps[row.step], self.outputs(row.step))

    def callbacks(self) -> dict[str, str]:
        """The addresses of the steps that wait for an answer, by step."""
        made = self.around.callbacks() if self.around else {}
        run_id, item = self.run.id, self.item
        return made | {step: callback_of(run_id, step, item) for step in self.graph.receivers}

    def part(self, step: Step, index: int, item: Any, rows: dict[str, RunStep]) -> Frame:
        """The body of a for-each of this graph, for one item."""
        names = {"item": item, "index": index}
        return Frame(
            self.run, step.inner, rows, self.keeper, path(self.item, index), self, step.id, names, origin=self.origin
        )


def path(item: str, index: int) -> str:
    return f"{item}.{index}".strip(".")


def scope(run: Run, outputs: dict[str, Any]) -> dict[str, Any]:
    """`run.payload` is as the run sees it: whoever carries it out has opened it."""
    about = {"id": str(run.id), "workflow": run.workflow.slug, "cause": run.cause}
    return {"trigger": run.payload, "steps": outputs, "run": about}


def evaluator(row: RunStep, names: dict[str, Any], chance: int = 0, *, keeper: Keeper | None = None) -> Evaluate:
    seed = (row.id.int + chance) % 2**31
    large = Unread(names, keeper.veil) if keeper is not None and keeper.has_apart else None

    def evaluated(source: Any, place: str, **more: Any) -> Any:
        seen = names if large is None else large.names_for(source)
        return evaluate(source, seen | more, now=row.created_at, seed=seed, place=place)

    return evaluated


_OUTCOMES: dict[str, Outcome] = {StepState.FAILED: Failed(), StepState.SKIPPED: Skipped()}
_OPEN = Open()
_done = lru_cache(maxsize=1000)(Done)


def outcome_of(row: RunStep) -> Outcome:
    if row.state == StepState.SUCCEEDED:
        return _done(row.port)
    return _OUTCOMES.get(row.state, _OPEN)
