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
from workflows.models import Run, Trigger
from workflows.planning.states import RunState, StepState
from workflows.services import runs as run_services
from workflows.services import triggers as trigger_services
from workflows.services import workflows as workflow_services

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


def _pretty(value: Any) -> str:
    """A value to read. What is too long for a page is cut off; the API gives all of it."""
    text = "" if value is None else json.dumps(value, indent=2, ensure_ascii=False)
    if len(text) <= MOST_SHOWN:
        return text
    return f"{text[:MOST_SHOWN]}\n… and {len(text) - MOST_SHOWN:,} characters more, which the API gives."
