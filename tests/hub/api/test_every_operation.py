"""What holds for every operation that the API's schema names, so that a new one cannot be forgotten."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from rest_framework.test import APIClient

from hub.accounts.access import Actor
from hub.accounts.roles import Role
from hub.audit.models import AuditEntry
from tests.people import join, make_person

pytestmark = pytest.mark.django_db
Api = Callable[..., APIClient]
SCHEMA = json.loads((Path(__file__).parents[3] / "docs/reference/api/openapi.json").read_text())
OPEN = {("post", "/api/v1/session"), ("get", "/api/v1/session"), ("delete", "/api/v1/session")}
"""Signing in and out."""
OF_ONESELF = re.compile(r"/(tokens|session|deputies|presence|evaluate|problems|check|preview|me|opt-outs|verify)\b")
ID = "01a231dc-a3f1-7705-ae2b-022fbcb59132"
NAMES = (ID, "x", "\x00", "ü" * 300, "../../etc/passwd", "%00", "' OR 1=1 --")
DEEP = json.loads("[" * 90 + "]" * 90)
BODIES: tuple[Any, ...] = (
    b"", b"[]", b"null", b'"text"', b"{", b"\xff\xfe", b'{"a": NaN}', b'{"a": 1e999}', b"[" * 5000,
)  # fmt: skip
VALUES: tuple[Any, ...] = (
    None,
    "",
    "\x00",
    "\ud800",
    "a" * 5000,
    -1,
    10**30,
    True,
    [],
    {},
    [[[]]],
    {"x": {"y": "\x00"}},
)


@pytest.fixture(autouse=True)
def unlimited(settings: Any) -> None:
    settings.API_REQUESTS_PER_MINUTE = settings.API_ANONYMOUS_REQUESTS_PER_MINUTE = 0


def operations() -> Iterator[tuple[str, str]]:
    for path, held in SCHEMA["paths"].items():
        yield from ((verb, path) for verb in held if verb in {"get", "post", "put", "patch", "delete"})


OPERATIONS = sorted(operations())


def address(path: str, name: str) -> str:
    return re.sub(r"\{[^}]+\}", lambda _: quote(name, safe=""), path)


def fields_of(verb: str, path: str) -> list[str]:
    """The names of what the body of an operation holds."""
    content = SCHEMA["paths"][path][verb].get("requestBody", {}).get("content", {})
    schema = content.get("application/json", {}).get("schema", {})
    if "$ref" in schema:
        schema = SCHEMA["components"]["schemas"][schema["$ref"].rsplit("/", 1)[1]]
    return list(schema.get("properties", {}))


def query_of(verb: str, path: str) -> list[str]:
    return [each["name"] for each in SCHEMA["paths"][path][verb].get("parameters", []) if each["in"] == "query"]


@pytest.mark.parametrize(("verb", "path"), OPERATIONS)
def test_nobody_does_it_without_signing_in(api: Api, alice: Actor, verb: str, path: str) -> None:
    if (verb, path) in OPEN:
        return
    answer = getattr(api(), verb)(address(path, ID), data={} if verb != "get" else None, format="json")
    is_of_other_shape = answer.status_code == 404 and answer.json()["title"] == "There is nothing here."
    assert answer.status_code == 401 or is_of_other_shape, answer.content


@pytest.mark.parametrize(("verb", "path"), OPERATIONS)
def test_whatever_is_sent_the_hub_makes_no_mistake(api: Api, alice: Actor, verb: str, path: str) -> None:
    client = api(alice)
    client.raise_request_exception = False
    wrong = []

    def send(where: str, body: bytes | None = None) -> None:
        more = {} if body is None else {"data": body, "content_type": "application/json"}
        answer = getattr(client, verb)(where, **more)
        if answer.status_code >= 500 and answer.status_code != 503:
            wrong.append((where, body, answer.status_code))

    for name in NAMES:
        send(address(path, name))
    for parameter in query_of(verb, path):
        for value in ("\x00", "ü" * 300, "-1", "9" * 40, "{}", ""):
            send(f"{address(path, ID)}?{parameter}={quote(value)}")
    if verb != "get":
        for body in BODIES:
            send(address(path, ID), body)
        for field in fields_of(verb, path):
            for value in VALUES:
                send(address(path, ID), json.dumps({field: value}).encode())
    assert wrong == []


@pytest.mark.parametrize(("verb", "path"), [each for each in OPERATIONS if each[0] != "get"])
def test_an_auditor_only_looks(api: Api, alice: Actor, verb: str, path: str) -> None:
    auditor = join(make_person("iris"), alice.workspace, [Role.AUDITOR])
    client = api(auditor)
    before = AuditEntry.objects.count()
    answer = getattr(client, verb)(address(path, ID), data={}, format="json")
    assert answer.status_code >= 400 or OF_ONESELF.search(path), answer.content
    assert AuditEntry.objects.count() == before or OF_ONESELF.search(path)


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"[" * 5000, "nested too deeply"),
        (b'{"name": ' + b"[" * 101 + b"]" * 101 + b"}", "nested too deeply"),
        (b'{"name": "\\ud800"}', "half a character (\\ud800"),
        (b'{"\\udc00": 1}', "half a character (\\udc00"),
    ],
)
def test_a_body_that_nothing_can_work_with_is_refused_with_the_reason(
    api: Api, alice: Actor, body: bytes, said: str
) -> None:
    answer = api(alice).post("/api/v1/workflows", data=body, content_type="application/json")
    assert answer.status_code in {400, 422}
    assert said in answer.json()["detail"]
