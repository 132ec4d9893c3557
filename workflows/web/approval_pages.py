"""Pages of approvals: what one is asked, one question, deputies. A link shows; only a button's POST decides."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from hub.accounts.access import Actor
from hub.administration.signed_in import how_signed_in
from hub.api.errors import Conflict, Invalid
from hub.api.paging import page_of
from hub.web.pages import page
from workflows.engine.bell import ring
from workflows.models import Approval
from workflows.planning.approvals import APPROVAL_SENTENCES, ApprovalState
from workflows.services import approvals as services
from workflows.services import deputies as deputy_services

TONES = {ApprovalState.OPEN: "warn", ApprovalState.APPROVED: "good", ApprovalState.REJECTED: "bad"}


@never_cache
@page("approval.view")
def approvals(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The inbox; with ?all, every question of the workspace."""
    everything = "all" in request.GET
    rows = services.list_approvals(actor) if everything else services.inbox(actor)
    found = page_of(rows, request.GET.dict())
    shown = [{"approval": each, "tone": TONES.get(ApprovalState(each.state), "")} for each in found.items]
    answer = {"rows": shown, "next_cursor": found.next_cursor, "everything": everything}
    return render(request, "workflows/approvals.html", answer)


@never_cache
@page("approval.view")
def approval(request: HttpRequest, actor: Actor, approval_id: str) -> HttpResponse:
    request.actor = actor = services.at_home(actor, approval_id)  # type: ignore[attr-defined]
    return _shown(request, actor, services.get_approval(actor, approval_id))


@require_POST
@page("approval.view")
def decide(request: HttpRequest, actor: Actor, approval_id: str) -> HttpResponse:
    """The button that was pressed says yes or no. What was typed is kept when it cannot be decided."""
    request.actor = actor = services.at_home(actor, approval_id)  # type: ignore[attr-defined]
    verb, comment = request.POST.get("verb", ""), request.POST.get("comment", "")[:2000]
    if verb not in ("approve", "reject"):
        messages.error(request, "There is no such button.", "bad")
        return redirect("approval", approval_id=approval_id)
    if verb == "reject" and not comment.strip():
        held, problem = services.get_approval(actor, approval_id), "Say in the comment why not."
        return _shown(request, actor, held, status=422, problem=problem, comment=comment, wrong="comment")
    try:
        services.decide(
            actor,
            approval_id,
            approve=verb == "approve",
            digest=request.POST.get("digest", ""),
            stage=request.POST.get("stage", ""),
            comment=comment,
            signed_in=how_signed_in(request, actor),
        )
    except Conflict as refused:
        held = services.get_approval(actor, approval_id)
        return _shown(request, actor, held, status=refused.status, problem=refused.detail, comment=comment)
    ring()
    messages.success(request, "Your decision is noted.", "good")
    return redirect("approval", approval_id=approval_id)


@never_cache
@page("approval.view")
def deputies(request: HttpRequest, actor: Actor) -> HttpResponse:
    return _deputies(request, actor)


@require_POST
@page("approval.delegate")
def change_deputies(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Name a deputy, or take one back."""
    if ended := request.POST.get("end"):
        deputy_services.end_deputy(actor, ended)
        messages.success(request, "The deputy is taken back.", "good")
        return redirect("deputies")
    given = {name: request.POST.get(name, "").strip() for name in ("person", "deputy", "first_day", "last_day")}
    try:
        days = {name: _day(name, given[name]) for name in ("first_day", "last_day")}
        made = deputy_services.make_deputy(actor, deputy=given["deputy"], person=given["person"], **days)
    except Invalid as refused:
        wrong = {each["pointer"].strip("/"): each["detail"] for each in refused.errors}
        return _deputies(request, actor, given, wrong, status=422)
    messages.success(request, f"{made.deputy} may decide for {made.person}.", "good")
    return redirect("deputies")


def _day(name: str, text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        detail = "Write a day such as 2026-12-24."
        raise Invalid(errors=[{"pointer": f"/{name}", "code": name, "detail": detail}]) from None


def _deputies(
    request: HttpRequest, actor: Actor, given: dict[str, str] | None = None, wrong: Any = None, *, status: int = 200
) -> HttpResponse:
    rows = deputy_services.list_deputies(actor)[:200]
    answer = {"rows": rows, "given": given or {}, "wrong": wrong or {}, "may_manage": actor.may("approval.manage"),
              "may_delegate": actor.may("approval.delegate"), "me": actor.id}  # fmt: skip
    return render(request, "workflows/deputies.html", answer, status=status)


def _shown(request: HttpRequest, actor: Actor, held: Approval, *, status: int = 200, **more: Any) -> HttpResponse:
    stages = services.stages_of(actor, held)
    offered = [
        stage for stage in stages if stage.may is not None and stage.may.allowed and actor.may("approval.decide")
    ]
    waiting = [stage.may.reason for stage in stages if stage.is_open and stage.may and not stage.may.allowed]
    answer = {
        "approval": held,
        "tone": TONES.get(ApprovalState(held.state), ""),
        "sentence": APPROVAL_SENTENCES[ApprovalState(held.state)],
        "lines": [{"label": line["label"], "value": _text(line["value"])} for line in held.shown],
        "stages": stages,
        "offered": offered,
        "why_not": "" if offered or not waiting else waiting[0],
        "decisions": services.decisions_of(held),
        "mails": held.mails.select_related("person"),
    }
    return render(request, "workflows/approval.html", answer | more, status=status)


def _text(value: Any) -> str:
    if isinstance(value, str):
        return value
    return "–" if value is None else json.dumps(value, ensure_ascii=False, indent=2)
