"""The page behind the link in a message: for people who never sign in."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache

from hub.api.errors import ProblemError
from hub.web.pages import problem_page
from workflows.services import notices as services


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
