"""Pages of deliveries: who was told what, and why not; and the page behind the link in a message."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from hub.accounts.access import Actor
from hub.api.errors import Conflict, ProblemError
from hub.api.paging import page_of
from hub.web.pages import page, problem_page
from workflows.engine.bell import ring
from workflows.models import DeliveryState
from workflows.services import notices as services

TONES = {
    DeliveryState.SENT: "good", DeliveryState.REFUSED: "bad", DeliveryState.UNKNOWN: "warn",
    DeliveryState.SENDING: "busy", DeliveryState.PLANNED: "busy",
}  # fmt: skip


@never_cache
@page("notice.view")
def deliveries(request: HttpRequest, actor: Actor) -> HttpResponse:
    asked = {name: request.GET.get(name, "") for name in ("notice", "state", "person", "reason")}
    found = page_of(services.list_deliveries(actor, **asked), request.GET.dict())
    query = request.GET.copy()
    query.pop("cursor", None)
    shown = {
        "rows": [
            {
                "delivery": each,
                "tone": TONES.get(DeliveryState(each.state), ""),
                "may_settle": each.state in services.MAY_BE_SETTLED and actor.may("notice.settle"),
            }
            for each in found.items
        ],
        "next_cursor": found.next_cursor,
        "asked": asked,
        "query": query.urlencode(),
        "states": DeliveryState.choices,
        "untold": services.untold(actor)[:10],
    }
    return render(request, "workflows/deliveries.html", shown)


@require_POST
@page("notice.settle")
def settle(request: HttpRequest, actor: Actor, delivery_id: str) -> HttpResponse:
    """The button that was pressed says whether it arrived."""
    verb = request.POST.get("verb", "")
    if verb in ("arrived", "again"):
        try:
            held = services.settle(actor, delivery_id, arrived=verb == "arrived")
        except Conflict as refused:
            messages.error(request, refused.detail, "bad")
            return redirect("deliveries")
        ring(task="workflows.tell")
        return redirect(f"/deliveries?notice={held.notice_id}")
    messages.error(request, "There is no such button.", "bad")
    return redirect("deliveries")


@never_cache
def opt_out(request: HttpRequest, link: str) -> HttpResponse:
    """Needs no sign-in. Opening it changes nothing, because mail scanners open links; the button does."""
    try:
        held = services.delivery_behind(link)
        if request.method == "POST":
            services.opt_out_by(link)
    except ProblemError as trouble:
        return problem_page(request, trouble)
    return render(request, "workflows/opt_out.html", {"notice": held.notice, "is_done": request.method == "POST"})
