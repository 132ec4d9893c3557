"""What a webhook does with the calls it gets: through the same function that the web server calls."""

from __future__ import annotations

import base64
import hashlib
import hmac
import io
import json
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import connections
from hypothesis import given
from hypothesis import strategies as st
from standardwebhooks import Webhook

from hub.accounts.access import Actor
from hub.api.errors import Taken
from hub.wsgi import application
from tests.workflows.engine.conftest import work
from tests.workflows.triggers.conftest import Triggered
from workflows.models import Run, RunStep, Trigger
from workflows.services.triggers import make_secret
from workflows.services.workflows import switch
from workflows.triggers.calls import BadCall, Call
from workflows.triggers.checks import Check


@dataclass
class Reply:
    status: int
    headers: dict[str, str]
    body: dict[str, Any]


def call(
    trigger: Trigger | str,
    body: bytes | str | dict[str, Any] = b"",
    *,
    method: str = "POST",
    kind: str = "application/json",
    length: str | None = None,
    query: str = "",
    remote: str = "198.51.100.7",
    **headers: str,
) -> Reply:
    """Call as a web server does."""
    path = trigger if isinstance(trigger, str) else trigger.path
    data = json.dumps(body).encode() if isinstance(body, dict) else body.encode() if isinstance(body, str) else body
    environ: dict[str, Any] = {
        "REQUEST_METHOD": method, "PATH_INFO": f"/hooks/{path}", "QUERY_STRING": query, "REMOTE_ADDR": remote,
        "CONTENT_TYPE": kind, "CONTENT_LENGTH": str(len(data)) if length is None else length,
        "wsgi.input": io.BytesIO(data),
    }  # fmt: skip
    environ |= {f"HTTP_{name.upper()}": value for name, value in headers.items()}
    answered: list[Any] = []
    text = b"".join(application(environ, lambda *said: answered.append(said)))
    return Reply(int(answered[0][0].split()[0]), dict(answered[0][1]), json.loads(text))


@pytest.mark.pain(6)
def test_a_call_is_stored_as_a_run_before_it_is_acknowledged(triggered: Triggered) -> None:
    trigger = triggered("webhook")
    reply = call(
        trigger, {"order": 7}, query="a=1&b=2&b=3", x_source="shop", authorization="Bearer hush", cookie="c=1"
    )

    assert reply.status == 202
    run = Run.objects.get()
    assert reply.body == {"run": str(run.id), "status": reply.headers["Location"], "duplicate": False}
    assert run.payload["body"] == {"order": 7}
    assert run.payload["query"] == {"a": "1", "b": ["2", "3"]}
    assert run.payload["headers"]["x-source"] == "shop"
    assert not {"authorization", "cookie"} & set(run.payload["headers"])
    assert "hush" not in json.dumps(run.payload)
    assert run.cause == {"kind": "webhook", "trigger": "t", "from": "198.51.100.7"}
    work()
    assert Run.objects.get().state == "succeeded"


def test_an_address_that_nobody_chose_cannot_be_guessed_and_stays(triggered: Triggered) -> None:
    first = triggered("webhook")
    assert len(first.path or "") > 30
    assert triggered("webhook", max_kb=5).path == first.path
    assert triggered("webhook", path="orders").path == "orders"
    assert call("orders", {}).status == 202
    assert call(first, {}).status == 404


def test_a_token_is_checked_and_never_kept(triggered: Triggered, actor: Actor) -> None:
    trigger = triggered("webhook", check={"kind": "token", "header": "X-Key"})
    assert call(trigger, {}).body["code"] == "no-secret"
    secret = make_secret(actor, trigger.id)

    refused = call(trigger, {}, x_key=secret + "x")
    assert (refused.status, refused.body["code"]) == (401, "call-refused")
    assert "X-Key" in refused.body["detail"]
    assert call(trigger, {}, x_key=secret).status == 202
    assert secret not in json.dumps(Run.objects.get().payload)
    assert secret.encode() not in bytes(Trigger.objects.get().sealed)


