"""Pages of workflows and runs."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from hub.accounts.access import Actor
from hub.api.errors import FieldProblem, Invalid
from hub.api.paging import page_of
from hub.web.pages import page
from hub.web.schema_forms import fields_of, values_from
from workflows.engine.bell import ring
from workflows.graph.document import migrate
from workflows.models import Run, RunStep, Trigger
from workflows.planning.states import ENDED_RUNS, RunState, StepState
from workflows.services import approvals as approval_services
from workflows.services import runs as run_services
from workflows.services import triggers as trigger_services
from workflows.services import waiting
from workflows.services import workflows as workflow_services

MOST_ITEMS = 50
MOST_SHOWN = 20_000
TONES = {
    RunState.SUCCEEDED: "good", RunState.FAILED: "bad", RunState.RUNNING: "busy", StepState.IN_DOUBT: "warn",
    RunState.WAITING: "warn",
}  # fmt: skip


@page("workflow.view")
def workflows(request: HttpRequest, actor: Actor) -> HttpResponse:
    found = page_of(workflow_services.list_workflows(actor), request.GET.dict(), newest_first=True)
    last = run_services.last_runs(actor, [each.id for each in found.items])
    shown = {
        "workflows": [
            {"workflow": each, "run": run, "tone": TONES.get(RunState(run.state), "") if run else ""}
            for each in found.items
            for run in [last.get(each.id)]
        ],
        "next_cursor": found.next_cursor,
        "may_edit": actor.may("workflow.edit"),
    }
    return render(request, "workflows/workflows.html", shown)


@page("workflow.view")
def workflow(request: HttpRequest, actor: Actor, slug: str) -> HttpResponse:
    return _show(request, actor, slug, {})


@require_POST
@page("run.start")
def start(request: HttpRequest, actor: Actor, slug: str) -> HttpResponse:
    """Start a run with what the form holds; without a form, with a JSON object."""
    held = workflow_services.get_workflow(actor, slug)
    form = run_services.form_of(held.published.document) if held.published else None
    payload: Any = None
    if form:
        payload = values_from(form, request.POST.dict())
    else:
        try:
            payload = json.loads(request.POST.get("payload") or "{}")
        except ValueError as wrong:
            messages.error(request, f"The input is not JSON: {wrong}. Nothing was started.", "bad")
            return _show(request, actor, slug, {}, text=request.POST.get("payload", ""), status=422)
    if not isinstance(payload, dict):
        messages.error(request, "The input is not a JSON object. Nothing was started.", "bad")
        return _show(request, actor, slug, {}, text=request.POST.get("payload", ""), status=422)
    try:
        run = run_services.start_run(actor, slug, payload=payload)
    except Invalid as wrong:
        messages.error(request, str(wrong), "bad")
        errors: list[FieldProblem] = [
            {**each, "pointer": each["pointer"].replace("/payload", "/settings", 1)} for each in wrong.errors
        ]
        return _show(request, actor, slug, payload, errors=errors, status=422)
    ring()
    return redirect("run", run_id=run.id)


def _show(
    request: HttpRequest,
    actor: Actor,
    slug: str,
    given: dict[str, Any],
    *,
    text: str = "{}",
    errors: Sequence[FieldProblem] = (),
    status: int = 200,
) -> HttpResponse:
    held = workflow_services.get_workflow(actor, slug)
    form = run_services.form_of(held.published.document) if held.published else None
    shown = {
        "workflow": held,
        "problems": workflow_services.find_problems(actor, slug),
        "document": json.dumps(held.draft, indent=2, ensure_ascii=False),
        "versions": held.versions.all()[:20],
        "runs": [_row(run) for run in run_services.list_runs(actor, workflow=slug)[:10]],
        "triggers": [_of_trigger(each) for each in trigger_services.list_triggers(actor, slug)],
        "may_switch": held.published is not None and actor.may("workflow.pause"),
        "may_edit_triggers": actor.may("trigger.edit"),
        "fields": fields_of(form, values=given, errors=errors) if form else [],
        "payload": text,
        "may_start": held.published is not None and actor.may("run.start"),
    }
    return render(request, "workflows/workflow.html", shown, status=status)


@page("run.view")
def runs(request: HttpRequest, actor: Actor) -> HttpResponse:
    state, slug = request.GET.get("state", ""), request.GET.get("workflow", "")
    found = page_of(run_services.list_runs(actor, state=state, workflow=slug), request.GET.dict(), newest_first=True)
    shown = {
        "runs": [_row(run) for run in found.items],
        "next_cursor": found.next_cursor,
        "states": list(RunState),
        "state": state,
        "slug": slug,
    }
    return render(request, "workflows/runs.html", shown)


@page("run.view")
def run(request: HttpRequest, actor: Actor, run_id: str) -> HttpResponse:
    held = run_services.get_run(actor, run_id)
    template = "workflows/run_part.html" if "part" in request.GET else "workflows/run.html"
    return render(request, template, _of_run(held, actor))


@require_POST
@page("run.view")
def act(request: HttpRequest, actor: Actor, run_id: str) -> HttpResponse:
    """Cancel, retry or settle: the button that was pressed says which."""
    step = request.POST.get("step", "")
    match request.POST.get("verb"):
        case "cancel":
            run_services.cancel_run(actor, run_id)
        case "retry":
            run_services.retry_run(actor, run_id)
        case "happened" | "again" | "failed" as verdict:
            item = request.POST.get("item", "")
            run_services.settle_step(actor, run_id, step=step, item=item, verdict=verdict)
        case _:
            messages.error(request, "There is no such button.", "bad")
    ring()
    return redirect("run", run_id=run_id)


@require_POST
@page("workflow.pause")
def switch(request: HttpRequest, actor: Actor, slug: str) -> HttpResponse:
    on = request.POST.get("on") == "yes"
    workflow_services.switch(actor, slug, on=on)
    messages.success(request, "Its triggers start runs now." if on else "Its triggers start no more runs.")
    return redirect("workflow", slug=slug)


@require_POST
@page("trigger.edit")
def act_on_trigger(request: HttpRequest, actor: Actor, trigger_id: str) -> HttpResponse:
    """Make a new secret, or forget a reading: the button that was pressed says which."""
    held = trigger_services.get_trigger(actor, trigger_id)
    match request.POST.get("verb"):
        case "secret":
            secret = trigger_services.make_secret(actor, trigger_id)
            messages.success(request, f"The new secret, shown this once: {secret}")
        case "reset":
            trigger_services.reset(actor, trigger_id)
            messages.success(request, "The next reading learns anew where things stand.")
        case _:
            messages.error(request, "There is no such button.", "bad")
    return redirect("workflow", slug=held.workflow.slug)


def _of_trigger(each: Trigger) -> dict[str, Any]:
    check = (each.settings.get("check") or {}).get("kind", "none")
    return {
        "row": each,
        "address": trigger_services.address_of(each),
        "schedule": trigger_services.preview_of(each),
        "check": check,
        "needs_secret": each.kind == "webhook" and check != "none",
        "settings": _pretty(each.settings),
    }


def _row(each: Run) -> dict[str, Any]:
    return {"run": each, "tone": TONES.get(RunState(each.state), "")}


def _of_run(held: Run, actor: Actor) -> dict[str, Any]:
    document = migrate(held.version.document)
    titles = _titles(document["steps"])
    lists = {step["id"] for step in document["steps"] if step["kind"] == "each"}
    rows = list(held.steps.all())
    # Of the items only what somebody has to look at; a for-each says itself how many there are.
    troubled = [row for row in rows if row.item and row.step in titles and not _is_item(row, document["steps"])]
    steps = [
        {
            "row": step,
            "title": titles.get(step.step, step.step) + (f", item {step.item}" if step.item else ""),
            "counts": run_services.item_counts(held, step) if step.step in lists and not step.item else [],
            "tone": TONES.get(StepState(step.state), "good" if step.state == StepState.SUCCEEDED else ""),
            "sentence": waiting.explained(step),
            "plan": run_services.plan_of(step),
            "input": _pretty(step.input),
            "output": _pretty(step.output),
            "evidence": _pretty((step.error or {}).get("evidence")),
            "attempts": step.attempts.all(),
            "doubt": step.state == StepState.IN_DOUBT and actor.may("run.settle"),
        }
        for step in [*(row for row in rows if not row.item), *troubled[:MOST_ITEMS]]
    ]
    return {
        "run": held,
        "steps": steps,
        "asked": approval_services.list_approvals(actor).filter(step__run=held)[:MOST_ITEMS],
        "untold": max(0, len(troubled) - MOST_ITEMS),
        "sentence": waiting.in_detail(held),
        "tone": TONES.get(RunState(held.state), ""),
        "ended": held.state in ENDED_RUNS,
        "payload": _pretty(held.payload),
        "may_cancel": held.state not in ENDED_RUNS and actor.may("run.cancel"),
        "may_retry": held.state == RunState.FAILED and actor.may("run.retry"),
    }


def _titles(steps: list[dict[str, Any]]) -> dict[str, str]:
    made: dict[str, str] = {}
    for step in steps:
        made[step["id"]] = step.get("title") or step["id"]
        made |= _titles((step.get("body") or {}).get("steps", []))
    return made


def _is_item(row: RunStep, steps: list[dict[str, Any]], depth: int = 0) -> bool:
    """Whether the row says what became of an item of a for-each, and not of a step in its body."""
    for step in steps:
        if step["id"] == row.step:
            return len(row.item.split(".")) > depth
        if _is_item(row, (step.get("body") or {}).get("steps", []), depth + 1):
            return True
    return False


def _pretty(value: Any) -> str:
    """A value to read. What is too long for a page is cut off; the API gives all of it."""
    text = "" if value is None else json.dumps(value, indent=2, ensure_ascii=False)
    if len(text) <= MOST_SHOWN:
        return text
    return f"{text[:MOST_SHOWN]}\n… and {len(text) - MOST_SHOWN:,} characters more, which the API gives."
