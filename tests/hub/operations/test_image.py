"""What the Compose file starts works as a hub: as a user without rights, writing to nothing but its data folder."""

from __future__ import annotations

import base64
import contextlib
import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import requests

from hub.operations.local.postgres import Postgres, binaries
from hub.operations.local.valkey import binary
from tests.hub.operations.image import COMPOSE, Image
from tests.hub.sdk.servers import free_port

pytestmark = [pytest.mark.durability, pytest.mark.timeout(240)]
EVERYWHERE = "0.0.0.0"  # noqa: S104 - what the image listens on, taken out here
PASSWORD = "a-password-for-the-image"
WORKFLOW = {
    "format": 1, "name": "Echo", "triggers": [{"id": "hand", "kind": "manual"}],
    "steps": [{"id": "said", "kind": "transform", "settings": {"value": "=trigger.word"}}], "edges": [],
}  # fmt: skip


def _until(what: Callable[[], bool], seconds: float, said: Callable[[], str]) -> None:
    end = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < end, said()
        time.sleep(0.2)


@pytest.fixture(scope="module")
def image() -> Iterator[Image]:
    folder = Path(tempfile.mkdtemp(prefix="lgi-"))
    folder.chmod(0o755)
    ports = {name: free_port() for name in ("web", "postgres", "redis")}
    given = {"POSTGRES_PASSWORD": "secret", "LOCKGATE_SECRET_KEY": "k" * 50, "LOCKGATE_ADMIN_PASSWORD": PASSWORD,
             "LOCKGATE_VAULT_KEYS": "one:" + base64.b64encode(os.urandom(32)).decode()}  # fmt: skip
    stands_for = {"postgres:5432": f"127.0.0.1:{ports['postgres']}", "redis:6379": f"127.0.0.1:{ports['redis']}",
                  "8000": str(ports["web"]), EVERYWHERE: "127.0.0.1"}  # fmt: skip
    postgres = Postgres(folder / "pg", folder / "r", folder / "pg.log", fast=True,
                        settings={"listen_addresses": "127.0.0.1", "port": str(ports["postgres"])})  # fmt: skip
    redis = subprocess.Popen([binary(), "--port", str(ports["redis"]), *COMPOSE["services"]["redis"]["command"][1:]],
                             cwd=folder, stdout=subprocess.DEVNULL)  # fmt: skip
    try:
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("PGPORT", str(ports["postgres"]))
            postgres.start()
        yield Image(folder, given, stands_for)
    finally:
        redis.terminate()
        redis.wait(10)
        postgres.stop()
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="module")
def prepared(image: Image) -> Image:
    done = image.run("prepare")
    assert done.returncode == 0, done.stdout + done.stderr
    return image


@contextlib.contextmanager
def running(image: Image, *services: str) -> Iterator[dict[str, subprocess.Popen[bytes]]]:
    """The services, stopped as Docker stops them: asked, and killed only when that does not help."""
    started = {service: image.start(service) for service in services}
    try:
        yield started
        for process in started.values():
            process.send_signal(signal.SIGTERM)
        for service, process in started.items():
            assert process.wait(30) == 0, f"{service} did not stop well:\n{image.log(service)[-2000:]}"
    finally:
        for process in started.values():
            process.kill()
            process.wait(10)


def test_preparing_twice_changes_nothing(prepared: Image) -> None:
    again = prepared.run("prepare")

    assert (again.returncode, again.stdout + again.stderr) == (0, "")


def test_the_services_are_a_hub_that_writes_to_its_data_folder_only(prepared: Image) -> None:
    before = prepared.files()
    public = prepared.environment("web")["LOCKGATE_PUBLIC_URL"]
    hub = requests.Session()
    hub.trust_env = False
    with running(prepared, "web", "worker", "scheduler"):
        check = prepared.health_check("web")
        _until(lambda: prepared.run("web", check).returncode == 0, 60, lambda: prepared.log("web"))
        page = hub.get(f"{public}/sign-in", timeout=10)
        styles = [part.split('"')[0] for part in page.text.split('href="')[1:] if ".css" in part.split('"')[0]]
        assert hub.get(f"{public}{styles[0]}", timeout=10).status_code == 200

        signed_in = hub.post(f"{public}/api/v1/session", json={"username": "admin", "password": PASSWORD}, timeout=10)
        assert signed_in.ok, signed_in.text
        hub.headers["X-CSRFToken"] = hub.cookies["csrftoken"]
        for path, body in (
            ("workflows", {"slug": "echo", "document": WORKFLOW}),
            ("workflows/echo/publish", {"revision": 1}),
            ("workflows/echo/switch", {"on": True}),
            ("workflows/echo/runs", {"payload": {"word": "hello"}}),
        ):
            answer = hub.post(f"{public}/api/v1/{path}", json=body, timeout=10)
            assert answer.ok, answer.text
        run = f"{public}/api/v1/runs/{answer.json()['id']}"
        _until(
            lambda: hub.get(run, timeout=10).json()["state"] == "succeeded",
            30,
            lambda: prepared.log("worker") + prepared.log("scheduler"),
        )
        assert hub.get(run, timeout=10).json()["steps"][0]["output"] == "hello"
        doctor = prepared.run("web", ["python", "manage.py", "doctor"])
        assert doctor.returncode == 0, doctor.stdout

    assert prepared.files() == before


def test_the_health_checks_say_when_a_service_is_away(prepared: Image) -> None:
    assert prepared.run("web", prepared.health_check("web")).returncode == 1
    assert COMPOSE["services"]["postgres"]["healthcheck"]["test"][1].startswith("pg_isready ")
    assert (binaries() / "pg_isready").is_file(), "the command is one of PostgreSQL's"


def test_nothing_starts_without_its_secrets(prepared: Image) -> None:
    given = dict(prepared._given)
    del given["LOCKGATE_SECRET_KEY"]
    prepared._given, kept = given, prepared._given
    try:
        with pytest.raises(AssertionError, match="LOCKGATE_SECRET_KEY must be set"):
            prepared.environment("web")
    finally:
        prepared._given = kept
