"""What is shown when no view answered: a problem document below /api/, a page everywhere else."""

from __future__ import annotations

import sys

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

from hub.api.errors import NotFound, ProblemError
from hub.api.handling import headers_of, problem_of, problem_response


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _answer(request, problem_of(exception))


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _answer(request, problem_of(exception))


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _answer(request, NotFound("There is nothing at this address.", title="There is nothing here."))


def failed(request: HttpRequest) -> HttpResponse:
    return _answer(request, problem_of(sys.exc_info()[1]))


def csrf_refused(request: HttpRequest, reason: str = "") -> HttpResponse:
    detail = "This form was open for too long, or came from another site. Go back, reload the page and try again."
    return _answer(request, ProblemError(detail, code="csrf-refused", title="The form was not accepted.", status=403))


def _answer(request: HttpRequest, problem: ProblemError) -> HttpResponse:
    if request.path.startswith("/api/"):
        return problem_response(problem)
    # Without the request: its session may be what failed.
    page = render_to_string("web/problem.html", {"problem": problem})
    return HttpResponse(page, status=problem.status, headers=headers_of(problem))
