"""Webhook calls: checked, stored as a queued run, and only then acknowledged.

`application` is a WSGI application of its own, so that a call passes none of what pages and the API need. Calls that
arrive at the same moment are stored in one transaction.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterable, Sequence
from http import HTTPStatus
from time import perf_counter
from typing import Any

import orjson
from django.conf import settings
from django.db import DatabaseError, DataError, InterfaceError, connection

from hub.accounts.models import new_id
from hub.api.errors import Invalid, NotFound, ProblemError
from hub.api.guessing import note_wrong_secret, wait_to_be_judged
from hub.api.handling import PROBLEM_TYPE, headers_of, problem_of
from hub.api.proxies import address_of
from hub.expr import ExpressionError, evaluate
from hub.watch import traces
from workflows.engine.bell import ring_soon
from workflows.engine.queueing import Called, queue_called
from workflows.engine.timing import ANSWERED, CALLS
from workflows.engine.together import Together
from workflows.engine.veils import Veil
from workflows.graph.privacy import TRIGGER
from workflows.models import Run
from workflows.triggers import answers
from workflows.triggers.calls import BadCall, Call
from workflows.triggers.checks import CallRefused, CheckKind
from workflows.triggers.misfits import misfits
from workflows.triggers.starting import LONGEST_KEY
from workflows.triggers.webhooks import Webhook, Webhooks

PREFIX = "/hooks/"
_log = logging.getLogger(__name__)
_MOST_ERRORS = 20
_known = Webhooks()


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """The WSGI application behind `/hooks/<path>`."""
    began = perf_counter()
    try:
        run, is_new, hook = _accept(environ)
        address = f"{settings.PUBLIC_URL}/api/v1/runs/{run}"
        status, kind, further = "202 Accepted", "application/json", [("Location", address)]
        body: Any = {"run": run, "status": address, "duplicate": not is_new}
        if hook.answer_seconds and (answer := _answer(run, is_new, hook)) is not None:
            status, body = f"{answer.status} {HTTPStatus(answer.status).phrase}", answer.body
    except Exception as error:
        if isinstance(error, DatabaseError | InterfaceError):
            connection.close()  # The next call opens another.
        problem = problem_of(error)
        if problem.status == 500 and not isinstance(error, ProblemError):
            _log.error("A webhook could not be answered: %s.", type(error).__name__, exc_info=error)
        status, kind = f"{problem.status} {problem.title.rstrip('.')}", PROBLEM_TYPE
        body, further = problem.document(), list(headers_of(problem).items())
    text = b"" if status.startswith("204") else orjson.dumps(body)
    headers = [("Content-Type", kind), ("Content-Length", str(len(text))), ("X-Content-Type-Options", "nosniff")]
    CALLS.add(status[:3])
    ANSWERED.add(perf_counter() - began)
    start_response(status, [*headers, *further])
    return [text]


def _answer(run: str, is_new: bool, hook: Webhook) -> answers.Answer | None:
    return answers.wait_for(run, hook.version_id if is_new else None, hook.answer_seconds)


def _accept(environ: dict[str, Any]) -> tuple[str, bool, Webhook]:
    """The id of the run, whether it is new, and the webhook that was called.

    What is kept in memory of the webhook may have changed. Then nothing can be stored, and what was refused may be
    right: the call is judged once more by what the database says.
    """
    path = str(environ.get("PATH_INFO", "")).removeprefix(PREFIX).rstrip("/")
    body = _Body(environ)
    hook = _known.find(path)
    if hook is not None:
        wait_to_be_judged(_guesser(hook, environ))
    for _ in range(3):
        try:
            if hook is not None and (stored := _take(hook, environ, body)) is not None:
                return *stored, hook
            _judged(hook, environ)
        except ProblemError:
            fresh = _known.find(path, anew=True)
            if fresh is None or hook is None or fresh.fence == hook.fence:
                raise
            hook = fresh
        else:
            hook = _known.find(path, anew=True)
    raise _switched_off()


def _take(hook: Webhook | None, environ: dict[str, Any], body: _Body) -> tuple[str, bool] | None:
    """None when the webhook is not what it was."""
    called = _judge(_judged(hook, environ), environ, body)
    if _stored.submit(called):
        return str(called.id), True
    if called.key is None:
        return None
    held = Run.objects.filter(trigger_id=called.trigger_id, key=called.key).values_list("id", flat=True).first()
    return (str(held), False) if held is not None else None


def _write(called: Sequence[Called]) -> list[bool]:
    stored = queue_called(called)
    if stored:
        ring_soon()
    return [each.id in stored for each in called]


_stored: Together[Called, bool] = Together(_write, alone_after=(DataError,))


def _judged(hook: Webhook | None, environ: dict[str, Any]) -> Webhook:
    """Whether a call of this kind can be taken now, before its body is read."""
    if hook is None:
        raise NotFound("There is no webhook at this address.")
    if not hook.is_active:
        raise _switched_off()
    if environ["REQUEST_METHOD"] not in hook.methods:
        raise ProblemError(
            f"This webhook takes {', '.join(hook.methods)}, not {environ['REQUEST_METHOD']}.",
            code="method-not-allowed", title="The method is not allowed.", status=405,
            extra={"allowed": list(hook.methods)},
        )  # fmt: skip
    if hook.check is None:
        raise ProblemError(
            "This webhook has no secret yet. Somebody who may edit the workflow makes one.",
            code="no-secret", title="The webhook is not ready.", status=503, retry_after_seconds=60,
        )  # fmt: skip
    return hook


def _switched_off() -> ProblemError:
    return ProblemError(
        "The workflow of this webhook is switched off. Nothing was stored; send the call again later.",
        code="switched-off", title="The workflow is switched off.", status=503, retry_after_seconds=60,
    )  # fmt: skip


def _judge(hook: Webhook, environ: dict[str, Any], unread: _Body) -> Called:
    """The run that the call asks for. Raises ProblemError."""
    assert hook.check is not None  # noqa: S101 - `_judged` says so
    body = unread.read(hook.limit_bytes)
    call = Call(
        method=str(environ["REQUEST_METHOD"]),
        headers=_headers(environ),
        body=body,
        query=str(environ.get("QUERY_STRING", "")),
        hidden=frozenset({hook.check.header.lower()} if hook.check.header else ()),
    )
    try:
        hook.check.verify(call.headers, body)
        payload = call.payload()
    except CallRefused as refused:
        note_wrong_secret(_guesser(hook, environ))
        raise ProblemError(
            str(refused), code="call-refused", title="The call did not prove who sent it.", status=401
        ) from None
    except BadCall as wrong:
        raise ProblemError(str(wrong), code="bad-body", title="The body cannot be read.") from None
    _check_shape(hook, payload)
    cause = {"kind": "webhook", "trigger": hook.name}
    if caller := address_of(environ):
        cause["from"] = caller
    if traces.is_on() and (parent := traces.parent_of(call.headers.get(traces.HEADER, ""))):
        cause[traces.HEADER] = parent
    key = _key(hook, call, payload)
    run_id, sealed = new_id(), None
    if hook.classed:
        veil = Veil(hook.workspace_id, hook.classed)
        payload, masked = veil.mask(payload, TRIGGER)
        sealed = veil.seal({"payload": masked}, run_id) if masked else None
        key = veil.key(key) if key is not None else None
    return Called(run_id, hook.id, hook.fence, _dumped(payload), _dumped(cause), key, hook.version_id, sealed)


def _guesser(hook: Webhook, environ: dict[str, Any]) -> str:
    """Whose wrong secrets are counted together."""
    return f"{hook.id}:{address_of(environ)}"


def _dumped(value: dict[str, Any]) -> bytes:
    try:
        return orjson.dumps(value)
    except TypeError:  # A whole number of more than 64 bits.
        return json.dumps(value, ensure_ascii=False).encode()


def _headers(environ: dict[str, Any]) -> dict[str, str]:
    made = {
        name[5:].replace("_", "-").lower(): str(value) for name, value in environ.items() if name.startswith("HTTP_")
    }
    for name in ("CONTENT_TYPE", "CONTENT_LENGTH"):
        if environ.get(name):
            made[name.replace("_", "-").lower()] = str(environ[name])
    return made


class _Body:
    """A call's body, read when it is wanted."""

    def __init__(self, environ: dict[str, Any]) -> None:
        said = str(environ.get("CONTENT_LENGTH") or "")
        self._length = int(said) if said.isdigit() else None
        self._from = environ["wsgi.input"]
        self._held = b""

    def read(self, limit: int) -> bytes:
        """All of it, or too-large; no more than the limit is read."""
        if self._length is not None and self._length > limit:
            raise _too_large(limit)
        wanted = (self._length if self._length is not None else limit + 1) - len(self._held)
        if wanted > 0:
            self._held += self._from.read(wanted)
        if len(self._held) > limit:
            raise _too_large(limit)
        if self._length is not None and len(self._held) < self._length:
            raise ProblemError("The body is shorter than announced.", code="bad-body", title="The body is cut off.")
        return self._held


