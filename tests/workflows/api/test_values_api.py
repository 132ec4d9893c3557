"""The values of runs by API: large ones in pages, personal ones only for those who may, and said in the trail."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from rest_framework.test import APIClient

from hub.accounts.access import Actor
from hub.audit.models import AuditEntry
from tests.people import join, make_person
from tests.workflows.drawing import drawn
from tests.workflows.engine.conftest import work
from workflows.models import Run
from workflows.services.runs import start_run
from workflows.services.workflows import create_workflow, publish

Client = Callable[..., APIClient]
ROWS = "=[1..3000].{'id': $, 'text': 'some room for it'}"
MAIL = "ada.lovelace@example.com"
SECRET = "hunter2-hunter2"


@pytest.fixture
def run(alice: Actor) -> Run:
    steps: dict[str, Any] = {
        "rows": {"kind": "transform", "settings": {"value": {"all": ROWS}}},
        "hello": {"kind": "transform", "settings": {"value": "Dear {{ trigger.mail }}, {{ trigger.code }}"}},
    }  # fmt: skip
    privacy = [{"path": "$.mail", "class": "personal"}, {"path": "$.code", "class": "secret"}]
    document = drawn("rows -> hello", **steps) | {"privacy": privacy}
    create_workflow(alice, slug="drawn", document=document)
    publish(alice, "drawn", revision=1)
    made = start_run(alice, "drawn", payload={"mail": MAIL, "code": SECRET})
    work()
    return made


def test_a_run_shows_the_beginning_and_the_rest_comes_in_pages(api: Client, alice: Actor, run: Run) -> None:
    client = api(alice)
    shown = client.get(f"/api/v1/runs/{run.id}")
    step = next(each for each in shown.json()["steps"] if each["step"] == "rows")

    assert len(shown.content) < 20_000
    assert len(step["output"]["all"]) == 5
    part = next(each for each in step["large"] if each["field"] == "output")
    assert (part["at"], part["kind"], part["count"]) == (["all"], "list", 3000)

    url = f"/api/v1/runs/{run.id}/steps/rows/large"
    page = client.get(url, {"at": "all", "offset": "2990", "limit": "7"}).json()
    assert [each["id"] for each in page["items"]] == list(range(2991, 2998))
    assert page["next_offset"] == 2997
    assert client.get(url, {"at": "all", "offset": "2997", "limit": "7"}).json()["next_offset"] is None
    assert client.get(url, {"at": "none"}).status_code == 404


def test_nobody_reads_large_values_of_another_workspace(api: Client, charlie: Actor, run: Run) -> None:
    assert api(charlie).get(f"/api/v1/runs/{run.id}/steps/rows/large", {"at": "all"}).status_code == 404


def test_the_api_shows_masks(api: Client, alice: Actor, run: Run) -> None:
    shown = api(alice).get(f"/api/v1/runs/{run.id}")
    assert MAIL not in shown.content.decode()
    assert SECRET not in shown.content.decode()
    assert shown.json()["payload"] == {"mail": "[personal]", "code": "[hidden]"}
    assert shown.json()["is_masked"]


def test_whoever_may_sees_what_is_personal_and_nobody_what_is_secret(api: Client, alice: Actor, run: Run) -> None:
    operator = join(make_person("olga"), alice.workspace, ["operator"])
    seen = api(operator).post(f"/api/v1/runs/{run.id}/reveal", {"reason": "The customer called"})

    assert seen.status_code == 200, seen.json()
    assert seen.json()["payload"] == {"mail": MAIL, "code": "[hidden]"}
    assert SECRET not in seen.content.decode()
    entry = AuditEntry.objects.get(verb="run.revealed")
    assert (entry.actor_id, entry.detail) == (operator.id, {"reason": "The customer called"})


def test_builders_approvers_and_auditors_do_not(api: Client, alice: Actor, run: Run) -> None:
    for role in ("builder", "approver", "auditor"):
        person = join(make_person(role), alice.workspace, [role])
        assert api(person).post(f"/api/v1/runs/{run.id}/reveal", {"reason": "x"}).status_code == 403
    assert not AuditEntry.objects.filter(verb="run.revealed").exists()
