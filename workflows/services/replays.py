"""Doing steps of an ended run again, in a new run."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from hub.accounts.access import Actor, allow, fetch
from hub.api.errors import Conflict, Invalid
from hub.audit import Ref, record
from hub.registry import catalog
from hub.sdk import Effect
from workflows.engine import keeping, queueing
from workflows.engine.contents import use
from workflows.engine.frames import outcome_of
from workflows.engine.graphs import graph_of
from workflows.engine.ledger import step_in
from workflows.graph.graph import Graph, Step
from workflows.models import Run, RunStep, Version
from workflows.planning.replaying import parted
from workflows.planning.states import ENDED_RUNS, StepState
from workflows.services.runs import by_hand, check_input

MOST_SHOWN = 200


@dataclass(frozen=True)
class Replay:
    """What a replay would do, before it does it."""

    run: Run
    version: Version
    step: str
    payload: dict[str, Any]
    ask_again: bool
    kept: list[str]
    again: list[str]
    written: list[dict[str, Any]]
    """Writes of the steps that are done again. They are not repeated as long as their input is the same."""
    written_count: int


def preview(
    actor: Actor, run_id: uuid.UUID | str, *, step: str = "", version: int | None = None,
    payload: dict[str, Any] | None = None, approvals: str = "kept",
) -> Replay:  # fmt: skip
    """What would be kept, done again, and not written twice. Raises Conflict or Invalid, as `replay` does."""
    allow(actor, "run.view")
    run = fetch(actor, Run.objects.select_related("workflow__published", "version"), id=run_id)
    if run.state not in ENDED_RUNS:
        raise Conflict(f"Only a run that has ended can be replayed; this one is {run.state}.", code="run-not-ended")
    if (after := run.replays.first()) is not None:
        raise Conflict(
            f"The run {after.id} replays this one already. Replay that one.",
            code="replayed",
            title="It is replayed already.",
        )
    if run.workflow.published is None:
        raise Conflict(
            f'"{run.workflow}" has no published version: nothing starts it.',
            code="not-published",
            title="This workflow is not published.",
        )
    _check_settled(run)
    chosen = run.version if version is None else run.workflow.versions.filter(number=version).first()
    if chosen is None:
        raise Invalid(f'"{run.workflow}" has no version {version}.', code="no-version")
    graph = graph_of(chosen.id)
    if step and step not in graph.steps:
        raise Invalid(f'Version {chosen.number} of "{run.workflow}" has no step "{step}".', code="no-step")
    if payload is not None:
        check_input(chosen, payload)
    asks = approvals == "again"
    changed = asks or payload is not None or chosen.id != run.version_id
    begin = {step} if step else set(graph.steps)
    # What people decided stands for what they saw: it is looked at again when that may have changed.
    begin |= {each.id for each in graph.steps.values() if changed and _asks(each, plans_too=asks)}
    rows = {row.step: row for row in run.steps.filter(item="")}
    same = {name: row for name, row in rows.items() if _is_the_same(run, graph, name)}
    kept, again = parted(graph, begin, {name: outcome_of(row) for name, row in same.items()})
    if step and step not in again:
        raise Conflict(
            f'Nothing led to step "{graph.steps[step].title}" in that run. Begin at a step before it.',
            code="step-not-reached",
            title="The run never reached that step.",
        )
    written = _written(run, graph, again)
    return Replay(
        run, chosen, step, run.payload if payload is None else payload, asks, kept, again,
        written[:MOST_SHOWN], len(written),
    )  # fmt: skip


@transaction.atomic
def replay(
    actor: Actor, run_id: uuid.UUID | str, *, step: str = "", version: int | None = None,
    payload: dict[str, Any] | None = None, approvals: str = "kept",
) -> Run:  # fmt: skip
    """A new run of an ended one, from that step on or from the start. The caller rings the bell after the commit."""
    allow(actor, "run.replay")
    fetch(actor, Run, id=run_id, locked=True)
    asked = preview(actor, run_id, step=step, version=version, payload=payload, approvals=approvals)
    old = asked.run
    cause = by_hand(actor) | {"kind": "replay", "run": str(old.id), "step": step, "ask_again": asked.ask_again}
    new = Run(
        workspace=old.workspace, workflow=old.workflow, version=asked.version, cause=cause, replay_of=old,
        payload=keeping.unmasked(old, asked.payload),
    )  # fmt: skip
    keeper, rows = keeping.Keeper(old), list(old.steps.filter(item="", step__in=asked.kept))
    keeper.take_up(rows)
    queueing.queue_run(new, keeper.veil)
    made = []
    for row in rows:
        kept = RunStep(
            run=new, step=row.step, state=row.state, port=row.port, error=row.error, taken_from=row,
            created_at=row.created_at, ended_at=row.ended_at,
        )  # fmt: skip
        keeping.copy_values(row, kept)
        made.append(kept)
    use(keeping.uses_of(made))
    RunStep.objects.bulk_create(made)
    detail = {"replay_of": str(old.id), "step": step, "version": asked.version.number,
              "input_edited": payload is not None, "approvals": approvals}  # fmt: skip
    record(actor, "run.replayed", Ref("run", str(new.id), str(old.workflow)), detail)
    return new


def _check_settled(run: Run) -> None:
    """Nobody knows yet what such a run has written, or nobody knows any more."""
    for each in (run, *_started_by(run)):
        check_is_whole(each)
        if each.state not in ENDED_RUNS:
            raise Conflict(
                "A run that this one started is still going. Wait for it or cancel it.",
                code="child-going",
                title="Another run still goes on.",
            )
        doubt = each.steps.filter(state=StepState.IN_DOUBT).first()
        if doubt is not None:
            raise Conflict(
                f'Step "{doubt.step}" of run {each.id} is in doubt. Decide whether its write happened, then replay.',
                code="in-doubt",
                title="Something is still in doubt.",
            )


def check_is_whole(run: Run) -> None:
    """Without what a run has done, what it wrote would be written again. Raises Conflict."""
    if run.removed and "data" in run.removed:
        raise Conflict(
            f"The data of run {run.id} was removed {run.removed['data']['days']} days after it ended, as retention "
            "says: nobody knows any more what its steps were given. Start a new run.",
            code="removed",
            title="The run's data has been removed.",
        )


def _started_by(run: Run) -> list[Run]:
    made = list(Run.objects.filter(parent__run=run))
    return made + [deeper for each in made for deeper in _started_by(each)]


def _is_the_same(run: Run, graph: Graph, name: str) -> bool:
    before, now = graph_of(run.version_id).steps.get(name), graph.steps.get(name)
    return before is not None and now is not None and before.kind == now.kind


def _asks(step: Step, *, plans_too: bool) -> bool:
    if step.kind == "approve" or (plans_too and step.kind == "plan"):
        return True
    return any(_asks(inner, plans_too=plans_too) for inner in step.inner.steps.values())


def _written(run: Run, graph: Graph, again: list[str]) -> list[dict[str, Any]]:
    """What the runs of the chain have written in these steps, the oldest first."""
    chain, at = [run], run
    while at.replay_of is not None:
        at = at.replay_of
        chain.append(at)
    inside = [name for step in again for name in (step, *_within(graph.steps[step]))]
    rows = RunStep.objects.filter(run__in=chain, step__in=inside, state=StepState.SUCCEEDED, taken_from=None)
    made = []
    for row in rows.order_by("ended_at"):
        step = step_in(graph, row.step)
        if step is not None and _writes(step):
            made.append(
                {"step": row.step, "title": step.title, "item": row.item, "kind": step.kind, "action": step.action,
                 "connection": step.connection, "input": row.input, "output": row.output, "at": row.ended_at,
                 "run": row.run_id}
            )  # fmt: skip
    return made


def _within(step: Step) -> list[str]:
    return [name for inner in step.inner.steps.values() for name in (inner.id, *_within(inner))]


def _writes(step: Step) -> bool:
    if step.kind == "action":
        entry = catalog().actions.get(step.action)
        return entry is None or entry.effect is not Effect.NONE
    return step.kind in ("notify", "apply")
