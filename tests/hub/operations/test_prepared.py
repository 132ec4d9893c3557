"""A later start brings the database up to date only where that was not done, by this code, before."""

from __future__ import annotations

from pathlib import Path

import psycopg
import pytest
from django.contrib.auth.hashers import make_password
from django.db import connection

from hub.accounts.models import Person
from hub.operations.prepared import Prepared

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def prepared(tmp_path: Path) -> Prepared:
    migrations = tmp_path / "workflows" / "migrations"
    migrations.mkdir(parents=True)
    (migrations / "0001_initial.py").write_text("tables = 1")
    Person.objects.create(username="root", is_superuser=True, password=make_password(None))
    its = connection.get_connection_params()
    url = psycopg.conninfo.make_conninfo(
        **{key: its[key] for key in ("host", "port", "user", "dbname") if key in its}
    )
    return Prepared(tmp_path, tmp_path / "prepared.json", url)


def test_what_this_code_prepared_is_not_prepared_again(prepared: Prepared) -> None:
    assert not prepared.is_true()
    prepared.write()
    assert prepared.is_true()


def test_code_with_another_migration_prepares_again(prepared: Prepared) -> None:
    prepared.write()
    (prepared.root / "workflows" / "migrations" / "0002_more.py").write_text("tables = 2")
    assert not prepared.is_true()


def test_a_database_that_was_put_back_is_prepared_again(prepared: Prepared) -> None:
    prepared.write()
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, app, name, applied FROM django_migrations ORDER BY id DESC LIMIT 1")
        last = cursor.fetchone()
        cursor.execute("DELETE FROM django_migrations WHERE id = %s", [last[0]])
        try:
            assert not prepared.is_true()
        finally:
            cursor.execute("INSERT INTO django_migrations (id, app, name, applied) VALUES (%s, %s, %s, %s)", last)


def test_a_hub_without_an_administrator_gets_one_at_the_next_start(prepared: Prepared) -> None:
    prepared.write()
    Person.objects.filter(is_superuser=True).delete()
    assert not prepared.is_true()


def test_a_note_that_was_cut_off_or_a_database_that_is_away_is_no_proof(prepared: Prepared, tmp_path: Path) -> None:
    prepared.write()
    away = Prepared(prepared.root, prepared.note, f"host={tmp_path} dbname=nothing")
    assert not away.is_true()
    prepared.note.write_text(prepared.note.read_text()[:20])
    assert not prepared.is_true()