def test_a_signature_is_checked_and_its_id_starts_one_run(triggered: Triggered, actor: Actor) -> None:
    trigger = triggered("webhook", check={"kind": "signature"})
    secret = make_secret(actor, trigger.id)
    now, body = datetime.now(UTC), '{"n": 1}'
    signed = {
        "webhook_id": "m-1",
        "webhook_timestamp": str(int(now.timestamp())),
        "webhook_signature": Webhook(secret).sign("m-1", now, body),
    }
    assert call(trigger, '{"n": 2}', **signed).status == 401
    first, again = call(trigger, body, **signed), call(trigger, body, **signed)
    assert (first.body["duplicate"], again.body["duplicate"]) == (False, True)
    assert first.body["run"] == again.body["run"]


def test_a_signature_in_a_header_of_its_own_and_basic_sign_in_work(triggered: Triggered, actor: Actor) -> None:
    own = triggered(
        "webhook", "own", check={"kind": "signature", "header": "X-Hub-Signature-256", "prefix": "sha256="}
    )
    digest = hmac.new(make_secret(actor, own.id).encode(), b"{}", hashlib.sha256).hexdigest()
    assert call(own, "{}", x_hub_signature_256=f"sha256={digest}").status == 202
    assert call(own, "{}", x_hub_signature_256="sha256=0").status == 401

    basic = triggered("webhook", "basic", check={"kind": "basic", "user": "shop"})
    pair = base64.b64encode(f"shop:{make_secret(actor, basic.id)}".encode()).decode()
    assert call(basic, "{}", authorization=f"Basic {pair}").status == 202
    assert call(basic, "{}").status == 401


@pytest.mark.usefixtures("minute")
def test_an_address_cannot_try_one_secret_after_another(triggered: Triggered, actor: Actor, settings: Any) -> None:
    settings.API_ANONYMOUS_REQUESTS_PER_MINUTE = 2
    trigger = triggered("webhook", check={"kind": "token"})
    secret = make_secret(actor, trigger.id)
    statuses = [
        call(trigger, {}, authorization=f"Bearer {number}", remote="203.0.113.5").status for number in range(6)
    ]
    assert statuses[0] == 401
    assert statuses[-1] == 429
    assert call(trigger, {}, authorization=f"Bearer {secret}", remote="203.0.113.5").status == 202, (
        "who knows the secret is not kept out"
    )


@pytest.mark.usefixtures("minute")
@pytest.mark.django_db(transaction=True)
def test_guesses_beyond_the_limit_are_judged_one_a_second(
    triggered: Triggered, actor: Actor, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.API_ANONYMOUS_REQUESTS_PER_MINUTE = 5
    trigger, other = triggered("webhook", check={"kind": "token"}), triggered("webhook", "o", check={"kind": "token"})
    secret = make_secret(actor, trigger.id)
    make_secret(actor, other.id)
    judged: list[float] = []
    verify = Check.verify

    def counted(check: Check, *args: Any) -> None:
        judged.append(time.monotonic())
        verify(check, *args)

    monkeypatch.setattr(Check, "verify", counted)

    def guess(number: int) -> Reply:
        return call(trigger, {}, authorization=f"Bearer {number}", remote="203.0.113.6")

    def guess_elsewhere(number: int) -> Reply:
        try:
            return guess(number)
        finally:
            connections.close_all()

    while guess(0).status != 429:
        pass
    judged.clear()
    began = time.monotonic()
    with ThreadPoolExecutor(8) as pool:
        replies = list(pool.map(guess_elsewhere, range(100)))
    took = time.monotonic() - began
    assert {reply.status for reply in replies} == {429}
    assert all(1 <= int(reply.headers["Retry-After"]) <= 60 for reply in replies)
    assert len(judged) <= took + 2, "however many are sent"
    right = call(trigger, {}, authorization=f"Bearer {secret}", remote="203.0.113.6")
    assert right.status == 202, "who knows the secret is not kept out"
    elsewhere = call(trigger, {}, authorization="Bearer x", remote="203.0.113.7")
    assert (elsewhere.status, call(other, {}, remote="203.0.113.6").status) == (401, 401)


@pytest.mark.pain(7)
def test_the_same_key_starts_one_run_and_a_missing_one_none(triggered: Triggered) -> None:
    trigger = triggered("webhook", key="=trigger.body.id")
    replies = [call(trigger, {"id": 5, "try": number}) for number in range(3)]
    assert [reply.status for reply in replies] == [202, 202, 202]
    assert len({reply.body["run"] for reply in replies}) == 1
    missing = call(trigger, {"other": 1})
    assert (missing.status, missing.body["code"]) == (422, "no-key")
    assert Run.objects.count() == 1


def test_ten_megabytes_of_junk_are_refused_unread(triggered: Triggered) -> None:
    trigger = triggered("webhook", max_kb=64)
    junk = b"\xff" * 10_000_000
    for length in (None, ""):
        reply = call(trigger, junk, length=length)
        assert (reply.status, reply.body["code"]) == (413, "too-large")
        assert "64 kB" in reply.body["detail"]
    assert Run.objects.count() == 0


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ('{"a": }', "line 1, column 7"),
        ('{"a": NaN}', "NaN"),
        (b'{"a": "\xff"}', "UTF-8: byte 8"),
        ("[" * 5000, "nested too deeply"),
        ('{"a": "\\u0000"}', "NUL"),
        ('{"a": "\\ud800"}', "surrogate"),
        ('{"a": 1e999}', "too large"),
        ("9" * 5000, "thousands of digits"),
    ],
)
def test_a_body_that_is_not_json_is_refused_with_its_place(triggered: Triggered, body: Any, said: str) -> None:
    reply = call(triggered("webhook"), body)
    assert (reply.status, reply.body["code"]) == (400, "bad-body")
    assert said in reply.body["detail"]
    assert Run.objects.count() == 0


