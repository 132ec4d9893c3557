"""How a page is written: a function of the request and the actor, which raises problems as the services do.

@page("run.view")
def runs(request: HttpRequest, actor: Actor) -> HttpResponse: ...
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from hub.accounts.access import Actor, actor_for, allow
from hub.accounts.models import Person
from hub.api.errors import ProblemError
from hub.api.handling import headers_of, problem_of
from hub.api.views import SESSION_WORKSPACE
from hub.sdk import ConnectorError

Further = ParamSpec("Further")


def page(
    verb: str,
) -> Callable[[Callable[Concatenate[HttpRequest, Actor, Further], HttpResponse]], Callable[..., HttpResponse]]:
    """Make a view of a function: signs in first, finds the actor, checks the verb, shows problems as pages."""

    def around(view: Callable[Concatenate[HttpRequest, Actor, Further], HttpResponse]) -> Callable[..., HttpResponse]:
        @wraps(view)
        def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not isinstance(request.user, Person):
                return redirect_to_login(request.get_full_path(), settings.LOGIN_URL)
            try:
                actor = actor_for(request.user, preferred=request.session.get(SESSION_WORKSPACE, ""))
                request.actor = actor  # type: ignore[attr-defined]
                allow(actor, verb)
                return view(request, actor, *args, **kwargs)
            except (ProblemError, ConnectorError) as trouble:
                return problem_page(request, problem_of(trouble))

        answer.verb = verb  # type: ignore[attr-defined]
        return answer

    return around


def problem_page(request: HttpRequest, problem: ProblemError) -> HttpResponse:
    """A problem for a person to read."""
    response = render(request, "web/problem.html", {"problem": problem}, status=problem.status)
    for name, value in headers_of(problem).items():
        response[name] = value
    return response
