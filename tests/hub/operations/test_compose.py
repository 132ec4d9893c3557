"""docker-compose.yml is a Compose file, starts what a hub needs in the right order, and holds no secret."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft201909Validator

ROOT = Path(__file__).resolve().parents[3]
TEXT = (ROOT / "docker-compose.yml").read_text("utf-8")
COMPOSE: dict[str, Any] = yaml.safe_load(TEXT)
SERVICES: dict[str, Any] = COMPOSE["services"]
SCHEMA = json.loads((ROOT / "tests" / "schemas" / "compose-spec.json").read_text("utf-8"))


def test_it_fits_the_schema_of_the_compose_specification():
    errors = [f"{list(error.path)}: {error.message}" for error in Draft201909Validator(SCHEMA).iter_errors(COMPOSE)]

    assert errors == []


def test_the_schema_notices_a_mistake():
    wrong = {"services": {"web": {"imgae": "x"}}}

    assert list(Draft201909Validator(SCHEMA).iter_errors(wrong))


def test_it_has_the_parts_of_a_hub():
    assert set(SERVICES) == {"prepare", "web", "worker", "scheduler", "postgres", "redis"}


@pytest.mark.parametrize("name", ["web", "worker", "scheduler"])
def test_a_process_waits_for_the_prepared_database(name: str):
    waits = {other: how["condition"] for other, how in SERVICES[name]["depends_on"].items()}

    assert waits == {
        "prepare": "service_completed_successfully",
        "postgres": "service_healthy",
        "redis": "service_healthy",
    }
    assert SERVICES[name]["environment"]["LOCKGATE_ROLE"] == name


@pytest.mark.parametrize("name", ["web", "postgres", "redis"])
def test_what_others_wait_for_has_a_health_check(name: str):
    assert SERVICES[name]["healthcheck"]["test"]


def test_preparing_ends_and_is_not_repeated():
    assert SERVICES["prepare"]["restart"] == "no"
    assert SERVICES["prepare"]["command"][-1] == "prepare"


def test_every_secret_comes_from_the_environment_and_must_be_set():
    for name in ("POSTGRES_PASSWORD", "LOCKGATE_SECRET_KEY", "LOCKGATE_VAULT_KEYS"):
        used = re.findall(rf"\$\{{{name}[^}}]*\}}", TEXT)
        assert used
        assert all(":?" in each for each in used), name


def test_every_variable_it_sets_is_one_that_the_hub_knows():
    known = (ROOT / "docs" / "reference" / "settings.md").read_text("utf-8")
    names = {name for each in SERVICES.values() for name in each.get("environment", {})}

    assert {name for name in names if not name.startswith("POSTGRES_") and f"`{name}`" not in known} == set()


def test_every_folder_that_the_image_copies_exists():
    dockerfile = (ROOT / "Dockerfile").read_text("utf-8")
    copied = [part for line in re.findall(r"^COPY (?!--from)(.+)$", dockerfile, re.M) for part in line.split()[:-1]]

    assert copied
    assert [part for part in copied if not (ROOT / part).exists()] == []


def test_asking_an_address_says_whether_it_answers(live_server_alone: str):
    answered, silent = (
        subprocess.run([sys.executable, "-m", "hub.operations.ask", address], cwd=ROOT, capture_output=True)
        for address in (live_server_alone, "http://127.0.0.1:9/")
    )

    assert answered.returncode == 0
    assert silent.returncode == 1


@pytest.fixture
def live_server_alone(tmp_path: Path):
    import http.server
    import threading

    server = http.server.HTTPServer(("127.0.0.1", 0), http.server.SimpleHTTPRequestHandler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    server.server_close()
    thread.join()
