"""Pages of plans."""

from __future__ import annotations

import json
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from hub.accounts.access import Actor
from hub.api.paging import page_of
from hub.web.pages import page
from workflows.engine.bell import ring
from workflows.models import ChangeState, PlanState
from workflows.services import plans as services

_TONES = {
    PlanState.REFUSED: "bad", PlanState.PROPOSED: "warn", PlanState.APPLYING: "busy", PlanState.APPLIED: "good",
    ChangeState.PARKED: "warn", ChangeState.WRITING: "busy",
}  # fmt: skip
_PER_PAGE = 100


@page("plan.view")
def plans(request: HttpRequest, actor: Actor) -> HttpResponse:
    found = page_of(services.list_plans(actor), request.GET.dict(), newest_first=True)
    rows = [{"plan": each, "tone": _TONES.get(PlanState(each.state), "")} for each in found.items]
    return render(request, "workflows/plans.html", {"plans": rows, "next_cursor": found.next_cursor})


@page("plan.view")
def plan(request: HttpRequest, actor: Actor, plan_id: str) -> HttpResponse:
    held = services.get_plan(actor, plan_id)
    state = request.GET.get("state", "")
    shown = Paginator(services.changes_of(actor, plan_id, state=state), _PER_PAGE).get_page(request.GET.get("page"))
    changes = [
        {
            "row": each,
            "tone": _TONES.get(ChangeState(each.state), "good" if each.state == ChangeState.APPLIED else ""),
            "before": _pretty(each.before),
            "after": _pretty(each.after),
            "cause": _pretty(each.cause),
        }
        for each in shown
    ]
    summary = services.summary(held)
    answer = {
        "plan": held,
        "tone": _TONES.get(PlanState(held.state), ""),
        "changes": changes,
        "shown": shown,
        "state": state,
        "summary": summary,
        "may_decide": held.state == PlanState.PROPOSED
        and not hasattr(held, "approval")
        and actor.may("plan.approve"),
        "may_apply": held.state in {PlanState.APPROVED, PlanState.APPLYING} and actor.may("plan.apply"),
        "may_undo": held.state in services.UNDOABLE and bool(summary.get("applied")) and actor.may("plan.undo"),
    }
    return render(request, "workflows/plan.html", answer)


@require_POST
@page("plan.view")
def act(request: HttpRequest, actor: Actor, plan_id: str) -> HttpResponse:
    """Approve, reject, apply or undo: the button that was pressed says which."""
    verb = request.POST.get("verb", "")
    match verb:
        case "approve" | "reject":
            digest, comment = request.POST.get("digest", ""), request.POST.get("comment", "")[:2000]
            services.decide(actor, plan_id, approve=verb == "approve", digest=digest, comment=comment)
            ring()
        case "apply":
            services.apply_plan(actor, plan_id)
        case "undo":
            return redirect("plan", plan_id=services.undo_plan(actor, plan_id).id)
        case _:
            messages.error(request, "There is no such button.", "bad")
    return redirect("plan", plan_id=plan_id)


def _pretty(value: Any) -> str:
    """A line for each field: a table has no room for JSON."""
    if not isinstance(value, dict):
        return "" if value is None else json.dumps(value, ensure_ascii=False)
    return "\n".join(f"{name}: {_short(held)}" for name, held in value.items())


def _short(value: Any) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{name} {_short(held)}" for name, held in value.items())
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
