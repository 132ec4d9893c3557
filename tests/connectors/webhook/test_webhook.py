"""Signed messages to a receiver that checks them with the specification's own library."""

from __future__ import annotations

import base64
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from pydantic import ValidationError
from standardwebhooks import Webhook, WebhookVerificationError

from connectors.webhook.actions.send import Send
from connectors.webhook.auth import Auth
from connectors.webhook.client import WebhookClient
from hub.sdk import Call, Effect, Opening, Policy, Rejected, TryLater
from hub.sdk.guarded import GuardedEgress

SECRET = "whsec_" + base64.b64encode(b"k" * 32).decode()
CALL = Call(key="delivery/1", attempt=1, timeout_seconds=5)


class Receiver:
    """Keeps what it is sent, and says what it is told to say."""

    def __init__(self) -> None:
        self.calls: list[tuple[dict[str, str], bytes]] = []
        self.status = 204
        self.headers: dict[str, str] = {}
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                receiver.calls.append(({name.lower(): value for name, value in self.headers.items()}, body))
                self.send_response(receiver.status)
                for name, value in receiver.headers.items():
                    self.send_header(name, value)
                self.end_headers()

            def log_message(self, *args: Any) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self.server.server_port}/hook"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    made = Receiver()
    yield made
    made.server.shutdown()
    made.server.server_close()


def client(receiver: Receiver) -> WebhookClient:
    settings = Auth.Settings(address=receiver.address, secret=SECRET)
    return Auth().open(settings, Opening(GuardedEgress(Policy(("127.0.0.1",)))))


def send(receiver: Receiver) -> Any:
    return Send().run(Send.Input(type="job.ended", data={"job": "17", "name": "Größe"}), client(receiver), CALL)


def test_the_receiver_can_check_the_signature_and_a_change_is_seen(receiver: Receiver) -> None:
    sent = send(receiver)
    headers, body = receiver.calls[0]

    taken = Webhook(SECRET).verify(body, headers)
    assert (taken["type"], taken["data"]) == ("job.ended", {"job": "17", "name": "Größe"})
    assert sent.message_id == headers["webhook-id"]
    with pytest.raises(WebhookVerificationError):
        Webhook(SECRET).verify(body.replace(b"17", b"18"), headers)
    assert SECRET.removeprefix("whsec_") not in str(receiver.calls)


def test_a_message_that_is_tried_again_has_the_same_id(receiver: Receiver) -> None:
    assert Send.effect is Effect.KEYED
    assert send(receiver).message_id == send(receiver).message_id


def test_what_the_receiver_answers_says_what_happens_next(receiver: Receiver) -> None:
    receiver.status, receiver.headers = 503, {"Retry-After": "30"}
    with pytest.raises(TryLater) as later:
        send(receiver)
    assert later.value.after_seconds == 30
    for receiver.status, said in ((400, "refused"), (410, "no more"), (302, "elsewhere")):
        with pytest.raises(Rejected, match=said):
            send(receiver)


@pytest.mark.parametrize("secret", ["sesame", "whsec_!!", "whsec_" + base64.b64encode(b"short").decode()])
def test_a_secret_that_is_none_is_refused(secret: str) -> None:
    with pytest.raises(ValidationError, match="signing secret"):
        Auth.Settings(address="https://hooks.example.com/x", secret=secret)
