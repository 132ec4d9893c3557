"""Connections are tried by themselves: real sign-ins to the directory's sandbox."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.db import connections as database_lines
from django.utils import timezone

from connectors.otds.sandbox import create, describe
from hub.accounts.access import Actor
from hub.audit.models import AuditEntry
from hub.connections.looking_after import try_those_due
from hub.connections.models import Connection
from hub.connections.services import create_connection, update_connection
from hub.sdk.sandbox.server import Server
from workflows.services import halts

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def server(tmp_path: Path, settings: Any) -> Iterator[Server]:
    with Server(create({"data": str(tmp_path)}), "127.0.0.1", 0) as served:
        settings.EGRESS_ALLOW = (urlsplit(served.base_url).netloc,)
        yield served


@pytest.fixture
def directory(bob: Actor, server: Server) -> Connection:
    given = describe(server.app, server.base_url)["connection"]
    return create_connection(bob, name="Directory", slug="directory", connector="otds", settings=given)


def health(connection: Connection) -> tuple[str, str]:
    connection.refresh_from_db()
    return connection.health, connection.health_code


def test_a_new_connection_is_tried_and_then_left_for_a_while(directory: Connection) -> None:
    assert health(directory) == ("untested", "")
    assert try_those_due() == 1
    assert health(directory) == ("well", "")
    assert directory.identity
    assert try_those_due() == 0


def test_one_whose_service_is_away_is_tried_until_it_is_back(
    directory: Connection, server: Server, settings: Any
) -> None:
    settings.CONNECTION_TEST_SECONDS = 60
    settings.EGRESS_ALLOW = ()
    assert try_those_due() == 1
    assert health(directory)[0] == "failing"
    settings.EGRESS_ALLOW = (urlsplit(server.base_url).netloc,)
    Connection.objects.update(tested_at=timezone.now() - timedelta(seconds=61))
    assert try_those_due() == 1
    assert health(directory) == ("well", "")
    told = AuditEntry.objects.filter(verb="connection.tested").count()
    assert told == 2, "only what differs from the time before is told"


def test_one_whose_sign_in_was_refused_is_left_to_a_person(directory: Connection, bob: Actor) -> None:
    update_connection(bob, connection=directory.id, revision=directory.revision, settings={"client_secret": "wrong"})
    assert try_those_due() == 1
    assert health(directory) == ("failing", "sign-in-refused")
    Connection.objects.update(tested_at=timezone.now() - timedelta(days=1))
    assert try_those_due() == 0


@pytest.mark.parametrize("stopped", ["directory", ""])
def test_one_that_somebody_has_stopped_is_not_called(directory: Connection, alice: Actor, stopped: str) -> None:
    made = halts.halt(alice, reason="The service is being moved.", connection=stopped)
    assert try_those_due() == 0
    halts.lift(alice, made.id)
    halts.halt(alice, reason="Only look.", connection=stopped, writes_only=True)
    assert try_those_due() == 1


def test_of_two_schedulers_one_tries_it(directory: Connection) -> None:
    counts: list[int] = []
    start = threading.Barrier(2)

    def look() -> None:
        start.wait()
        counts.append(try_those_due())
        database_lines.close_all()

    both = [threading.Thread(target=look) for _ in range(2)]
    for each in both:
        each.start()
    for each in both:
        each.join()
    assert sorted(counts) == [0, 1]
    assert health(directory) == ("well", "")
