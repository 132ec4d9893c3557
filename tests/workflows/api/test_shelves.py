"""Workflows are kept in folders, found by tags, thrown away and had back; and who has one open is known."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from rest_framework.test import APIClient

from hub.accounts.access import Actor
from tests.workflows.drawing import drawn
from workflows.services.workflows import create_workflow, publish

pytestmark = pytest.mark.django_db
Api = Callable[..., APIClient]
ALL = "/api/v1/workflows"


@pytest.fixture
def two(bob: Actor) -> None:
    for slug in ("one", "two"):
        create_workflow(bob, slug=slug, document=drawn("a", a={"kind": "transform", "settings": {"value": 1}}))
        publish(bob, slug, revision=1)


def slugs(client: APIClient, query: str = "") -> list[str]:
    return sorted(each["slug"] for each in client.get(f"{ALL}{query}").json()["items"])


def test_a_workflow_is_found_by_its_folder_and_its_tags(api: Api, bob: Actor, two: None) -> None:
    client = api(bob)
    answer = client.put(f"{ALL}/one/shelf", {"folder": " Print / Claims/", "tags": ["daily", " daily ", "print"]})
    assert (answer.json()["folder"], answer.json()["tags"]) == ("Print/Claims", ["daily", "print"])
    client.put(f"{ALL}/two/shelf", {"tags": ["daily"]})

    assert slugs(client, "?folder=Print") == ["one"]
    assert slugs(client, "?folder=Pri") == []
    assert slugs(client, "?tag=daily") == ["one", "two"]
    assert client.get("/api/v1/workflow-shelves").json() == {
        "folders": ["Print", "Print/Claims"], "tags": ["daily", "print"],
    }  # fmt: skip


def test_what_is_in_the_trash_runs_no_more_and_is_had_back_as_a_draft(api: Api, bob: Actor, two: None) -> None:
    client = api(bob)
    assert client.post(f"{ALL}/one/trash", {}).json()["published"] is None
    assert (slugs(client), slugs(client, "?trash=true")) == (["two"], ["one"])
    refused = client.post(f"{ALL}/one/publish", {"revision": 1})
    assert (refused.status_code, refused.json()["code"]) == (409, "in-the-trash")
    assert client.post(f"{ALL}/one/runs", {}).status_code == 409

    assert client.post(f"{ALL}/one/restore", {}).status_code == 200
    assert slugs(client) == ["one", "two"]
    assert client.post(f"{ALL}/one/publish", {"revision": 1}).status_code == 201


def test_who_else_has_a_draft_open_is_known_until_they_leave(api: Api, alice: Actor, bob: Actor, two: None) -> None:
    def present(who: Actor, **more: Any) -> Any:
        return api(who).post(f"{ALL}/one/presence", more).json()

    assert present(alice) == {"others": [], "revision": 1}
    assert present(bob)["others"] == [alice.name]
    assert present(alice)["others"] == [bob.name]
    present(bob, leaves=True)
    assert present(alice)["others"] == []
