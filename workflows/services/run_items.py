"""What a run did for one item of a for-each, or in one round of a loop."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from typing import Any

from hub.accounts.access import Actor
from hub.api.errors import NotFound
from workflows.engine.frames import path
from workflows.engine.graphs import graph_of
from workflows.engine.items import Seen, looked_into
from workflows.engine.keeping import length_of
from workflows.graph.graph import Graph, Step
from workflows.models import Run, RunStep
from workflows.planning.moves import Done, Failed
from workflows.planning.states import StepState
from workflows.services.runs import get_run


@dataclass(frozen=True)
class RunItem:
    """`within` names the item of the for-each around this one. Without items `total` is 0."""

    index: int
    total: int
    path: str
    item: Any = None
    state: str = ""
    output: Any = None
    error: dict[str, Any] | None = None
    steps: list[RunStep] = field(default_factory=list)


def get_item(actor: Actor, run_id: uuid.UUID | str, *, step: str, index: int, within: str = "") -> RunItem:
    """Raises NotFound for a step that the run has not reached, holds no others, or has no such item."""
    run = get_run(actor, run_id)
    holder = _holder(graph_of(run.version_id), step)
    row = RunStep.objects.filter(run=run, step=step, item=within).first() if holder else None
    if holder is None or row is None:
        raise NotFound(f'The run has no step "{step}" that goes through items.')
    total = _total(run, row)
    places = {path(within, at): at for at in (index - 1, index) if at >= 0}
    own = {places[each.item]: each for each in RunStep.objects.filter(run=run, step=step, item__in=list(places))}
    if index >= total:
        if index == 0:
            return RunItem(0, 0, path(within, 0))
        raise NotFound(f'Step "{holder.title}" has {total} items; the first one is 0.')
    if holder.kind != "repeat" and index >= len((row.input or {})["items"]):
        raise NotFound(f'The list of step "{holder.title}" is large: only its first items can be looked into.')
    place = path(within, index)
    if index in own or row.state not in (StepState.SUCCEEDED, StepState.FAILED):
        held = own.get(index)
        steps = list(
            RunStep.objects.filter(run=run, item=place, step__in=list(holder.inner.steps)).prefetch_related(
                "attempts", "plans"
            )
        )
        order = {name: at for at, name in enumerate(holder.inner.order)}
        return RunItem(
            index, total, place, _item(holder, row, own, index), held.state if held else "",
            held.output if held else None, held.error if held else None,
            sorted(steps, key=lambda each: order.get(each.step, 0)),
        )  # fmt: skip
    return _computed(run, holder, row, index, total, within)


def _total(run: Run, row: RunStep) -> int:
    items = (row.input or {}).get("items")
    if isinstance(items, list):
        return length_of(row, "items", "input")
    rounds = RunStep.objects.filter(run=run, step=row.step).exclude(item="").values_list("item", flat=True)
    return sum(each.rpartition(".")[0] == row.item for each in rounds)


def _item(holder: Step, row: RunStep, own: dict[int, RunStep], index: int) -> Any:
    if holder.kind == "repeat":
        return own[index - 1].output if index else (row.input or {}).get("start")
    return (row.input or {})["items"][index]


def _computed(run: Run, holder: Step, row: RunStep, index: int, total: int, within: str) -> RunItem:
    around = {".".join(within.split(".")[:depth]) for depth in range(within.count(".") + 2)}
    outer = {
        each.step: each.output for each in RunStep.objects.filter(run=run, item__in={"", *around}).order_by("item")
        if each.output is not None
    }  # fmt: skip
    steps = [_row(run, row, path(within, index), seen) for seen in looked_into(run, holder, row, outer, index)]
    failed = next((each for each in steps if each.error), None)
    results = (row.output or {}).get("items", []) if isinstance(row.output, dict) else []
    return RunItem(
        index, total, path(within, index), (row.input or {})["items"][index],
        StepState.FAILED if failed else StepState.SUCCEEDED,
        results[index] if index < len(results) else None, failed.error if failed else None, steps,
    )  # fmt: skip


def _row(run: Run, row: RunStep, place: str, seen: Seen) -> RunStep:
    """As if it had been stored; it is not."""
    match seen.outcome:
        case Done(port):
            state = StepState.SUCCEEDED
        case Failed():
            state, port = StepState.FAILED, ""
        case _:
            state, port = StepState.SKIPPED, ""
    return RunStep(
        run=run, step=seen.step, item=place, state=state, port=port, input=seen.input, output=seen.output,
        error=seen.error, created_at=row.created_at, ended_at=row.ended_at,
    )  # fmt: skip


def _holder(graph: Graph, name: str) -> Step | None:
    for step in graph.steps.values():
        if step.body is not None:
            found = step if step.id == name else _holder(step.body, name)
            if found:
                return found
    return None
