"""What the designer asks the API for."""

from __future__ import annotations

from collections.abc import Callable

from rest_framework.test import APIClient

from hub.accounts.access import Actor
from tests.workflows.drawing import drawn
from tests.workflows.engine.conftest import work
from workflows.graph.graph import step_of
from workflows.graph.kinds import STEP_KINDS, undescribed

Api = Callable[..., APIClient]


def test_every_kind_is_described_and_its_ports_are_those_of_the_graph(api: Api, bob: Actor) -> None:
    shown = api(bob).get("/api/v1/kinds").json()

    assert undescribed() == set()
    assert {kind["name"] for kind in shown["steps"]} == {kind.name for kind in STEP_KINDS}
    for kind in shown["steps"]:
        settings = {kind["ports_from"]: [{"name": "a"}, {"name": "b"}]} if kind["ports_from"] else {}
        named = ["a", "b"] if kind["ports_from"] else []
        assert list(step_of({"id": "s", "kind": kind["name"], "settings": settings}).ports) == named + kind["ports"]


def test_an_expression_is_seen_with_the_data_of_a_run(api: Api, bob: Actor) -> None:
    client = api(bob)
    client.post("/api/v1/workflows", {"slug": "w", "document": drawn("a")})
    client.post("/api/v1/workflows/w/publish", {"revision": 1})
    run = client.post("/api/v1/workflows/w/runs", {"payload": {"name": "Amara"}}).json()["id"]
    work()

    seen = client.post("/api/v1/expressions/evaluate", {"value": "Dear {{ trigger.name }}", "run": run})
    laid = client.post("/api/v1/expressions/evaluate", {"value": "=trigger.n + 1", "scope": {"trigger": {"n": 1}}})
    wrong = client.post("/api/v1/expressions/evaluate", {"value": {"to": "=trigger.nme"}, "run": run})

    assert seen.json()["value"] == "Dear Amara"
    assert laid.json()["value"] == 2
    assert (wrong.status_code, wrong.json()["place"]) == (200, "to")
    assert "trigger.nme has no value here" in wrong.json()["error"]


def test_another_workspaces_run_lends_no_data(api: Api, bob: Actor, charlie: Actor) -> None:
    client = api(bob)
    client.post("/api/v1/workflows", {"slug": "w", "document": drawn("a")})
    client.post("/api/v1/workflows/w/publish", {"revision": 1})
    run = client.post("/api/v1/workflows/w/runs", {}).json()["id"]

    assert api(charlie).post("/api/v1/expressions/evaluate", {"value": "=1", "run": run}).status_code == 404


def test_versions_keep_their_document_message_and_author(api: Api, bob: Actor) -> None:
    client = api(bob)
    client.post("/api/v1/workflows", {"slug": "w", "document": drawn("a")})
    client.post("/api/v1/workflows/w/publish", {"revision": 1, "message": "First."})
    client.put("/api/v1/workflows/w", {"document": drawn("a -> b"), "revision": 1})
    client.post("/api/v1/workflows/w/publish", {"revision": 2})

    listed = client.get("/api/v1/workflows/w/versions").json()["items"]
    first = client.get("/api/v1/workflows/w/versions/1").json()

    assert [each["number"] for each in listed] == [2, 1]
    assert (listed[1]["message"], listed[1]["created_by"]) == ("First.", "Bob")
    assert [step["id"] for step in first["document"]["steps"]] == ["a"]
    assert client.get("/api/v1/workflows/w/versions/9").json()["code"] == "version-not-found"


def test_a_run_that_did_not_move_is_not_sent_again(api: Api, bob: Actor) -> None:
    client = api(bob)
    client.post("/api/v1/workflows", {"slug": "w", "document": drawn("a")})
    client.post("/api/v1/workflows/w/publish", {"revision": 1})
    run = client.post("/api/v1/workflows/w/runs", {}).json()["id"]

    first = client.get(f"/api/v1/runs/{run}")
    same = client.get(f"/api/v1/runs/{run}", HTTP_IF_NONE_MATCH=first["ETag"])
    work()
    moved = client.get(f"/api/v1/runs/{run}", HTTP_IF_NONE_MATCH=first["ETag"])

    assert (same.status_code, moved.status_code) == (304, 200)
    assert moved.json()["state"] == "succeeded"
