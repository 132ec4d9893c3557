"""The one place where trouble becomes an answer, for the API and for the pages."""

from __future__ import annotations

import logging
import math
from collections.abc import Iterator
from typing import Any

from django.core.exceptions import (
    PermissionDenied,
    RequestDataTooBig,
    SuspiciousOperation,
    ValidationError,
)
from django.db import DataError, InterfaceError, OperationalError
from django.http import Http404, HttpResponse
from rest_framework import exceptions as drf
from rest_framework.response import Response

from hub.api.errors import FieldProblem, Forbidden, Invalid, NotFound, NotSignedIn, ProblemError
from hub.sdk import ConnectorError, Misconfigured, TryLater
from hub.vault import VaultError

PROBLEM_TYPE = "application/problem+json"
DATABASE_AWAY = "database-unavailable"
_log = logging.getLogger(__name__)


def api_exception_handler(exception: Exception, context: dict[str, Any]) -> Response:
    """Django REST framework's hook: every exception of a view leaves through here."""
    problem = problem_of(exception)
    if problem.code == DATABASE_AWAY:
        _log.warning("The API could not answer: the database does not.")
    elif problem.status >= 500 and not isinstance(exception, ProblemError | ConnectorError):
        _log.error("The API could not answer: %s.", type(exception).__name__, exc_info=exception)
    from rest_framework.views import set_rollback

    set_rollback()
    response = Response(problem.document(), status=problem.status, content_type=PROBLEM_TYPE)
    for name, value in headers_of(problem).items():
        response[name] = value
    return response


def problem_response(problem: ProblemError) -> HttpResponse:
    """The answer of parts of the API that Django REST framework does not reach."""
    import orjson

    return HttpResponse(
        orjson.dumps(problem.document(), default=str),
        status=problem.status,
        content_type=PROBLEM_TYPE,
        headers=headers_of(problem),
    )


def headers_of(problem: ProblemError) -> dict[str, str]:
    headers = {"Cache-Control": "no-store"}
    if problem.retry_after_seconds is not None:
        headers["Retry-After"] = str(problem.retry_after_seconds)
    if problem.status == 401:
        headers["WWW-Authenticate"] = 'Bearer realm="Lockgate"'
    if allowed := problem.extra.get("allowed"):
        headers["Allow"] = ", ".join(map(str, allowed)) if isinstance(allowed, list) else str(allowed)
    return headers


def problem_of(exception: BaseException | None) -> ProblemError:
    """What an exception means to the caller. Anything unforeseen says nothing of its inside."""
    match exception:
        case ProblemError():
            return exception
        case ConnectorError():
            return _of_connector(exception)
        case drf.APIException():
            return _of_framework(exception)
        case Http404():
            return NotFound()
        case PermissionDenied():
            return Forbidden("You may not do this.")
        case ValidationError():
            return Invalid(errors=list(_of_validation(exception)))
        case RequestDataTooBig():
            return too_large()
        case SuspiciousOperation():
            return ProblemError(
                "The request is not acceptable.", code="bad-request", title="The request is not acceptable."
            )
        case VaultError():
            return ProblemError(str(exception), code="vault", title="A secret cannot be opened.", status=500)
        case DataError():
            return Invalid("Some of the input cannot be kept: it holds a character or a number out of range.")
        case OperationalError() | InterfaceError():
            return ProblemError(
                "The database does not answer. Nothing was changed; try again in a moment.",
                code=DATABASE_AWAY,
                title="The hub cannot work right now.",
                status=503,
                retry_after_seconds=2,
            )
        case _:
            return ProblemError(
                "Something went wrong inside the hub. It has been logged.",
                code="internal",
                title="The hub made a mistake.",
                status=500,
            )


def too_large(limit_bytes: int = 0) -> ProblemError:
    limit = f" The limit is {limit_bytes // 1024} KiB." if limit_bytes else ""
    return ProblemError(
        f"The body is too large.{limit}", code="too-large", title="The body is too large.", status=413
    )


def _of_connector(trouble: ConnectorError) -> ProblemError:
    errors: list[FieldProblem] = []
    if trouble.field:
        # A field may be a path, such as "settings/password".
        errors = [{"pointer": f"/{trouble.field}", "code": trouble.code, "detail": trouble.message}]
    if isinstance(trouble, TryLater):
        after = math.ceil(trouble.after_seconds) if trouble.after_seconds is not None else None
        return ProblemError(
            trouble.message,
            code=trouble.code,
            title="The service is busy or unreachable.",
            status=503,
            retry_after_seconds=after,
        )
    status = 422 if isinstance(trouble, Misconfigured) else 502
    return ProblemError(
        trouble.message, code=trouble.code, title="The service could not be used.", status=status, errors=errors
    )


def _of_framework(trouble: drf.APIException) -> ProblemError:
    match trouble:
        case drf.ValidationError():
            return Invalid(errors=list(_field_problems(trouble.get_full_details())))
        case drf.NotAuthenticated() | drf.AuthenticationFailed():
            return NotSignedIn()
        case drf.Throttled():
            wait = math.ceil(getattr(trouble, "wait", None) or 1)
            return ProblemError(
                f"Too many requests. Try again in {wait} seconds.",
                code="too-many-requests",
                title="Too many requests.",
                status=429,
                retry_after_seconds=wait,
            )
        case drf.MethodNotAllowed():
            return ProblemError(
                str(trouble.detail), code="method-not-allowed", title="This address does not do that.", status=405
            )
        case drf.NotFound():
            return NotFound()
        case drf.PermissionDenied():
            return Forbidden("You may not do this.")
    code = str(trouble.default_code).replace("_", "-")
    return ProblemError(str(trouble.detail), code=code, title=str(trouble.default_detail), status=trouble.status_code)


def _field_problems(details: Any, pointer: str = "") -> Iterator[FieldProblem]:
    """Django REST framework's nested details, flattened to pointers."""
    if (
        isinstance(details, dict)
        and set(details) == {"message", "code"}
        and not isinstance(details["message"], dict | list)
    ):
        yield {"pointer": pointer, "code": str(details["code"]).replace("_", "-"), "detail": str(details["message"])}
    elif isinstance(details, dict):
        for name, inner in details.items():
            inside = pointer if name == "non_field_errors" else f"{pointer}/{_escaped(str(name))}"
            yield from _field_problems(inner, inside)
    elif isinstance(details, list):
        leaves = all(isinstance(each, dict) and set(each) == {"message", "code"} for each in details)
        for place, each in enumerate(details):
            yield from _field_problems(each, pointer if leaves else f"{pointer}/{place}")


def _of_validation(trouble: ValidationError) -> Iterator[FieldProblem]:
    if hasattr(trouble, "error_dict"):
        for name, errors in trouble.message_dict.items():
            for message in errors:
                yield {
                    "pointer": "" if name == "__all__" else f"/{_escaped(name)}",
                    "code": "invalid",
                    "detail": message,
                }
    else:
        for message in trouble.messages:
            yield {"pointer": "", "code": "invalid", "detail": message}


def _escaped(name: str) -> str:
    return name.replace("~", "~0").replace("/", "~1")
