"""Addresses of steps that wait for one answer. Opening one changes nothing, because mail scanners open links."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from hub.api.errors import Conflict, NotFound, ProblemError
from hub.api.handling import PROBLEM_TYPE
from workflows.engine import receiving
from workflows.engine.bell import ring
from workflows.models import Run
from workflows.triggers.calls import BadCall, Call


@csrf_exempt
@require_POST
def callback(request: HttpRequest, signed: str) -> HttpResponse:
    """Needs no sign-in: the address is the proof. It takes one answer."""
    try:
        _take(request, signed)
    except ProblemError as problem:
        return JsonResponse(problem.document(), status=problem.status, content_type=PROBLEM_TYPE)
    ring()
    return JsonResponse({"taken": True}, status=202)


def _take(request: HttpRequest, signed: str) -> None:
    headers = {name.lower(): value for name, value in request.headers.items()}
    call = Call(str(request.method), headers, request.body, str(request.META.get("QUERY_STRING", "")))
    try:
        receiving.answer(signed, call.payload())
    except BadCall as wrong:
        raise ProblemError(str(wrong), code="bad-body", title="The body cannot be read.") from None
    except receiving.AnsweredAlready:
        raise Conflict(
            "This address takes one answer, and has got it.", code="answered", title="It is answered already."
        ) from None
    except (receiving.BadSignature, ValueError, Run.DoesNotExist):
        raise NotFound("Nobody waits for an answer at this address, or no longer.") from None
