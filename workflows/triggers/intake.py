"""Webhook calls: checked, stored as a queued run, and only then acknowledged.

`application` is a WSGI application of its own, so that a call passes none of what pages and the API need.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from typing import Any

import orjson
from django.conf import settings
from django.core.signals import request_finished, request_started
from django.db import transaction
from jsonschema import Draft202012Validator

from hub.api.errors import Invalid, NotFound, ProblemError
from hub.api.handling import PROBLEM_TYPE, headers_of, problem_of
from hub.expr import ExpressionError, evaluate
from hub.vault import unseal
from workflows.engine.bell import ring
from workflows.graph.problem import complaint
from workflows.models import Run, Trigger
from workflows.triggers.calls import BadCall, Call
from workflows.triggers.checks import CallRefused, Check, CheckKind
from workflows.triggers.settings import USUAL_BODY_KB
from workflows.triggers.starting import LONGEST_KEY, start

PREFIX = "/hooks/"
_log = logging.getLogger(__name__)
_MOST_ERRORS = 20


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """The WSGI application behind `/hooks/<path>`."""
    request_started.send(sender=application, environ=environ)
    try:
        run, is_new = _accept(environ)
        status, kind = "202 Accepted", "application/json"
        address = f"{settings.PUBLIC_URL}/api/v1/runs/{run.id}"
        body: dict[str, Any] = {"run": str(run.id), "status": address, "duplicate": not is_new}
        further = [("Location", address)]
    except Exception as error:
        problem = problem_of(error)
        if problem.status == 500 and not isinstance(error, ProblemError):
            _log.error("A webhook could not be answered: %s.", type(error).__name__, exc_info=error)
        status, kind = f"{problem.status} {problem.title.rstrip('.')}", PROBLEM_TYPE
        body, further = problem.document(), list(headers_of(problem).items())
    finally:
        request_finished.send(sender=application)
    text = orjson.dumps(body)
    headers = [("Content-Type", kind), ("Content-Length", str(len(text))), ("X-Content-Type-Options", "nosniff")]
    start_response(status, [*headers, *further])
    return [text]


def _accept(environ: dict[str, Any]) -> tuple[Run, bool]:
    trigger = _find(str(environ.get("PATH_INFO", "")).removeprefix(PREFIX).rstrip("/"))
    method = str(environ["REQUEST_METHOD"])
    methods = trigger.settings.get("methods", ["POST"])
    if method not in methods:
        raise ProblemError(
            f"This webhook takes {', '.join(methods)}, not {method}.", code="method-not-allowed",
            title="The method is not allowed.", status=405, extra={"allowed": list(methods)},
        )  # fmt: skip
    check, body = _check_of(trigger), _body(environ, trigger.settings.get("max_kb", USUAL_BODY_KB) * 1024)
    call = Call(
        method=method,
        headers=_headers(environ),
        body=body,
        query=str(environ.get("QUERY_STRING", "")),
        remote=str(environ.get("REMOTE_ADDR", "")),
        hidden=frozenset({check.header.lower()} if check.header else ()),
    )
    try:
        check.verify(call.headers, body)
        payload = call.payload()
    except CallRefused as refused:
        raise ProblemError(
            str(refused), code="call-refused", title="The call did not prove who sent it.", status=401
        ) from None
    except BadCall as wrong:
        raise ProblemError(str(wrong), code="bad-body", title="The body cannot be read.") from None
    _check_shape(trigger, payload)
    key = _key(trigger, call, payload)
    with transaction.atomic():
        run, is_new = start(trigger, payload, key=key, cause={"from": call.remote} if call.remote else {})
    if is_new:
        ring()
    return run, is_new


def _find(path: str) -> Trigger:
    found = (
        Trigger.objects.select_related("workflow__published").filter(path=path, is_live=True, kind="webhook").first()
    )
    if found is None:
        raise NotFound("There is no webhook at this address.")
    if not found.workflow.is_active:
        raise ProblemError(
            "The workflow of this webhook is switched off. Nothing was stored; send the call again later.",
            code="switched-off", title="The workflow is switched off.", status=503, retry_after_seconds=60,
        )  # fmt: skip
    return found


def _check_of(trigger: Trigger) -> Check:
    given = trigger.settings.get("check") or {"kind": CheckKind.NONE}
    kind = CheckKind(given["kind"])
    if kind is CheckKind.NONE:
        return Check(kind)
    if not trigger.sealed:
        raise ProblemError(
            "This webhook has no secret yet. Somebody who may edit the workflow makes one.",
            code="no-secret", title="The webhook is not ready.", status=503, retry_after_seconds=60,
        )  # fmt: skip
    secret = unseal(bytes(trigger.sealed), trigger.place)["secret"]
    return Check(kind, secret, given.get("user", ""), given.get("header", ""), given.get("prefix", ""))


def _headers(environ: dict[str, Any]) -> dict[str, str]:
    made = {
        name[5:].replace("_", "-").lower(): str(value) for name, value in environ.items() if name.startswith("HTTP_")
    }
    for name in ("CONTENT_TYPE", "CONTENT_LENGTH"):
        if environ.get(name):
            made[name.replace("_", "-").lower()] = str(environ[name])
    return made


def _body(environ: dict[str, Any], limit: int) -> bytes:
    """The body, of which no more than the limit is read."""
    said = str(environ.get("CONTENT_LENGTH") or "")
    if said.isdigit() and int(said) > limit:
        raise _too_large(limit)
    read: bytes = environ["wsgi.input"].read(int(said) if said.isdigit() else limit + 1)
    if len(read) > limit:
        raise _too_large(limit)
    if said.isdigit() and len(read) < int(said):
        raise ProblemError(
            "The body ended before its announced length.", code="bad-body", title="The body is cut off."
        )
    return read


def _too_large(limit: int) -> ProblemError:
    return ProblemError(
        f"The body is larger than {limit // 1024} kB, the limit of this webhook. Nothing was stored.",
        code="too-large", title="The body is too large.", status=413,
    )  # fmt: skip


def _check_shape(trigger: Trigger, payload: dict[str, Any]) -> None:
    schema = trigger.settings.get("input")
    if not schema:
        return
    wrong = list(Draft202012Validator(schema).iter_errors(payload["body"]))[:_MOST_ERRORS]
    if wrong:
        raise Invalid(
            "The body does not have the shape that this webhook expects. Nothing was stored.",
            errors=[
                {
                    "pointer": "/" + "/".join(map(str, each.absolute_path)) if each.absolute_path else "",
                    "code": str(each.validator),
                    "detail": f"The value {complaint(each)}.",
                }
                for each in wrong
            ],
        )


def _key(trigger: Trigger, call: Call, payload: dict[str, Any]) -> str | None:
    """What makes a second sending of the same call start nothing."""
    expression = trigger.settings.get("key")
    if expression:
        try:
            made = evaluate(expression, {"trigger": payload}, place="key")
        except ExpressionError as wrong:
            raise Invalid(f"The call has no de-duplication key: {wrong}", code="no-key") from None
        if made is None or isinstance(made, dict | list) or str(made) == "":
            raise Invalid("The call has no de-duplication key: the expression gives no single value.", code="no-key")
    else:
        check = trigger.settings.get("check") or {}
        is_standard = check.get("kind") == CheckKind.SIGNATURE and not check.get("header")
        made = call.headers.get("webhook-id") if is_standard else None
        if made is None:
            return None
    key = f"webhook:{trigger.name}:{made}"
    if len(key) > LONGEST_KEY:
        raise Invalid(f"The de-duplication key is longer than {LONGEST_KEY} characters.", code="no-key")
    return key
