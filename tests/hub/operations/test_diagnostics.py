"""`manage.py diagnostics`: everything that support asks for, and no secret."""

from __future__ import annotations

import base64
import json
import os
import stat
import zipfile
from collections import OrderedDict
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from hub.accounts.access import Actor
from hub.connections.models import Connection
from hub.operations import doctor
from hub.vault import seal
from hub.watch import masks
from tests.workflows.conftest import the_shop
from tests.workflows.engine.conftest import actor, started, work
from workflows.models import Run

__all__ = ["actor", "started", "the_shop"]
SECRETS = {
    "password": "the pass/word of the directory",
    "token": "t0ken-0f-the-service",
    "key": "-----BEGIN KEY-----\nMIIEvQIBADANBgkqhkiG9w0BAQEF\n-----END KEY-----",
}


@pytest.fixture
def data(tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder with secrets, and logs which somebody has let them slip into."""
    settings.DATA = tmp_path
    monkeypatch.setattr(masks, "_known", OrderedDict())  # Other tests have secrets such as "message".
    for name in ("secrets", "logs"):
        (tmp_path / name).mkdir()
    (tmp_path / "secrets" / "admin-password").write_text("adm1n-passw0rd\n")
    monkeypatch.setenv("LOCKGATE_SECRET_KEY", "a-secret-key-of-sessions")
    monkeypatch.setenv("LOCKGATE_METRICS_TOKEN", "the-token-of-figures")
    monkeypatch.setenv("REDIS_URL", "redis://:red1s-passw0rd@broker:6379/0")
    return tmp_path


def collected(data: Path) -> dict[str, str]:
    call_command("diagnostics", to=data / "made.zip", verbosity=0)
    with zipfile.ZipFile(data / "made.zip") as archive:
        return {name: archive.read(name).decode() for name in archive.namelist()}


@pytest.mark.django_db
def test_no_secret_is_in_it_wherever_it_slipped(data: Path, alice: Actor) -> None:
    made = Connection(workspace=alice.workspace, name="D", slug="d", connector="otds", health="failing")
    made.sealed = seal(SECRETS, made.place)
    made.health_message = f"It refused {SECRETS['token']}."
    made.save()
    keys = json.loads((data / "secrets" / "vault-keys.json").read_text())
    hidden = [
        *SECRETS.values(),
        "adm1n-passw0rd",
        "a-secret-key-of-sessions",
        "the-token-of-figures",
        "red1s-passw0rd",
    ]
    hidden += [line for line in SECRETS["key"].splitlines() if "MII" in line]
    hidden += [text for text in _texts(keys) if len(text) > 20]
    forms = {form for each in hidden for form in (each, quote(each, safe=""), json.dumps(each)[1:-1],
                                                  base64.b64encode(each.encode()).decode().rstrip("="))}  # fmt: skip
    (data / "logs" / "worker.log").write_text("kept line\n" + "".join(f"oops {form} oops\n" for form in forms))

    found = collected(data)

    assert "kept line" in found["logs/worker.log"]
    assert "[hidden]" in found["doctor.txt"]
    for name, text in found.items():
        for form in forms:
            assert form not in text, name


def _texts(value: Any) -> list[str]:
    if isinstance(value, dict):
        return [text for inner in value.values() for text in _texts(inner)]
    return [value] if isinstance(value, str) else []


@pytest.mark.django_db
def test_it_holds_what_support_asks_for(data: Path, started: Any) -> None:
    run: Run = started("a", a={"kind": "stop", "settings": {"message": "There is no such printer."}})
    work()
    found = collected(data)
    assert json.loads(found["about.json"])["packages"]["Django"].startswith("5.2")
    assert "LOCKGATE_SECRET_KEY" in json.loads(found["settings.json"])["also_set"]
    assert "Database: OK" in found["doctor.txt"]
    assert any(row["app"] == "workflows" for row in json.loads(found["database/migrations.json"]))
    assert any(row["relname"] == "workflows_run" for row in json.loads(found["database/tables.json"]))
    assert 'lockgate_runs{state="queued"} 0.0' in found["metrics.txt"]
    [failed] = json.loads(found["troubles.json"])["failed_runs"]
    assert (failed["run"], failed["workflow"]) == (str(run.id), "drawn")
    assert failed["error"]["message"] == "There is no such printer."


@pytest.mark.django_db
def test_of_a_long_log_the_end_is_kept(data: Path) -> None:
    (data / "logs" / "worker.log").write_text("first\n" + "x" * 2_000_000 + "\nlast\n")
    text = collected(data)["logs/worker.log"]
    assert text.endswith("last\n")
    assert "first" not in text


@pytest.mark.django_db
def test_only_its_owner_may_read_it(data: Path) -> None:
    collected(data)
    assert stat.S_IMODE(os.stat(data / "made.zip").st_mode) == 0o600


@pytest.mark.django_db
def test_what_cannot_be_found_out_says_so_and_hides_nothing_else(data: Path, settings: Any) -> None:
    settings.DIAGNOSTICS = {"broken": "tests.hub.operations.test_diagnostics.broken", **settings.DIAGNOSTICS}
    found = collected(data)
    assert "division by zero" in found["broken.json"]
    assert "failed_runs" in found["troubles.json"]


def broken() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 / 0")


@pytest.mark.django_db
def test_a_place_that_cannot_be_written_to_is_named(data: Path) -> None:
    with pytest.raises(CommandError, match="nowhere"):
        call_command("diagnostics", to=data / "nowhere" / "x.zip")


@pytest.mark.django_db
def test_the_doctor_mentions_it_when_something_is_not_well(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for findings, mentioned in (([doctor.Finding("A", "Bad.", "Mend.")], True), ([doctor.Finding("A")], False)):
        monkeypatch.setattr("hub.operations.management.commands.doctor.examine", lambda found=findings: found)
        try:
            call_command("doctor")
        except SystemExit:
            assert mentioned
        assert ("manage.py diagnostics" in capsys.readouterr().out) is mentioned
