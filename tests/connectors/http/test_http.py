"""The HTTP connector against its sandbox, over real HTTP."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from connectors.http.actions.get import Get
from connectors.http.actions.get_pages import GetPages
from connectors.http.actions.send import Send
from connectors.http.auth import Auth
from connectors.http.client import HttpClient
from connectors.http.sandbox import Echo, connection
from hub.sdk import (
    Call,
    Effect,
    MemoryTokens,
    Misconfigured,
    Opening,
    Policy,
    Rejected,
    SignInRefused,
    TryLater,
    UnexpectedReply,
)
from hub.sdk.guarded import GuardedEgress
from hub.sdk.sandbox import FaultKind, Server, serve

CALL = Call(key="run-1/step-2", timeout_seconds=5)


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    with serve(Echo(tmp_path / "echo.sqlite")) as server:
        yield server


def _client(server: Server, **settings: Any) -> HttpClient:
    values = {**connection(server.app, server.base_url), **settings}
    egress = GuardedEgress(Policy(("127.0.0.1", "localhost")))
    return Auth().open(Auth.Settings.model_validate(values), Opening(egress, MemoryTokens()))


def _get(client: HttpClient, path: str = "/echo", **more: Any) -> Any:
    return Get().run(Get.Input(path=path, **more), client, CALL)


def _send(client: HttpClient, **more: Any) -> Any:
    return Send().run(Send.Input(path="/echo", **more), client, CALL)


SIGN_INS: list[dict[str, str]] = [
    {"sign_in": "basic", "username": "amara", "password": "sesame-of-amara"},
    {"sign_in": "bearer", "token": "bearer-of-the-sandbox"},
    {"sign_in": "key-in-header", "key_name": "X-Api-Key", "api_key": "key-of-the-sandbox"},
    {"sign_in": "key-in-query", "key_name": "api_key", "api_key": "key-of-the-sandbox"},
    {"sign_in": "oauth2"},
    {"sign_in": "oauth2", "client_in_form": "true", "scope": "items"},
]
SECRETS = ("password", "token", "api_key", "client_secret")


@pytest.mark.parametrize("sign_in", SIGN_INS, ids=lambda sign_in: "-".join(sign_in.values())[:30])
def test_each_sign_in_is_accepted_and_refused(server: Server, sign_in: dict[str, str]) -> None:
    assert "may read /whoami" in Auth().who_am_i(_client(server, **sign_in)).rights

    wrong = {**sign_in, **{name: "wr0ng" for name in SECRETS if name in sign_in or name == "client_secret"}}
    with pytest.raises(SignInRefused) as caught:
        Auth().who_am_i(_client(server, **wrong))
    assert "wr0ng" not in caught.value.message
    assert wrong[caught.value.field] == "wr0ng"


def test_a_service_without_sign_in_is_called_as_it_is(server: Server) -> None:
    server.app.change_settings(anyone=True)

    assert Auth().who_am_i(_client(server, sign_in="none")).name == "nobody in particular"


def test_a_sign_in_says_what_it_needs() -> None:
    with pytest.raises(ValidationError, match="This sign-in needs: User, Password"):
        Auth.Settings.model_validate({"base_url": "https://x.example", "sign_in": "basic"})


def _tokens_asked(server: Server) -> int:
    return sum("/token" in request["path"] for request in server.app.requests)


def test_one_token_serves_many_calls(server: Server) -> None:
    client = _client(server)
    for _ in range(3):
        _get(client)

    assert _tokens_asked(server) == 1


def test_a_token_that_ran_out_is_renewed_once(server: Server) -> None:
    client = _client(server)
    _get(client)
    server.app.faults.add(FaultKind.EXPIRED, path="*/echo", times=1)

    assert _get(client).status == 200
    assert _tokens_asked(server) == 2


def test_a_token_that_is_refused_twice_is_a_refused_sign_in(server: Server) -> None:
    client = _client(server)
    server.app.faults.add(FaultKind.EXPIRED, path="*/echo")

    with pytest.raises(SignInRefused):
        _get(client)
    assert _tokens_asked(server) == 2


def test_query_and_headers_arrive(server: Server) -> None:
    client = _client(server, headers={"X-Every": "1"})

    answer = _get(client, query={"a": "1", "b": ["2", "3"]}, headers={"X-Call": "2"})

    assert answer.json_body["query"] == {"a": ["1"], "b": ["2", "3"]}
    assert answer.json_body["headers"]["x-every"] == "1"
    assert answer.json_body["headers"]["x-call"] == "2"


def _b64(content: bytes) -> str:
    return base64.b64encode(content).decode()


@pytest.mark.parametrize(
    ("body", "kind", "content"),
    [
        ({"kind": "json", "document": {"a": [1, None]}}, "application/json", b'{"a": [1, null]}'),
        ({"kind": "json", "document": None}, "application/json", b"null"),
        ({"kind": "text", "text": "Grüße"}, "text/plain; charset=utf-8", "Grüße".encode()),
        ({"kind": "file", "file": {"content": _b64(b"\x00\xff")}}, "application/octet-stream", b"\x00\xff"),
        ({"kind": "none"}, None, b""),
    ],
)
def test_a_body_arrives_as_its_kind(server: Server, body: dict[str, Any], kind: str | None, content: bytes) -> None:
    seen = _send(_client(server), method="PUT", body=body).json_body

    assert seen["method"] == "PUT"
    assert seen["headers"].get("content-type") == kind
    assert base64.b64decode(seen["body"]) == content


def test_a_form_arrives(server: Server) -> None:
    seen = _send(_client(server), body={"kind": "form", "form": {"a": "1 2", "b": ["x", "y"]}}).json_body

    assert seen["form"] == {"a": ["1 2"], "b": ["x", "y"]}


def test_parts_arrive(server: Server) -> None:
    file = {"content": _b64(b"\x00data"), "content_type": "image/png"}
    parts = [{"name": "title", "value": "A"}, {"name": "picture", "file_name": "a.png", "file": file}]

    seen = _send(_client(server), body={"kind": "parts", "parts": parts}).json_body

    assert seen["form"] == {"title": ["A"]}
    assert seen["files"]["picture"] == {"name": "a.png", "type": "image/png", "base64": _b64(b"\x00data")}


def test_a_file_that_is_no_base64_is_named(server: Server) -> None:
    with pytest.raises(Misconfigured) as caught:
        _send(_client(server), body={"kind": "file", "file": {"content": "no base64!"}})

    assert caught.value.field == "body.file.content"
    assert server.app.writes() == []


def test_every_attempt_carries_the_same_key(server: Server) -> None:
    for _ in range(2):
        _send(_client(server), idempotency_header="Idempotency-Key")

    assert [write["target"] for write in server.app.writes()] == [CALL.key]


def test_reading_is_repeatable_and_sending_is_not() -> None:
    assert (Get.effect, GetPages.effect, Send.effect) == (Effect.NONE, Effect.NONE, Effect.ONCE)


def test_a_reply_is_json_text_or_bytes(server: Server) -> None:
    client = _client(server)

    assert _get(client, "/text").text == "Grüße"
    assert _get(client, "/bytes/3").base64 == _b64(b"\xff\xff\xff")
    assert _get(client, "/whoami").json_body == {"name": "lockgate"}
    head = _get(client, "/whoami", method="HEAD")
    assert (head.status, head.json_body) == (200, None)


def test_a_cookie_of_the_service_does_not_reach_the_run(server: Server) -> None:
    assert "s3cret" not in _get(_client(server), "/text").model_dump_json()


def test_a_busy_service_says_when_to_come_back(server: Server) -> None:
    client = _client(server)
    with pytest.raises(TryLater) as caught:
        _get(client, "/status/429", query={"retry_after": "30"})
    assert (caught.value.after_seconds, caught.value.sent) == (30.0, False)

    date = format_datetime(datetime.now(UTC) + timedelta(seconds=90), usegmt=True)
    with pytest.raises(TryLater) as caught:
        _get(client, "/status/503", query={"retry_after": date})
    assert caught.value.sent is True
    assert caught.value.after_seconds is not None
    assert 80 < caught.value.after_seconds <= 90


@pytest.mark.parametrize("wait", ["soon", "nan", "inf", "-5", ""])
def test_a_strange_retry_after_harms_nothing(server: Server, wait: str) -> None:
    with pytest.raises(TryLater) as caught:
        _get(_client(server), "/status/503", query={"retry_after": wait})

    assert caught.value.after_seconds in {None, 0.0}


@pytest.mark.parametrize(
    ("status", "missing", "exists"),
    [(400, False, False), (403, False, False), (404, True, False), (410, True, False), (409, False, True)],
)
def test_a_refusal_says_what_kind_it_is(server: Server, status: int, missing: bool, exists: bool) -> None:
    with pytest.raises(Rejected) as caught:
        _get(_client(server), f"/status/{status}")

    assert (caught.value.missing, caught.value.exists) == (missing, exists)
    assert caught.value.detail["status"] == status


def test_an_expected_status_is_no_error_and_another_is(server: Server) -> None:
    assert _get(_client(server), "/status/404", expected_statuses=[404]).status == 404
    with pytest.raises(UnexpectedReply, match="expected was 204"):
        _get(_client(server), "/whoami", expected_statuses=[204])


def test_a_cut_connection_may_have_done_it(server: Server) -> None:
    client = _client(server)
    _get(client)
    server.app.faults.add(FaultKind.DROP_AFTER, path="*/echo", times=1)
    with pytest.raises(TryLater) as caught:
        _send(client)

    assert caught.value.sent is True
    assert len(server.app.writes()) == 1


def test_a_stopped_service_has_surely_not_done_it(server: Server) -> None:
    client = _client(server)
    _get(client)
    server.stop()
    with pytest.raises(TryLater) as caught:
        _send(_client(server))

    assert caught.value.sent is False


def test_a_reply_that_is_broken_or_too_long_is_unexpected(server: Server) -> None:
    client = _client(server)
    with pytest.raises(UnexpectedReply, match="line 1"):
        _get(client, "/broken")
    with pytest.raises(UnexpectedReply, match="more than 10 bytes"):
        _get(client, "/bytes/11", max_bytes=10)


def test_a_reply_outside_its_schema_names_the_place_and_not_the_value(server: Server) -> None:
    schema = {"properties": {"name": {"type": "integer"}}}
    with pytest.raises(UnexpectedReply) as caught:
        _get(_client(server), "/whoami", response_schema=schema)

    assert "$.name" in caught.value.message
    assert "lockgate" not in caught.value.message


def test_a_schema_that_is_none_is_a_wrong_setting(server: Server) -> None:
    with pytest.raises(Misconfigured) as caught:
        _get(_client(server), "/whoami", response_schema={"type": "nonsense"})

    assert caught.value.field == "response_schema"


@pytest.mark.parametrize(
    "path",
    [
        "http://other.example/v1/echo",
        "//other.example/echo",
        "../admin",
        "/a/../../admin",
        "%2e%2e/admin",
        "http://[x",
    ],
)
def test_a_call_stays_below_the_base_address(server: Server, path: str) -> None:
    client = _client(server)
    try:
        url = client.url_of(path)
    except Misconfigured as trouble:
        assert trouble.field == "path"  # noqa: PT017
    else:
        assert url.startswith(f"{server.base_url}/v1/")


def test_a_whole_address_below_the_base_is_fine(server: Server) -> None:
    assert _get(_client(server), f"{server.base_url}/v1/whoami").status == 200


PAGINGS: list[dict[str, Any]] = [
    {"paging": "next-link"},
    {"paging": "next-link", "next_at": "nowhere"},  # The Link header.
    {"paging": "cursor", "next_at": "cursor"},
    {"paging": "page"},
    {"paging": "offset"},
    {"paging": "page", "size_parameter": "size", "page_size": 7},
    {"paging": "offset", "size_parameter": "size", "page_size": 25},
]


@pytest.mark.parametrize("paging", PAGINGS)
def test_a_list_is_read_to_its_last_page(server: Server, paging: dict[str, Any]) -> None:
    asked = GetPages.Input(path="/items", items_at="data.items", **paging)

    read = GetPages().run(asked, _client(server), CALL)

    assert [item["number"] for item in read.items] == list(range(25))
    assert read.complete


@pytest.mark.parametrize(("limit", "complete"), [(10, False), (12, False), (24, False), (25, True), (26, True)])
def test_a_limit_cuts_the_list_and_says_so(server: Server, limit: int, complete: bool) -> None:
    asked = GetPages.Input(path="/items", items_at="data.items", limit=limit)

    read = GetPages().run(asked, _client(server), CALL)

    assert (read.count, read.complete) == (min(limit, 25), complete)


def test_a_reply_without_a_list_is_unexpected(server: Server) -> None:
    with pytest.raises(UnexpectedReply, match=r"data\.rows"):
        GetPages().run(GetPages.Input(path="/items", items_at="data.rows"), _client(server), CALL)