def test_a_body_of_another_shape_is_refused_with_each_place(triggered: Triggered) -> None:
    shape = {
        "type": "object",
        "required": ["id"],
        "properties": {"id": {"type": "integer"}, "to": {"type": "string"}},
    }
    reply = call(triggered("webhook", input=shape), {"to": 5})
    assert reply.status == 422
    assert [(each["pointer"], each["detail"]) for each in reply.body["errors"]] == [
        ("/id", "This is missing."),
        ("/to", "The value must be text."),
    ]


def test_a_call_that_is_not_for_this_webhook_says_why(triggered: Triggered, actor: Actor) -> None:
    trigger = triggered("webhook", methods=["PUT"])
    assert call("nothing", {}).status == 404
    assert call(trigger, {}).headers["Allow"] == "PUT"
    assert call(trigger, b"12", method="PUT", length="90").body["code"] == "bad-body"
    switch(actor, "drawn", on=False)
    off = call(trigger, {}, method="PUT")
    assert (off.status, off.headers["Retry-After"]) == (503, "60")
    assert Run.objects.count() == 0


@pytest.mark.parametrize(
    ("kind", "body", "read"),
    [
        ("application/x-www-form-urlencoded", "a=1&a=2&b=x%20y", {"a": ["1", "2"], "b": "x y"}),
        ("text/plain", "hello", "hello"),
        ("", '{"a": 1}', {"a": 1}),
        ("application/vnd.shop+json", '{"a": 1}', {"a": 1}),
        ("text/csv", 'a;b\n1;"x\ny"\n\n2;z', [{"a": "1", "b": "x\ny"}, {"a": "2", "b": "z"}]),
        ("text/csv; charset=utf-8", "a,b\r\n1,2\r\n", [{"a": "1", "b": "2"}]),
        ("application/pdf", b"%PDF\xff", {"content_type": "application/pdf", "base64": "JVBERv8="}),
        ("application/json", "", None),
    ],
)
def test_a_body_is_read_by_its_content_type(kind: str, body: str | bytes, read: Any) -> None:
    data = body.encode() if isinstance(body, str) else body
    assert Call("POST", {"content-type": kind}, data).payload()["body"] == read


def test_numbers_are_kept_as_they_were_sent(triggered: Triggered) -> None:
    assert call(triggered("webhook"), '{"id": 12345678901234567890123}').status == 202
    assert Run.objects.get().payload["body"] == {"id": 12345678901234567890123}


@pytest.mark.pain(6)
def test_what_the_intake_remembers_is_never_older_than_the_settings(triggered: Triggered, actor: Actor) -> None:
    trigger = triggered("webhook", check={"kind": "token"})
    first = make_secret(actor, trigger.id)
    assert call(trigger, {}, authorization=f"Bearer {first}").status == 202
    second = make_secret(actor, trigger.id)
    assert call(trigger, {}, authorization=f"Bearer {first}").status == 401
    assert call(trigger, {}, authorization=f"Bearer {second}").status == 202
    triggered("webhook", check={"kind": "none"}, max_kb=1)
    assert call(trigger, {"pad": "x" * 1100}).status == 413
    assert call(trigger, {"pad": "x" * 900}).status == 202
    switch(actor, "drawn", on=False)
    assert call(trigger, {}).status == 503