def _too_large(limit: int) -> ProblemError:
    return ProblemError(
        f"The body is larger than {limit // 1024} kB, the limit of this webhook. Nothing was stored.",
        code="too-large", title="The body is too large.", status=413,
    )  # fmt: skip


def _check_shape(hook: Webhook, payload: dict[str, Any]) -> None:
    wrong = list(hook.shape.iter_errors(payload["body"]))[:_MOST_ERRORS] if hook.shape else []
    if wrong:
        raise Invalid(
            "The body does not have the shape that this webhook expects. Nothing was stored.",
            errors=misfits(wrong),
        )


def _key(hook: Webhook, call: Call, payload: dict[str, Any]) -> str | None:
    """What makes a second sending of the same call start nothing."""
    if hook.key:
        try:
            made = evaluate(hook.key, {"trigger": payload}, place="key")
        except ExpressionError as wrong:
            raise Invalid(f"The call has no de-duplication key: {wrong}", code="no-key") from None
        if made is None or isinstance(made, dict | list) or str(made) == "":
            raise Invalid("The call has no de-duplication key: the expression gives no single value.", code="no-key")
    else:
        check = hook.check
        is_standard = check is not None and check.kind is CheckKind.SIGNATURE and not check.header
        made = call.headers.get("webhook-id") if is_standard else None
        if made is None:
            return None
    key = f"webhook:{hook.name}:{made}"
    if len(key) > LONGEST_KEY:
        raise Invalid(f"The de-duplication key is longer than {LONGEST_KEY} characters.", code="no-key")
    return key
