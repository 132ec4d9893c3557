"""What moves is told as it moves, to whoever may see it."""

from __future__ import annotations

import json
import urllib.request
from collections.abc import Callable, Iterator
from http.client import HTTPResponse
from typing import Any

import pytest
from django.db import InterfaceError
from rest_framework.test import APIClient

from hub.accounts.access import Actor
from hub.accounts.roles import Role
from hub.accounts.tokens import make_token
from tests.workflows.drawing import drawn
from tests.workflows.engine.conftest import work
from workflows.services.moving import watch
from workflows.services.runs import start_run
from workflows.services.workflows import create_workflow, publish

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def streams(live_server: Any) -> Iterator[Callable[[Actor], HTTPResponse]]:
    """Opens streams, and sees that all have ended before the tables are emptied."""
    opened: list[HTTPResponse] = []

    def follow(actor: Actor) -> HTTPResponse:
        _, text = make_token(actor, name="live", roles=list(Role), expires_at=None)
        asked = urllib.request.Request(f"{live_server.url}/api/v1/live", headers={"Authorization": f"Bearer {text}"})
        opened.append(urllib.request.urlopen(asked, timeout=20))
        return opened[-1]

    yield follow
    for each in opened:
        each.close()
    while watch.is_looking():
        watch.tell_all()


def _told(stream: HTTPResponse) -> list[dict[str, str]]:
    """The next thing that is told."""
    for line in stream:
        if line.startswith(b"data: "):
            told: list[dict[str, str]] = json.loads(line[6:])
            return told
    raise AssertionError("The stream ended.")


def test_a_run_that_starts_and_one_that_moves_are_told(
    streams: Callable[[Actor], HTTPResponse], alice: Actor
) -> None:
    create_workflow(alice, slug="w", document=drawn("a"))
    publish(alice, "w", revision=1)
    stream = streams(alice)

    run = start_run(alice, "w", payload={})

    assert {"of": "run", "id": str(run.id)} in _told(stream)
    work()
    assert {"of": "run", "id": str(run.id)} in _told(stream)


def test_what_moves_in_another_workspace_is_not_told(
    streams: Callable[[Actor], HTTPResponse], alice: Actor, charlie: Actor
) -> None:
    stream = streams(charlie)

    create_workflow(alice, slug="w", document=drawn("a"))
    create_workflow(charlie, slug="theirs", document=drawn("a"))

    told = _told(stream)
    assert {each["of"] for each in told} <= {"workflow", "token"}
    assert len([each for each in told if each["of"] == "workflow"]) == 1


def test_a_hub_without_room_for_another_stream_says_so(
    api: Callable[..., APIClient], alice: Actor, settings: Any
) -> None:
    settings.LIVE_STREAMS = 0

    refused = api(alice).get("/api/v1/live")

    assert refused.status_code == 503
    assert refused.json()["code"] == "no-stream-free"
    assert refused["Retry-After"] == "30"


def test_nobody_follows_a_workspace_that_is_not_theirs(alice: Actor, charlie: Actor, client: Any) -> None:
    assert charlie.person is not None
    client.force_login(charlie.person)

    assert client.get("/api/v1/live?workspace=team").status_code == 404


def test_a_trouble_of_any_kind_is_no_end_to_looking(
    streams: Callable[[Actor], HTTPResponse], alice: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    troubles, look = [InterfaceError("closed"), RuntimeError("anything")], watch._look_once

    def looked() -> None:
        if troubles:
            raise troubles.pop()
        look()

    monkeypatch.setattr(watch, "_look_once", looked)
    create_workflow(alice, slug="w", document=drawn("a"))
    publish(alice, "w", revision=1)
    stream = streams(alice)

    run = start_run(alice, "w", payload={})

    assert {"of": "run", "id": str(run.id)} in _told(stream)
