"""The buttons that make workflows, and the page they lead to."""

from __future__ import annotations

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from hub.accounts.access import Actor
from tests.workflows.drawing import drawn
from tests.workflows.engine.conftest import work
from workflows.models import Workflow
from workflows.services.runs import start_run
from workflows.services.workflows import create_workflow, publish

pytestmark = pytest.mark.django_db


@pytest.fixture
def browser(bob: Actor) -> Client:
    client = Client()
    assert bob.person is not None
    client.force_login(bob.person)
    return client


def test_a_name_becomes_a_workflow_and_leads_into_the_designer(browser: Client) -> None:
    first = browser.post("/new-workflow", {"name": "Neue Kollegen begrüßen"})
    second = browser.post("/new-workflow", {"name": "Neue Kollegen begrüßen"})

    assert first["Location"] == "/workflows/neue-kollegen-begruessen/design"
    assert second["Location"] == "/workflows/neue-kollegen-begruessen-2/design"


def test_an_exported_workflow_is_imported_as_another_one(browser: Client, bob: Actor) -> None:
    create_workflow(bob, slug="w", document=drawn("a -> b"))

    exported = browser.get("/workflows/w/export")
    file = SimpleUploadedFile("w.json", exported.content, "application/json")
    imported = browser.post("/new-workflow", {"document": file})

    made = Workflow.objects.get(slug=imported["Location"].split("/")[2])
    assert made.draft == json.loads(exported.content)


@pytest.mark.parametrize("content", [b"no json", b"[1]", b'{"format": 1}', b"\xff\xfe"])
def test_a_file_that_is_no_workflow_is_refused_in_words(browser: Client, content: bytes) -> None:
    refused = browser.post("/new-workflow", {"document": SimpleUploadedFile("x.json", content)}, follow=True)

    assert "Export one" in refused.content.decode() or "exported here" in refused.content.decode()
    assert not Workflow.objects.exists()


def test_a_copy_has_the_same_draft(browser: Client, bob: Actor) -> None:
    create_workflow(bob, slug="w", document=drawn("a -> b"))

    browser.post("/workflows/w/duplicate")

    copy = Workflow.objects.exclude(slug="w").get()
    assert copy.name.endswith("(copy)")
    assert [step["id"] for step in copy.draft["steps"]] == ["a", "b"]


def test_the_list_shows_how_the_last_run_ended(browser: Client, bob: Actor) -> None:
    create_workflow(bob, slug="w", document=drawn("a"))
    assert "never" in browser.get("/workflows").content.decode()
    publish(bob, "w", revision=1)
    start_run(bob, "w", payload={})
    work()

    assert "succeeded" in browser.get("/workflows").content.decode()
