"""Workflows and runs by API, from a document to an answered run."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from rest_framework.test import APIClient

from hub.accounts.access import Actor
from hub.connections.models import Connection
from hub.vault import seal
from tests.shop_connector.service import Shop
from tests.workflows.drawing import drawn
from tests.workflows.engine.conftest import act, work

Api = Callable[..., APIClient]


@pytest.fixture
def shop_connection(bob: Actor, the_shop: Shop) -> Connection:
    made = Connection(workspace=bob.workspace, name="Shop", slug="shop", connector="shop")
    made.sealed = seal({"token": "t-123456"}, made.place)
    made.save()
    return made


def test_a_document_becomes_a_run(api: Api, bob: Actor, shop_connection: Connection, the_shop: Shop) -> None:
    client = api(bob)
    document = drawn("a -> b", b=act("put", "{{ trigger.what }}"))

    made = client.post("/api/v1/workflows", {"slug": "orders", "document": document})
    assert made.status_code == 201, made.json()
    assert client.get("/api/v1/workflows/orders/problems").json() == {"problems": []}
    assert client.post("/api/v1/workflows/orders/publish", {"revision": 1}).json()["number"] == 1
    started = client.post("/api/v1/workflows/orders/runs", {"payload": {"what": "ink"}})
    assert started.status_code == 202
    work()

    run = client.get(f"/api/v1/runs/{started.json()['id']}").json()
    assert run["state"] == "succeeded"
    assert [(step["step"], step["state"], len(step["attempts"])) for step in run["steps"]] == [
        ("a", "succeeded", 0),
        ("b", "succeeded", 1),
    ]
    assert the_shop.written == [("put", "ink")]
    assert client.get("/api/v1/runs?state=succeeded").json()["items"][0]["id"] == run["id"]


@pytest.mark.parametrize("document", [[], "junk", {"format": 1}, drawn("a", a=act("nothing")), drawn("a -> b -> a")])
def test_a_broken_document_is_never_published(api: Api, bob: Actor, the_shop: Shop, document: Any) -> None:
    client = api(bob)
    made = client.post("/api/v1/workflows", {"slug": "w", "document": document})
    if made.status_code == 201:
        refused = client.post("/api/v1/workflows/w/publish", {"revision": 1})
        assert refused.status_code == 422
        assert all(error["pointer"].startswith("/document") for error in refused.json()["errors"])
    else:
        assert made.status_code == 422


def test_a_stale_save_is_a_conflict_that_shows_the_current_draft(api: Api, bob: Actor) -> None:
    client = api(bob)
    client.post("/api/v1/workflows", {"slug": "w", "document": drawn("a")})
    client.put("/api/v1/workflows/w", {"document": drawn("b"), "revision": 1})

    stale = client.put("/api/v1/workflows/w", {"document": drawn("c"), "revision": 1})

    assert stale.status_code == 409
    assert (stale.json()["code"], stale.json()["revision"]) == ("stale", 2)
    assert stale.json()["draft"]["steps"][0]["id"] == "b"


def test_another_workspace_finds_nothing(api: Api, bob: Actor, charlie: Actor) -> None:
    api(bob).post("/api/v1/workflows", {"slug": "w", "document": drawn("a")})
    api(bob).post("/api/v1/workflows/w/publish", {"revision": 1})
    run = api(bob).post("/api/v1/workflows/w/runs", {}).json()["id"]

    theirs = api(charlie)
    for address in ("workflows/w", "workflows/w/problems", f"runs/{run}", "runs/not-an-id"):
        assert theirs.get(f"/api/v1/{address}").status_code == 404
    for address in (f"runs/{run}/cancel", f"runs/{run}/retry", "workflows/w/runs", "workflows/w/publish"):
        assert theirs.post(f"/api/v1/{address}", {"revision": 1} if "publish" in address else {}).status_code == 404
    assert theirs.get("/api/v1/runs").json()["items"] == []


def test_a_document_nested_beyond_reason_is_refused_and_not_stored(api: Api, bob: Actor) -> None:
    deep: Any = "bottom"
    for _ in range(300):
        deep = [deep]

    refused = api(bob).post("/api/v1/workflows", {"slug": "deep", "document": drawn("a") | {"description": deep}})

    assert (refused.status_code, refused.json()["code"]) == (422, "too-deep")


def test_triggers_are_switched_on_shown_and_given_secrets(api: Api, bob: Actor, charlie: Actor) -> None:
    client = api(bob)
    hook = {"id": "call", "kind": "webhook", "settings": {"check": {"kind": "token"}}}
    daily = {"id": "daily", "kind": "schedule", "settings": {"cron": "0 7 * * *", "zone": "Europe/Berlin"}}
    client.post("/api/v1/workflows", {"slug": "w", "document": drawn("a") | {"triggers": [hook, daily]}})
    assert client.post("/api/v1/workflows/w/switch", {"on": True}).json()["code"] == "not-published"
    client.post("/api/v1/workflows/w/publish", {"revision": 1})
    assert client.post("/api/v1/workflows/w/switch", {"on": True}).json()["is_active"] is True

    call, schedule = sorted(client.get("/api/v1/workflows/w/triggers").json()["items"], key=lambda row: row["name"])
    assert call["address"].startswith("http")
    assert (call["has_secret"], len(schedule["schedule"]["fires"])) == (False, 10)
    assert schedule["schedule"]["fires"][0] == schedule["due_at"]
    secret = client.post(f"/api/v1/triggers/{call['id']}/secret").json()["secret"]
    again = client.get("/api/v1/workflows/w/triggers")
    assert secret not in again.content.decode()
    assert client.post(f"/api/v1/triggers/{schedule['id']}/secret").json()["code"] == "no-check"
    assert client.post(f"/api/v1/triggers/{schedule['id']}/reset").json()["code"] == "not-an-event"
    assert api(charlie).post(f"/api/v1/triggers/{call['id']}/secret").status_code == 404


def test_a_schedule_is_previewed_before_it_is_saved(api: Api, bob: Actor) -> None:
    client = api(bob)
    shown = client.post("/api/v1/schedules/preview", {"settings": {"every_seconds": 90}}).json()
    assert (shown["words"], len(shown["fires"])) == ("Every 90 seconds", 10)
    wrong = client.post("/api/v1/schedules/preview", {"settings": {"cron": "never"}})
    assert wrong.json()["errors"][0]["pointer"] == "/settings/cron"


def test_what_happened_to_one_person_is_asked_by_their_key(api: Api, bob: Actor, charlie: Actor) -> None:
    client = api(bob)
    document = drawn("a") | {"keys": {"person": "=trigger.who"}}
    client.post("/api/v1/workflows", {"slug": "w", "document": document})
    client.post("/api/v1/workflows/w/publish", {"revision": 1})
    for who in ("Mara", "Ben"):
        client.post("/api/v1/workflows/w/runs", {"payload": {"who": who}})
    work()

    assert client.get("/api/v1/keys").json() == {"keys": [{"name": "person", "workflows": ["w"]}]}
    assert client.get("/api/v1/keys/person/values?search=m").json() == {"values": ["Mara"]}
    (chapter,) = client.get("/api/v1/keys/person/timeline?value=mara").json()["items"]
    assert chapter["run"]["keys"] == {"person": ["Mara"]}
    assert [run["id"] for run in client.get("/api/v1/runs?search=mar").json()["items"]] == [chapter["run"]["id"]]
    assert client.get("/api/v1/keys/person/timeline").status_code == 400
    assert api(charlie).get("/api/v1/runs?key=person&value=mara").json()["items"] == []
    assert api(charlie).get("/api/v1/keys/person/timeline?value=mara").json()["items"] == []
    assert api(charlie).get("/api/v1/keys").json() == {"keys": []}
