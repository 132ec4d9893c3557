"""A process says that it is ready only when it can do its work."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.db.utils import OperationalError
from django.test import Client

from hub.operations import health

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _just_started(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "_up_to_date", False)


def test_it_is_ready_when_the_database_is_there_and_up_to_date() -> None:
    assert Client().get("/health/ready").status_code == 200


def test_before_every_migration_is_applied_it_is_not_ready_and_says_when_to_ask_again() -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'watch'")
    reply = Client().get("/health/ready")
    assert (reply.status_code, reply["Retry-After"]) == (503, "2")
    assert "manage.py prepare" in reply.json()["reason"]
    assert Client().get("/health/live").status_code == 200


def test_without_its_database_it_is_alive_but_not_ready(monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*_: Any, **__: Any) -> None:
        raise OperationalError

    monkeypatch.setattr(connection, "cursor", away)
    monkeypatch.setattr(connection, "close", lambda: None)
    reply = Client().get("/health/ready")
    assert (reply.status_code, reply["Retry-After"]) == (503, "2")
    assert Client().get("/health/live").status_code == 200
