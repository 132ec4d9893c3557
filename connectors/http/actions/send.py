"""Writing over HTTP."""

from __future__ import annotations

from typing import Literal

from connectors.http.bodies import Body, written
from connectors.http.client import HttpClient
from connectors.http.shapes import Answer, Asking, answer_of
from hub.sdk import Action, Call, Effect, field


class Send(Action[HttpClient]):
    """Send something with POST, PUT, PATCH or DELETE."""

    title = "Send"
    effect = Effect.ONCE  # Nobody knows what an unknown service does with a second call.

    class Input(Asking):
        method: Literal["POST", "PUT", "PATCH", "DELETE"] = field("Method", default="POST")
        body: Body = field("Body", default_factory=Body)
        idempotency_header: str = field(
            "Idempotency header",
            default="",
            advanced=True,
            placeholder="Idempotency-Key",
            help="Carries a key that is the same for every attempt of the step.",
        )

    class Output(Answer):
        pass

    def run(self, input: Input, client: HttpClient, call: Call) -> Answer:
        content, headers = written(input.body)
        headers |= input.headers
        if input.idempotency_header:
            headers[input.idempotency_header] = call.key
        reply = client.call(
            input.method,
            input.path,
            query=input.query,
            headers=headers,
            expected=input.expected_statuses,
            max_bytes=input.max_bytes,
            timeout_seconds=call.timeout_seconds,
            **content,
        )
        return answer_of(reply, f"{input.method} {input.path.partition('?')[0]}", input.response_schema)
