"""Ways in which workflows come to be, by API, and what the list says of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from rest_framework.test import APIClient

from hub.accounts.access import Actor
from tests.workflows.drawing import drawn
from tests.workflows.engine.conftest import work
from workflows.models import Workflow
from workflows.services.runs import start_run
from workflows.services.workflows import create_workflow, publish, switch

pytestmark = pytest.mark.django_db
Api = Callable[..., APIClient]


def test_a_name_becomes_a_workflow_with_a_slug_of_its_own(api: Api, bob: Actor) -> None:
    made = [api(bob).post("/api/v1/workflows", {"name": "Neue Kollegen begrüßen"}).json()["slug"] for _ in range(2)]

    assert made == ["neue-kollegen-begruessen", "neue-kollegen-begruessen-2"]


def test_an_exported_workflow_is_imported_as_another_one(api: Api, bob: Actor) -> None:
    create_workflow(bob, slug="w", document=drawn("a -> b"))
    exported = api(bob).get("/api/v1/workflows/w").json()["draft"]

    imported = api(bob).post("/api/v1/workflows", {"document": exported}).json()

    assert imported["slug"] != "w"
    assert imported["draft"] == exported


@pytest.mark.parametrize("content", [{"document": [1]}, {"document": {"format": 1}}, {"name": " "}, {}])
def test_what_is_no_workflow_is_refused_in_words(api: Api, bob: Actor, content: Any) -> None:
    refused = api(bob).post("/api/v1/workflows", content)

    assert refused.status_code == 422
    assert not Workflow.objects.exists()


def test_a_copy_has_the_same_draft(api: Api, bob: Actor) -> None:
    create_workflow(bob, slug="w", document=drawn("a -> b"))

    copy = api(bob).post("/api/v1/workflows/w/duplicate").json()

    assert copy["name"].endswith("(copy)")
    assert [step["id"] for step in copy["draft"]["steps"]] == ["a", "b"]


def test_the_list_says_what_starts_a_workflow_when_next_and_how_it_last_went(api: Api, bob: Actor) -> None:
    daily = [{"id": "daily", "kind": "schedule", "settings": {"cron": "0 7 * * *"}}]
    create_workflow(bob, slug="w", document=drawn("a") | {"triggers": daily, "description": "Greets people."})
    [line] = api(bob).get("/api/v1/workflows").json()["items"]
    assert (line["description"], line["last_run"], line["next_at"]) == ("Greets people.", None, None)
    publish(bob, "w", revision=1)
    switch(bob, "w", on=True)
    start_run(bob, "w", payload={})
    work()

    [line] = api(bob).get("/api/v1/workflows").json()["items"]

    assert line["starts"] == ["schedule"]
    assert line["next_at"] is not None
    assert line["last_run"]["state"] == "succeeded"


def test_the_list_is_searched_and_narrowed(api: Api, bob: Actor) -> None:
    for slug in ("orders", "people"):
        create_workflow(bob, slug=slug, document=drawn("a") | {"name": slug.title()})

    def slugs(query: str) -> list[str]:
        return [each["slug"] for each in api(bob).get(f"/api/v1/workflows?{query}").json()["items"]]

    assert slugs("search=order") == ["orders"]
    assert slugs("active=true") == []
    assert slugs("active=false&search=PEO") == ["people"]


def test_a_workflow_out_of_service_is_started_by_nobody(api: Api, bob: Actor) -> None:
    create_workflow(bob, slug="w", document=drawn("a"))
    publish(bob, "w", revision=1)

    assert api(bob).post("/api/v1/workflows/w/retire").json()["published"] is None
    assert api(bob).post("/api/v1/workflows/w/runs", {}).status_code == 409
