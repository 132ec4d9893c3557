"""What every test may use."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection as database

from hub.operations.local.postgres import Postgres
from hub.operations.local.valkey import Valkey
from tests.echo import connection, service, sign_in
from tests.people import alice, api, bob, charlie, elsewhere, team
from workflows import leases

__all__ = ["alice", "api", "bob", "charlie", "connection", "elsewhere", "service", "sign_in", "team"]


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: pytest.FixtureRequest) -> Iterator[None]:
    """Tests that commit empty the tables afterwards; the audit trail and the evidence refuse that everywhere else."""
    with django_db_blocker.unblock(), database.cursor() as cursor:  # type: ignore[attr-defined]
        cursor.execute("ALTER TABLE audit_auditentry DISABLE TRIGGER audit_no_truncate")
        cursor.execute("ALTER TABLE audit_evidence DISABLE TRIGGER evidence_no_truncate")
    yield
    with django_db_blocker.unblock(), database.cursor() as cursor:  # type: ignore[attr-defined]
        # Threads of a live server keep their connections, and a database that is used cannot be dropped.
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )


@pytest.fixture(autouse=True)
def _leases(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """No lease outlives its test, and a database that was started just now delays nothing."""
    monkeypatch.setattr(leases, "GRACE_SECONDS", 0)
    yield
    leases.keeper.let_go_of_all()


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
