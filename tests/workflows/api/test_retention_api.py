"""Retention by API."""

from __future__ import annotations

from collections.abc import Callable

from rest_framework.test import APIClient

from hub.accounts.access import Actor
from tests.people import join, make_person
from tests.workflows.drawing import drawn
from workflows.services.workflows import create_workflow

Client = Callable[..., APIClient]
URL = "/api/v1/retention"


def test_rules_are_set_and_shown(api: Client, alice: Actor) -> None:
    create_workflow(alice, slug="orders", document=drawn("one"))
    client = api(alice)

    client.put(URL, {"what": "runs", "days": 365})
    seen = client.put(URL, {"what": "data", "days": 30, "workflow": "orders"}).json()

    assert {each["what"]: each["days"] for each in seen["kept"]} == {
        "runs": 365, "data": None, "bodies": None, "logs": None, "messages": None, "notices": None,
    }  # fmt: skip
    (line,) = seen["workflows"]
    assert line["kept"][:2] == [
        {"what": "runs", "days": 365, "said_by": "workspace"},
        {"what": "data", "days": 30, "said_by": "workflow"},
    ]
    assert client.get("/api/v1/workflows/orders/retention").json()["kept"] == line["kept"]


def test_what_cannot_be_kept_so_is_refused_with_the_field(api: Client, alice: Actor) -> None:
    create_workflow(alice, slug="orders", document=drawn("one"))
    client = api(alice)
    for given, pointer in (
        ({"what": "everything", "days": 1}, "/what"),
        ({"what": "runs", "days": 0}, "/days"),
        ({"what": "notices", "days": 1, "workflow": "orders"}, "/what"),
    ):
        refused = client.put(URL, given)
        assert refused.status_code == 422, refused.json()
        assert [each["pointer"] for each in refused.json()["errors"]] == [pointer]
    assert client.put(URL, {"what": "runs", "days": 1, "workflow": "nobody"}).status_code == 404


def test_a_hold_is_placed_listed_and_lifted_with_reasons(api: Client, alice: Actor) -> None:
    client = api(alice)
    assert client.post(f"{URL}/holds", {"key": "C-17"}).status_code == 422, "a reason is needed"

    placed = client.post(f"{URL}/holds", {"key": "C-17", "since": "2026-01-01", "reason": "Lawsuit 4"})
    assert placed.status_code == 201, placed.json()
    lifted = client.post(f"{URL}/holds/{placed.json()['id']}/lift", {"reason": "Settled"}).json()

    assert (lifted["lifted_by_name"], lifted["lifted_because"]) == (lifted["placed_by_name"], "Settled")
    assert [each["reason"] for each in client.get(f"{URL}/holds").json()["items"]] == ["Lawsuit 4"]


def test_nobody_sees_holds_of_another_workspace(api: Client, alice: Actor, charlie: Actor) -> None:
    placed = api(alice).post(f"{URL}/holds", {"reason": "Lawsuit 4"}).json()

    assert api(charlie).get(f"{URL}/holds").json()["items"] == []
    assert api(charlie).post(f"{URL}/holds/{placed['id']}/lift", {"reason": "x"}).status_code == 404


def test_a_builder_sees_but_does_not_set(api: Client, alice: Actor, bob: Actor) -> None:
    assert api(bob).get(URL).status_code == 200
    assert api(bob).put(URL, {"what": "runs", "days": 1}).status_code == 403
    assert api(bob).post(f"{URL}/holds", {"reason": "x"}).status_code == 403
    approver = join(make_person("ann"), alice.workspace, ["approver"])
    assert api(approver).get(URL).status_code == 403
