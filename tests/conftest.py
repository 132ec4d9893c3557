"""What every test may use."""

from __future__ import annotations

import itertools
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection as database
from django.test import TransactionTestCase, override_settings

from hub.api import counting
from hub.operations.local.postgres import Postgres
from hub.operations.local.valkey import Valkey
from tests.echo import connection, service, sign_in
from tests.emptying import empty_the_tables
from tests.people import alice, api, bob, charlie, elsewhere, team
from workflows import leases

__all__ = ["alice", "api", "bob", "charlie", "connection", "elsewhere", "service", "sign_in", "team"]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The files that take longest come first, so that of several test processes none is busy alone at the end."""
    costs: Counter[Path] = Counter()
    for item in items:
        costs[item.path] += _cost(item)
    items.sort(key=lambda item: -costs[item.path])


def _cost(item: pytest.Item) -> int:
    """About how many times as long as an ordinary test."""
    if item.get_closest_marker("durability"):
        return 1000
    if item.get_closest_marker("browser"):
        return 100
    return 5 if "sandboxed" in getattr(item, "fixturenames", ()) else 1


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: pytest.FixtureRequest) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", lambda self: empty_the_tables())
        yield
    with django_db_blocker.unblock(), database.cursor() as cursor:  # type: ignore[attr-defined]
        # Threads of a live server keep their connections, and a database that is used cannot be dropped.
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )


@pytest.fixture(autouse=True, scope="session")
def _settings() -> Iterator[None]:
    """Hashing a password is slow on purpose. On a busy machine Valkey is not away, but slow."""
    caches = {"default": settings.CACHES["default"] | {"OPTIONS": {"socket_timeout": 20}}}
    with override_settings(PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"], CACHES=caches):
        yield


@pytest.fixture(autouse=True)
def _leases(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """No lease outlives its test, and a database that was started just now delays nothing."""
    monkeypatch.setattr(leases, "GRACE_SECONDS", 0)
    yield
    leases.keeper.let_go_of_all()


_hours = itertools.count(1)


@dataclass
class StillClock:
    """Of what is counted by the minute: it moves when a test moves it."""

    now: float

    def time(self) -> float:
        return self.now


@pytest.fixture
def minute(monkeypatch: pytest.MonkeyPatch) -> StillClock:
    """Nothing was counted yet in this minute, which does not turn by itself."""
    clock = StillClock((time.time() // 3600 + next(_hours)) * 3600 + 30)
    monkeypatch.setattr(counting, "time", clock)
    return clock


@pytest.fixture
def live_postgres() -> Iterator[Postgres]:
    """A durable server of the test's own, to be killed."""
    with tempfile.TemporaryDirectory(prefix="lgp-", ignore_cleanup_errors=True) as folder:
        server = Postgres(Path(folder) / "pg", Path(folder) / "r", Path(folder) / "log")
        server.start()
        yield server
        server.stop()


@pytest.fixture
def live_valkey() -> Iterator[Valkey]:
    """A server of the test's own, to be killed."""
    with tempfile.TemporaryDirectory(prefix="lgv-", ignore_cleanup_errors=True) as folder:
        server = Valkey(Path(folder) / "vk", Path(folder) / "r", Path(folder) / "log")
        server.start()
        yield server
        server.stop()
