"""`manage.py doctor`: what is well, what is not, and how to mend it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.utils import timezone

from hub.connections.models import Connection, Health
from hub.operations import doctor
from hub.operations.data_folder import DataFolder
from hub.operations.doctor import Finding, examine
from hub.operations.heartbeats import beat
from hub.operations.models import Heartbeat
from hub.registry import forget_catalog
from hub.vault import seal

ROOT = Path(__file__).resolve().parents[3]


def _by_name() -> dict[str, Finding]:
    return {finding.name: finding for finding in examine()}


@pytest.mark.django_db
def test_what_is_well_says_so_in_a_line():
    found = _by_name()

    assert str(found["Database"]).startswith("Database: OK (PostgreSQL ")
    assert str(found["Migrations"]) == "Migrations: OK"
    assert str(found["Redis"]) == "Redis: OK"
    assert found["Disk"].well
    assert found["Connectors"].well


def test_the_data_folder_that_was_looked_at_is_named_and_how_to_look_at_another(tmp_path, settings, monkeypatch):
    monkeypatch.delenv("DATABASE_URL", raising=False)
    settings.DATA = tmp_path / "other"
    absent = doctor.check_data_folder("Data folder")
    folder = DataFolder(settings.DATA)
    folder.hold()
    folder.tell({"url": "http://127.0.0.1:8123"})
    used = doctor.check_data_folder("Data folder")
    assert folder._lock is not None
    folder._lock.close()

    assert not absent.well
    assert f"There is no {settings.DATA}" in absent.says
    assert f"manage.py up --data {settings.DATA}" in absent.mend
    assert "doctor --data FOLDER, or LOCKGATE_DATA" in absent.mend
    assert used.well
    assert f"{settings.DATA}; a hub runs on it at http://127.0.0.1:8123" in used.says


def test_doctor_takes_the_data_folder_as_an_option(tmp_path):
    env = {name: held for name, held in os.environ.items() if name not in {"LOCKGATE_DATA", "DATABASE_URL"}}
    for given in (["--data", str(tmp_path)], [f"--data={tmp_path}"]):
        done = subprocess.run(
            [sys.executable, "manage.py", "doctor", *given],
            cwd=ROOT, env=env | {"LOCKGATE_INSIDE": str(ROOT)}, capture_output=True, text=True,
        )  # fmt: skip
        assert f"Data folder: OK ({tmp_path}; no hub runs on it" in done.stdout
        assert f"manage.py up --data {tmp_path}" in done.stdout


def test_a_server_of_the_user_s_own_is_not_ours_to_start(monkeypatch, settings):
    monkeypatch.setenv("REDIS_URL", "redis://127.0.0.1:9/0")
    settings.REDIS_URL = "redis://127.0.0.1:9/0"

    found = doctor.check_redis("Redis")

    assert not found.well
    assert found.mend == "Start that server, or mend REDIS_URL."


@pytest.mark.django_db
def test_every_line_that_is_not_well_says_how_to_mend_it():
    for finding in examine():
        assert finding.well or (finding.says.endswith(".") and finding.mend), finding


@pytest.mark.django_db
def test_a_worker_that_was_not_heard_from_is_missed():
    silent = _by_name()["Workers"]
    beat("worker", "worker-of-the-doctor@host")
    heard = _by_name()["Workers"]
    Heartbeat.objects.update(heard_at=timezone.now() - timedelta(minutes=5))
    gone = _by_name()["Workers"]

    assert (silent.well, heard.well, gone.well) == (False, True, False)


@pytest.mark.django_db
def test_a_connection_that_fails_is_named_with_its_reason(alice):
    Connection.objects.create(
        workspace=alice.workspace,
        name="Directory",
        slug="directory",
        connector="http",
        health=Health.FAILING,
        health_message="The password is not right.",
    )

    found = _by_name()["Connections"]

    assert not found.well
    assert '"Directory" in "Team": The password is not right.' in found.says


@pytest.mark.django_db
def test_a_secret_whose_key_is_lost_is_noticed(alice, tmp_path, settings):
    settings.DATA = tmp_path
    made = Connection(workspace=alice.workspace, name="C", slug="c", connector="http")
    made.sealed = seal({"a": "b"}, made.place)
    made.save()
    (tmp_path / "secrets" / "vault-keys.json").unlink()

    found = _by_name()

    assert not found["Sealed secrets"].well
    assert "missing" in found["Sealed secrets"].says
    assert not (tmp_path / "secrets" / "vault-keys.json").exists()


@pytest.mark.django_db
def test_a_broken_connector_is_named_with_its_file(tmp_path, settings):
    (tmp_path / "torn").mkdir()
    (tmp_path / "torn" / "manifest.toml").write_text("name = ")
    settings.CONNECTOR_PATHS = [str(tmp_path)]
    forget_catalog()

    found = _by_name()["Connectors"]
    forget_catalog()

    assert not found.well
    assert "torn: manifest.toml" in found.says


@pytest.mark.django_db
def test_a_sandbox_that_does_not_answer_is_named(tmp_path, settings):
    settings.DATA = tmp_path
    (tmp_path / "run").mkdir()
    (tmp_path / "run" / "sandbox.json").write_text(json.dumps({"otds": {"base": "http://127.0.0.1:9/otdsws"}}))

    found = _by_name()["Sandboxes"]

    assert "127.0.0.1:9" in found.says
    assert not found.well


@pytest.mark.django_db
def test_a_full_disk_is_noticed(monkeypatch):
    monkeypatch.setattr(doctor, "LEAST_FREE_MB", 10**9)

    assert not _by_name()["Disk"].well


def test_it_answers_while_the_database_and_redis_are_down(tmp_path):
    env = dict(os.environ) | {
        "DATABASE_URL": "postgresql://nobody@127.0.0.1:9/none",
        "REDIS_URL": "redis://127.0.0.1:9/0",
        "LOCKGATE_DATA": str(tmp_path),
        "LOCKGATE_INSIDE": str(ROOT),
    }

    done = subprocess.run(
        [sys.executable, "manage.py", "doctor", "--json"], cwd=ROOT, env=env, capture_output=True, text=True
    )

    answer = json.loads(done.stdout)
    by_name = {each["name"]: each for each in answer["findings"]}
    assert done.returncode == 1
    assert answer["well"] is False
    assert not by_name["Database"]["well"]
    assert not by_name["Redis"]["well"]
    assert by_name["Disk"]["well"]
    assert "Migrations" not in by_name
    assert not (tmp_path / "secrets").exists()


@pytest.mark.django_db(transaction=True)
def test_a_database_that_is_not_up_to_date_is_said_with_the_command_and_nothing_else_is_guessed():
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'operations' RETURNING name, applied")
        rows = cursor.fetchall()
    try:
        found = _by_name()
    finally:
        with connection.cursor() as cursor:
            for row in rows:
                cursor.execute(
                    "INSERT INTO django_migrations (app, name, applied) VALUES ('operations', %s, %s)", row
                )

    assert found["Migrations"].mend == "python3 manage.py prepare"
    assert "operations.0001_heartbeat" in found["Migrations"].says
    assert "Workers" not in found
    assert found["Redis"].well


def test_a_secret_key_that_was_never_made_is_noticed(settings):
    settings.SECRET_KEY = "no-key-made-yet-" + "0" * 40

    found = doctor.check_secret_key("Secret key")

    assert not found.well
    assert "LOCKGATE_SECRET_KEY" in found.mend


def test_a_front_end_of_older_sources_is_noticed(tmp_path, settings):
    settings.BASE = tmp_path
    absent = doctor.check_frontend("Front end")
    (tmp_path / "frontend").mkdir()
    (tmp_path / "frontend" / "package.json").write_text("{}")
    (tmp_path / "frontend" / "package-lock.json").write_text("{}")
    (tmp_path / "frontend" / "tsconfig.json").write_text("{}")
    (tmp_path / "frontend" / "vite.config.ts").write_text("")
    stamp = tmp_path / "hub" / "web" / "static" / "built" / ".stamp"
    stamp.parent.mkdir(parents=True)
    stamp.write_text("of another time")

    assert "not built" in absent.says
    assert "older sources" in doctor.check_frontend("Front end").says
