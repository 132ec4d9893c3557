"""A backup by `pg_dump`, restored into an empty database: everything is there, opens, and is still guarded."""

from __future__ import annotations

import subprocess
from pathlib import Path

import psycopg
import pytest
from django.db import connection

from hub.accounts.access import Actor
from hub.audit import record
from hub.connections.models import Connection
from hub.operations.local.postgres import binaries
from hub.vault import seal, unseal
from tests.workflows.conftest import the_shop
from tests.workflows.engine.conftest import act, actor, started, work
from workflows.models import Run

__all__ = ["actor", "started", "the_shop"]
RESTORED = "restored_by_the_tests"
TABLES = ("workflows_run", "workflows_runstep", "workflows_attempt", "audit_auditentry", "connections_connection",
          "django_migrations", "workflows_version")  # fmt: skip


@pytest.mark.django_db(transaction=True)
def test_what_was_dumped_is_restored_whole_opens_and_stays_guarded(
    actor: Actor, started: object, tmp_path: Path
) -> None:
    run: Run = started("a -> b", b=act("put"))  # type: ignore[operator]
    work()
    held = Connection.objects.get()
    record(actor, "connection.changed", held)
    held.sealed = seal({"token": "t-998877"}, held.place)
    held.save()
    server = ["-h", connection.settings_dict["HOST"], "-U", connection.settings_dict["USER"]]
    dump = tmp_path / "lockgate.dump"
    name = str(connection.settings_dict["NAME"])
    _run("pg_dump", *server, "--format=custom", f"--file={dump}", name)
    _sql(server, "postgres", f"DROP DATABASE IF EXISTS {RESTORED}")
    _sql(server, "postgres", f"CREATE DATABASE {RESTORED}")
    try:
        _run("pg_restore", *server, "--exit-on-error", "--single-transaction", f"--dbname={RESTORED}", str(dump))
        with psycopg.connect(host=server[1], user=server[3], dbname=RESTORED, autocommit=True) as restored:
            for table in TABLES:
                [(there,)] = restored.execute(f"SELECT count(*) FROM {table}").fetchall()
                with connection.cursor() as cursor:
                    cursor.execute(f"SELECT count(*) FROM {table}")
                    assert cursor.fetchone() == (there,), table
            [(state,)] = restored.execute("SELECT state FROM workflows_run WHERE id = %s", [run.id]).fetchall()
            assert state == "succeeded"
            [(sealed,)] = restored.execute("SELECT sealed FROM connections_connection").fetchall()
            assert unseal(bytes(sealed), held.place) == {"token": "t-998877"}
            with pytest.raises(psycopg.Error, match=r"(?i)audit"):
                restored.execute("UPDATE audit_auditentry SET verb = 'something.else'")
    finally:
        _sql(server, "postgres", f"DROP DATABASE IF EXISTS {RESTORED} WITH (FORCE)")


def _run(tool: str, *arguments: str) -> None:
    done = subprocess.run([str(binaries() / tool), *arguments], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def _sql(server: list[str], database: str, statement: str) -> None:
    with psycopg.connect(host=server[1], user=server[3], dbname=database, autocommit=True) as line:
        line.execute(statement)
