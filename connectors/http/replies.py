"""What a reply means: the only place where a status code is looked at."""

from __future__ import annotations

import base64
from collections.abc import Collection
from typing import Any

import requests
from jsonschema import Draft202012Validator, SchemaError
from jsonschema.exceptions import best_match

from hub.sdk import Misconfigured, Rejected, SignInRefused, TryLater, UnexpectedReply
from hub.sdk.pacing import retry_after
from hub.sdk.schemas import closed_validator, wrong_references

_MAYBE_DONE = {408, 425}


def check_status(reply: requests.Response, what: str, expected: Collection[int] = ()) -> None:
    """Raise what the status means. `expected` are further ones that are fine."""
    status = reply.status_code
    if status in expected or (not expected and 200 <= status < 300):
        return
    detail: dict[str, object] = {"status": status}
    said = f"{what} was answered with {status} {reply.reason or ''}".rstrip()
    if status == 401:
        raise SignInRefused(f"{said}. Check the sign-in of the connection.", detail=detail)
    if status == 429:
        raise TryLater(f"{said}.", after_seconds=retry_after(reply.headers), sent=False, detail=detail)
    if status >= 500 or status in _MAYBE_DONE:
        raise TryLater(f"{said}.", after_seconds=retry_after(reply.headers), detail=detail)
    if status >= 400:
        raise Rejected(f"{said}.", detail=detail, missing=status in {404, 410}, exists=status == 409)
    wanted = ", ".join(map(str, sorted(expected))) or "2xx"
    raise UnexpectedReply(f"{said}; expected was {wanted}.", detail=detail)


def is_json(reply: requests.Response) -> bool:
    kind = reply.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    return kind == "application/json" or kind.endswith("+json")


def read_json(reply: requests.Response, what: str) -> Any:
    """The document. Raises UnexpectedReply with the place where it stops being JSON."""
    try:
        return reply.json()
    except requests.exceptions.JSONDecodeError as trouble:
        raise UnexpectedReply(
            f"{what} was answered with something that is no JSON (line {trouble.lineno}, column {trouble.colno})."
        ) from None
    except ValueError:
        raise UnexpectedReply(f"{what} was answered with something that is no JSON.") from None


def content_of(reply: requests.Response, what: str) -> dict[str, Any]:
    """The body as one of json, text and base64."""
    if not reply.content:
        return {}
    if is_json(reply):
        return {"json": read_json(reply, what)}
    kind = reply.headers.get("Content-Type", "").lower()
    if kind.startswith("text/") or "xml" in kind or "javascript" in kind or "urlencoded" in kind:
        return {"text": reply.text}
    return {"base64": base64.b64encode(reply.content).decode()}


def check_schema(document: Any, schema: dict[str, Any] | None, what: str) -> None:
    """Raise UnexpectedReply with the place where a document leaves its schema. The value itself is not quoted."""
    if schema is None:
        return
    try:
        Draft202012Validator.check_schema(schema)
    except SchemaError as trouble:
        raise Misconfigured(
            f"The response schema is no JSON Schema: {trouble.json_path}.", field="response_schema"
        ) from None
    if wrong := wrong_references(schema):
        raise Misconfigured(
            f'The response schema refers to "{wrong[0]}", which is not in it.', field="response_schema"
        )
    error = best_match(closed_validator(schema).iter_errors(document))
    if error is not None:
        raise UnexpectedReply(
            f"{what} was answered with a document that does not fit its schema at {error.json_path} "
            f'("{error.validator}").',
            detail={"place": error.json_path, "rule": str(error.validator)},
        )
