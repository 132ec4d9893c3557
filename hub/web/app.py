"""The web application: one page for every address of it. What it shows, it asks the API for."""

from __future__ import annotations

from django.contrib.staticfiles import finders
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import ensure_csrf_cookie

from hub.accounts.access import Actor
from hub.administration.me import about
from hub.administration.serializers import MeOutput
from hub.web.pages import page

SCRIPT = "built/app.js"


@never_cache
@ensure_csrf_cookie
@page("workspace.view")
def app(request: HttpRequest, actor: Actor, /, **_: object) -> HttpResponse:
    """The application, for the browser to find the way itself."""
    return show(request, actor)


def show(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The application, for somebody at work in a workspace that the address decides."""
    me = MeOutput(about(actor.person, actor)).data if actor.person else None
    return render(request, "web/app.html", {"me": me, "is_built": _is_built()})


def _is_built() -> bool:
    return finders.find(SCRIPT) is not None
