"""Addresses of the application that decide themselves in which workspace somebody works."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import ensure_csrf_cookie

from hub.accounts.access import Actor
from hub.web.app import show
from hub.web.pages import page
from workflows.services import approvals


@never_cache
@ensure_csrf_cookie
@page("approval.view")
def approval(request: HttpRequest, actor: Actor, approval_id: str) -> HttpResponse:
    """One question, in its own workspace: a mail's link names none. Looking decides nothing."""
    return show(request, approvals.at_home(actor, approval_id))
