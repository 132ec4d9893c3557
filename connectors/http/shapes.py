"""What the actions of this connector have in common."""

from __future__ import annotations

from typing import Any

import requests

from connectors.http.client import MOST_BYTES, USUAL_BYTES
from connectors.http.replies import check_schema, content_of
from hub.sdk import Fields, UnexpectedReply, field


class Asking(Fields):
    path: str = field("Path", default="", help="Below the base address, or a whole address below it.")
    query: dict[str, str | list[str]] = field("Query", default_factory=dict)
    headers: dict[str, str] = field("Headers", default_factory=dict)
    expected_statuses: list[int] = field(
        "Expected statuses", default_factory=list, advanced=True, help="Any 2xx when empty."
    )
    response_schema: dict[str, Any] | None = field("Response schema", default=None, advanced=True, lines=6)
    max_bytes: int = field("Largest reply", default=USUAL_BYTES, ge=1, le=MOST_BYTES, advanced=True)


class Answer(Fields):
    status: int = field("Status")
    headers: dict[str, str] = field("Headers", default_factory=dict)
    json_body: Any = field("JSON", default=None, alias="json")
    text: str | None = field("Text", default=None)
    base64: str | None = field("Bytes", default=None, help="Base64, when the reply is neither JSON nor text.")


def answer_of(reply: requests.Response, what: str, schema: dict[str, Any] | None) -> Answer:
    """The reply as the output of a step."""
    content = content_of(reply, what)
    if schema is not None:
        if "json" not in content:
            raise UnexpectedReply(f"{what} was not answered with JSON, so it does not fit its schema.")
        check_schema(content["json"], schema, what)
    # A session's cookie is a credential; it does not belong into a run's data.
    headers = {name.lower(): value for name, value in reply.headers.items() if name.lower() != "set-cookie"}
    return Answer(status=reply.status_code, headers=headers, **content)
