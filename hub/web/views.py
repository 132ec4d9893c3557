"""What the hub shows or does itself: signing in and out, choosing a workspace."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from hub.accounts.access import Actor, actor_for
from hub.accounts.models import Person
from hub.administration.sessions import sign_in as start_session
from hub.administration.sessions import sign_out as end_session
from hub.api.errors import ProblemError
from hub.api.views import SESSION_WORKSPACE
from hub.web.pages import page


@never_cache
@sensitive_post_parameters("password")
def sign_in(request: HttpRequest) -> HttpResponse:
    after = request.POST.get("next") or request.GET.get("next") or settings.LOGIN_REDIRECT_URL
    if not url_has_allowed_host_and_scheme(after, {request.get_host()}, require_https=request.is_secure()):
        after = settings.LOGIN_REDIRECT_URL
    if request.method != "POST":
        if isinstance(request.user, Person):
            return redirect(after)
        return render(request, "web/sign_in.html", {"next": after})
    username = request.POST.get("username", "")
    try:
        start_session(request, username=username, password=request.POST.get("password", ""))
    except ProblemError as problem:
        shown = {"next": after, "problem": problem.detail, "username": username}
        return render(request, "web/sign_in.html", shown, status=problem.status)
    return redirect(after)


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    end_session(request)
    logout(request)
    return redirect(settings.LOGOUT_REDIRECT_URL)


@require_POST
@page("workspace.view")
def choose_workspace(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Work in another workspace from now on."""
    person = request.user
    if isinstance(person, Person):
        request.session[SESSION_WORKSPACE] = actor_for(person, request.POST.get("workspace", "")).workspace.slug
    return redirect("home")
