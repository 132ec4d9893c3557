"""Reading over HTTP."""

from __future__ import annotations

from typing import Literal

from connectors.http.client import HttpClient
from connectors.http.shapes import Answer, Asking, answer_of
from hub.sdk import Action, Call, Effect, field


class Get(Action[HttpClient]):
    """Read something with GET or HEAD."""

    title = "Get"
    effect = Effect.NONE

    class Input(Asking):
        method: Literal["GET", "HEAD"] = field("Method", default="GET")

    class Output(Answer):
        pass

    def run(self, input: Input, client: HttpClient, call: Call) -> Answer:
        reply = client.call(
            input.method,
            input.path,
            query=input.query,
            headers=input.headers,
            expected=input.expected_statuses,
            max_bytes=input.max_bytes,
            timeout_seconds=call.timeout_seconds,
        )
        return answer_of(reply, f"{input.method} {input.path.partition('?')[0]}", input.response_schema)