@given(st.binary(max_size=200), st.sampled_from(["application/json", "text/plain", "", "image/png", "text/xml"]))
def test_any_body_is_read_or_refused_with_a_sentence(body: bytes, kind: str) -> None:
    try:
        read = json.dumps(Call("POST", {"content-type": kind}, body).payload())
    except BadCall as wrong:
        read = str(wrong)
    assert read.endswith(("}", "."))


def test_a_run_by_hand_is_held_to_the_form(actor: Actor, triggered: Triggered) -> None:
    from hub.api.errors import Invalid
    from workflows.services.runs import start_run

    shape = {"type": "object", "required": ["who"], "properties": {"who": {"type": "string"}}}
    triggered("manual", input=shape)
    with pytest.raises(Invalid) as refused:
        start_run(actor, "drawn", payload={"who": 5})
    assert refused.value.errors[0]["pointer"] == "/payload/who"
    start_run(actor, "drawn", payload={"who": "Amara"})
    work()
    assert RunStep.objects.get().state == "succeeded"


@pytest.mark.parametrize("reference", ["http://127.0.0.1:9/x.json", "#/nope", "other.json"])
@pytest.mark.parametrize("kind", ["webhook", "manual"])
def test_a_shape_that_refers_to_what_is_not_in_it_is_never_published_nor_fetched(
    triggered: Triggered, kind: str, reference: str
) -> None:
    from hub.api.errors import Invalid

    with pytest.raises(Invalid) as refused:
        triggered(kind, input={"type": "object", "properties": {"a": {"$ref": reference}}})
    assert reference in refused.value.errors[0]["detail"]


def test_a_shape_may_refer_to_its_own_parts(triggered: Triggered) -> None:
    trigger = triggered(
        "webhook", input={"$defs": {"n": {"type": "integer"}}, "properties": {"a": {"$ref": "#/$defs/n"}}}
    )
    assert (call(trigger, {"a": 1}).status, call(trigger, {"a": "x"}).status) == (202, 422)


def test_what_may_be_a_secret_in_a_header_or_the_address_is_not_kept(triggered: Triggered) -> None:
    call(triggered("webhook"), {}, query="token=q1&n=2", x_auth_token="h1", x_gitlab_token="h2", x_hub_signature="h3")
    payload = Run.objects.get().payload
    assert payload["query"] == {"n": "2"}
    assert not [name for name in payload["headers"] if name.startswith("x-")]


@pytest.mark.pain(6)
def test_a_webhook_answers_from_the_moment_on_in_which_it_is_switched_on(triggered: Triggered, actor: Actor) -> None:
    assert call("orders", {}).status == 404
    triggered("webhook", path="orders", on=False)
    assert call("orders", {}).status == 503, "it is there, and switched off"
    for _ in range(2):
        switch(actor, "drawn", on=True)
        assert call("orders", {}).status == 202
        switch(actor, "drawn", on=False)
        assert call("orders", {}).status == 503
    switch(actor, "drawn", on=True)
    triggered("webhook", path="deliveries")
    assert call("deliveries", {}).status == 202
    assert call("orders", {}).status == 404


@pytest.mark.pain(6)
def test_an_address_belongs_to_one_workflow_and_a_second_one_is_told_so(triggered: Triggered, actor: Actor) -> None:
    triggered("webhook", path="orders")
    with pytest.raises(Taken, match='"orders"'):
        triggered("webhook", slug="other", path="orders")
    assert call("orders", {}).status == 202
    assert Run.objects.get().workflow.slug == "drawn"


@pytest.mark.pain(7)
def test_a_newer_version_takes_the_place_of_the_older_one_at_once(triggered: Triggered) -> None:
    triggered("webhook", path="orders")
    triggered("webhook", path="orders", max_kb=5)
    assert call("orders", {}).status == 202
    assert list(Run.objects.values_list("version__number", flat=True)) == [2]
