"""The step that starts a run of another workflow, and the run that was started for it."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any
from uuid import UUID

from hub.accounts.access import Actor
from hub.audit import Ref, record
from hub.sdk import Misconfigured
from hub.watch import traces
from workflows.engine.graphs import graph_of
from workflows.engine.journal import Journal
from workflows.engine.keeping import opened
from workflows.engine.ledger import Ledger
from workflows.engine.veils import Veil
from workflows.graph.graph import Step
from workflows.models import Attempt, Run, RunStep, Workflow
from workflows.planning.states import ENDED_RUNS, RunState, StepState

DEEPEST = 10
"""A run that another one started, that another one started, and so on: this often at most."""


def carry_out(
    journal: Journal, run: Run, step: Step, row: RunStep, attempt: Attempt, values: dict[str, Any], ledger: Ledger
) -> None:
    """Start the other run, unless this step has started it before; then note how it ended, or wait until it has."""
    waits = bool(values.get("wait", True))
    child = Run.objects.select_related("workflow", "version").filter(parent=row).first()
    if child is None:
        try:
            child = _new(run, step, row, values)
            if (earlier := ledger.run_of(step, row, values)) is not None and earlier.workflow_id == child.workflow_id:
                if earlier.state not in ENDED_RUNS:
                    raise Misconfigured(f"The run {earlier.id} is still going. Replay this run when it has ended.")
                child.replay_of = earlier
                child.cause |= {"ask_again": True} if run.cause.get("ask_again") else {}
        except Misconfigured as wrong:
            return journal.fail(row, attempt, {"code": wrong.code, "message": wrong.message, "field": wrong.field})
        journal.start_run_of(row, child)
        record(
            Actor.system(run.workspace), "run.started", Ref("run", str(child.id), str(child.workflow)), child.cause
        )
    if not waits:
        return journal.succeed(row, attempt, {"run": str(child.id)})
    if journal.wait_for_run_of(row, attempt):
        return None
    child.refresh_from_db()
    if child.state == RunState.SUCCEEDED:
        return journal.succeed(row, attempt, end_outputs([child])[child.id])
    return journal.fail(row, attempt, _error_of(child))


def end_outputs(runs: Collection[Run]) -> dict[UUID, dict[str, Any]]:
    """What the steps gave that nothing follows: by run, by their ids."""
    ends = {run.id: set(graph_of(run.version_id).ends) for run in runs}
    veils = {run.id: Veil(run.workspace_id) for run in runs}
    made: dict[UUID, dict[str, Any]] = {run.id: {} for run in runs}
    if made:
        names = set[str]().union(*ends.values())
        done = RunStep.objects.filter(run__in=made, state=StepState.SUCCEEDED, item="", step__in=names).order_by()
        for row in done.only("id", "run_id", "step", "output", "apart", "sealed"):
            if row.step in ends[row.run_id]:
                made[row.run_id][row.step] = opened(row, "output", veils[row.run_id])
    return made


def _new(run: Run, step: Step, row: RunStep, values: dict[str, Any]) -> Run:
    slug, given = values.get("workflow"), values.get("input", {})
    held = Workflow.objects.select_related("published").filter(workspace=run.workspace, slug=slug).first()
    if held is None:
        raise Misconfigured(f'There is no workflow "{slug}" in this workspace.', field="settings/workflow")
    if held.published is None:
        raise Misconfigured(f'The workflow "{slug}" has no published version.', field="settings/workflow")
    if held.id == run.workflow_id:
        raise Misconfigured(f'The workflow "{slug}" would start itself.', field="settings/workflow")
    if not isinstance(given, dict):
        raise Misconfigured("What the other workflow is started with must be an object.", field="settings/input")
    depth = int(run.cause.get("depth", 0)) + 1
    if depth > DEEPEST:
        raise Misconfigured(
            f"Workflows start one another more than {DEEPEST} deep. Look for workflows that start each other.",
            field="settings/workflow",
        )
    cause = {"kind": "workflow", "run": str(run.id), "step": step.id, "depth": depth}
    if (trace := traces.current.get()) is not None:
        cause[traces.HEADER] = trace.parent
    return Run(
        workspace=run.workspace, workflow=held, version=held.published, payload=given, cause=cause, parent=row,
        key=f"step:{row.id}",
    )  # fmt: skip


def _error_of(child: Run) -> dict[str, Any]:
    error = child.error or {}
    said = f'The run of "{child.workflow}" that this step started'
    if child.state == RunState.CANCELLED:
        message = f"{said} was cancelled."
    else:
        message = f'{said} failed in step "{error.get("title", "")}": {error.get("message", "")}'
    return {
        "code": "workflow-failed" if child.state == RunState.FAILED else "workflow-cancelled",
        "message": message,
        "detail": {"run": str(child.id), "step": error.get("step", ""), "message": error.get("message", "")},
    }
