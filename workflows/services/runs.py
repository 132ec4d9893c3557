"""What people and triggers do to runs."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet, Subquery

from hub.accounts.access import Actor, allow, fetch, visible
from hub.api.errors import Conflict, Invalid
from hub.audit import Ref, record
from hub.sdk.schemas import closed_validator
from hub.sdk.sentence import Sentence
from workflows.engine import executor, failures, interventions, queueing
from workflows.engine.keeping import length_of
from workflows.graph.document import migrate
from workflows.models import Installation, Run, RunStep, Version, Workflow
from workflows.planning.states import ENDED_RUNS, RunState, StepState
from workflows.services.keys import SOME_KEYS, keys_like
from workflows.templates.gallery import templates
from workflows.triggers.misfits import misfits

IN_DOUBT = "in_doubt"
"""Beside the states: a run that waits for somebody to decide whether a write happened."""


def list_runs(
    actor: Actor,
    *,
    workflow: str = "",
    state: str = "",
    cause: str = "",
    trigger: str = "",
    key: str = "",
    value: str = "",
    search: str = "",
    since: datetime | None = None,
    until: datetime | None = None,
) -> QuerySet[Run]:
    """The newest first. `cause` is the kind of what started them; `trigger` the id of one in the document; `key` and
    `value` a business key and what it is; `search` how the value of any business key begins."""
    allow(actor, "run.view")
    rows = visible(actor, Run.objects.select_related("workflow", "version").prefetch_related(SOME_KEYS))
    if key or value or search:
        rows = rows.filter(id__in=keys_like(actor, name=key, value=value, begins=search).values("run_id"))
    if state == IN_DOUBT:
        doubtful = RunStep.objects.filter(run=OuterRef("id"), state=StepState.IN_DOUBT)
        rows = rows.exclude(state__in=ENDED_RUNS).filter(Exists(doubtful))
    elif state in set(RunState):
        rows = rows.filter(state=state)
    exact = {"workflow__slug": workflow, "cause__kind": cause, "cause__trigger": trigger}
    rows = rows.filter(**{name: value for name, value in exact.items() if value})
    if since is not None:
        rows = rows.filter(created_at__gte=since)
    return rows.filter(created_at__lt=until) if until is not None else rows


def last_runs(actor: Actor, workflows: Sequence[uuid.UUID]) -> dict[uuid.UUID, Run]:
    """The newest run of each of these workflows that has one."""
    allow(actor, "run.view")
    newest = Run.objects.filter(workflow=OuterRef("id")).order_by("-id").values("id")[:1]
    ids = Workflow.objects.filter(id__in=workflows).annotate(newest=Subquery(newest)).values_list("newest", flat=True)
    return {run.workflow_id: run for run in visible(actor, Run).filter(id__in=list(ids))}


def get_run(actor: Actor, run_id: uuid.UUID | str) -> Run:
    """With its steps and attempts; of the items of a for-each those that failed or are in doubt. Raises NotFound."""
    allow(actor, "run.view")
    told = RunStep.objects.filter(Q(item="") | Q(state__in=[StepState.IN_DOUBT, StepState.FAILED]))
    rows = Run.objects.select_related("workflow", "version").prefetch_related(
        Prefetch("steps", told.select_related("child", "taken_from").prefetch_related("attempts", "plans"))
    )
    return fetch(actor, rows, id=run_id)


def plan_of(step: RunStep) -> str:
    """The plan that a step made last, or works on; empty for none."""
    made = [str(plan.id) for plan in step.plans.all()]
    named = step.input.get("plan") if isinstance(step.input, dict) else None
    try:
        return max(made, default="") or str(uuid.UUID(str(named)))
    except ValueError:
        return ""


def goes_through_items(step: RunStep) -> bool:
    """Whether it is a for-each, and not what one did for an item."""
    steps = step.run.version.document.get("steps", [])
    return not step.item and any(each["id"] == step.step and each["kind"] == "each" for each in steps)


def item_counts(run: Run, each: RunStep) -> list[tuple[str, int]]:
    """How many items of a for-each are in which state."""
    if isinstance(each.output, dict) and "items" in each.output:
        failed = length_of(each, "errors")
        return [("failed", failed), ("succeeded", length_of(each, "items") - failed)]
    counted = RunStep.objects.filter(run=run, step=each.step).exclude(item="").order_by("state")
    return list(counted.values_list("state").annotate(Count("id")))


def moved_of(run: Run) -> tuple[object, ...]:
    """What differs as soon as anything of a run, its steps or their attempts does."""
    steps = run.steps.all()
    said = [(step.id, step.state, step.output if step.state == StepState.WAITING else None) for step in steps]
    attempts = [attempt for step in steps for attempt in step.attempts.all()]
    last = run.events.order_by("-id").values_list("id", flat=True).first()
    return (run.id, run.state, run.removed, last, said, [(attempt.id, attempt.state) for attempt in attempts])


@transaction.atomic
def start_run(
    actor: Actor,
    slug: str,
    *,
    payload: dict[str, Any],
    cause: dict[str, Any] | None = None,
    key: str | None = None,
    domain: str = "",
) -> Run:
    """Queue a run of the published version. A key that has started one before gives that run back.

    The caller rings the bell after the commit. Raises Conflict when nothing is published.
    """
    allow(actor, "run.start")
    workflow = fetch(actor, Workflow.objects.select_related("published"), slug=slug)
    if workflow.published is None:
        detail = f'"{workflow}" has no published version. Publish it first.'
        raise Conflict(detail, code="not-published", title="This workflow is not published.")
    if cause is None and not _by_people(workflow):
        detail = f'"{workflow}" is started by the hub itself, not by hand.'
        raise Conflict(detail, code="not-by-hand", title="This workflow is not started by hand.")
    check_input(workflow.published, payload)
    run = Run(
        workspace=actor.workspace,
        workflow=workflow,
        version=workflow.published,
        payload=payload,
        cause=cause or by_hand(actor),
        key=key,
        domain=domain,
    )
    if not queueing.queue_run(run):
        return Run.objects.get(workflow=workflow, key=run.key)
    record(actor, "run.started", Ref("run", str(run.id), str(workflow)), {"version": run.version.number})
    return run


def _by_people(workflow: Workflow) -> bool:
    held = Installation.objects.filter(workflow=workflow).first()
    template = templates().get(held.template) if held else None
    return template is None or template.by_hand


@transaction.atomic
def test_failure(actor: Actor, slug: str) -> Run:
    """Start the error workflow of a workflow with an invented failure. The caller rings the bell after the commit."""
    allow(actor, "run.start")
    workflow = fetch(actor, Workflow.objects.select_related("published"), slug=slug)
    asked = migrate(workflow.published.document).get("on_failure") if workflow.published else None
    if workflow.published is None or asked is None:
        raise Conflict(
            f'"{workflow}" has no published version with an error workflow.', code="no-error-workflow",
            title="There is no error workflow.",
        )  # fmt: skip
    pretended = Run(workspace=actor.workspace, workflow=workflow, version=workflow.published, cause={"kind": "test"})
    error = {"step": "", "title": "Test", "code": "test", "message": "This is a test: nothing failed."}
    payload = failures.told(pretended, "failed", error) | {"test": True}
    return start_run(actor, asked["workflow"], payload=payload, cause=by_hand(actor) | {"kind": "failure"})


def by_hand(actor: Actor) -> dict[str, Any]:
    return {"kind": "manual", "by": actor.name} | ({"person": str(actor.id)} if actor.id else {})


def check_input(version: Version, payload: dict[str, Any]) -> None:
    schema = form_of(version.document)
    wrong = list(closed_validator(schema).iter_errors(payload))[:20] if schema else []
    if wrong:
        raise Invalid(
            Sentence("The input does not have the shape that this workflow expects. Nothing was started."),
            errors=misfits(wrong, "/payload"),
        )


def form_of(document: dict[str, Any]) -> dict[str, Any] | None:
    """The JSON Schema of what a person gives who starts the workflow by hand; None when anything will do."""
    for trigger in migrate(document).get("triggers", []):
        if trigger["kind"] == "manual":
            schema: dict[str, Any] | None = trigger.get("settings", {}).get("input")
            return schema
    return None


@transaction.atomic
def cancel_run(actor: Actor, run_id: uuid.UUID | str) -> Run:
    """Stop a run before its next step. Raises Conflict when it has ended."""
    allow(actor, "run.cancel")
    run = fetch(actor, Run, id=run_id)
    if not interventions.ask_to_cancel(run.id):
        raise Conflict(f"The run has already {run.state}.", code="run-ended")
    record(actor, "run.cancelled", Ref("run", str(run.id), str(run.workflow)))
    return get_run(actor, run_id)


@transaction.atomic
def retry_run(actor: Actor, run_id: uuid.UUID | str) -> Run:
    """Try the failed steps of a failed run again; what is done stays done."""
    allow(actor, "run.retry")
    run = fetch(actor, Run.objects.select_related("version"), id=run_id)
    if (after := run.replays.first()) is not None:
        raise Conflict(
            f"The run {after.id} replays this one. Go on with that one.",
            code="replayed",
            title="It is replayed already.",
        )
    if run.removed and "data" in run.removed:
        raise Conflict(
            "The data of this run was removed, as retention says. Start a new run.",
            code="removed",
            title="The run's data has been removed.",
        )
    error = run.error or {}
    if run.state == RunState.FAILED and error.get("code") == "broken-off" and not error.get("step"):
        raise Conflict(
            f"{error['message']} Nothing failed that could be tried again. Replay it: what it has written is not "
            "written again.",
            code="broken-off",
            title="This run was given up.",
        )
    if not _again(run):
        raise Conflict(f"Only a failed run can be tried again; this one is {run.state}.", code="run-not-failed")
    record(actor, "run.retried", Ref("run", str(run.id), str(run.workflow)))
    return get_run(actor, run_id)


def _again(run: Run) -> bool:
    """With the failed runs that its failed steps started."""
    if not interventions.run_again(run.id, executor.uncaught_failures(run)):
        return False
    failed = Run.objects.select_related("version").filter(parent__run=run, state=RunState.FAILED)
    for child in failed.filter(parent__state=StepState.READY):
        _again(child)
    return True


@transaction.atomic
def settle_step(
    actor: Actor, run_id: uuid.UUID | str, *, step: str, verdict: str, item: str = "",
    output: dict[str, Any] | None = None,
) -> Run:  # fmt: skip
    """Decide about a step in doubt: its write "happened"; it did not and is tried "again"; or it did not and the step
    has "failed"."""
    allow(actor, "run.settle")
    run = fetch(actor, Run, id=run_id)
    decided = interventions.Verdict(verdict)
    if not interventions.settle(run.id, step, item, verdict=decided, output=output or {}, by=actor.name):
        raise Conflict(f'Step "{step}" is not in doubt.', code="not-in-doubt")
    record(
        actor, "run.settled", Ref("run", str(run.id), str(run.workflow)),
        {"step": step, "item": item, "verdict": verdict},
    )  # fmt: skip
    return get_run(actor, run_id)
