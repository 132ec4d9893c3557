"""The hub's one command, as a person uses it: real processes, real signals."""

from __future__ import annotations

import contextlib
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import psutil
import pytest

ROOT = Path(__file__).resolve().parents[2]
PATIENCE_SECONDS = 90
pytestmark = [pytest.mark.durability, pytest.mark.timeout(240)]


@dataclass
class Hub:
    """A hub started with `manage.py up` on a data folder of the test's own."""

    data: Path
    port: int
    process: subprocess.Popen[str]
    said: Path

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def output(self) -> str:
        return self.said.read_text()

    def is_ready(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.url}/health/ready", timeout=2) as reply:
                return bool(json.loads(reply.read())["status"] == "ok")
        except (OSError, ValueError):
            return False


def start(data: Path, port: int, **more: str) -> Hub:
    env = {name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "REDIS_URL"}} | more
    env.pop("LOCKGATE_DATA", None)
    env["PYTHONDONTWRITEBYTECODE"] = "1"
    said = data.parent / f"said-{time.monotonic_ns()}.txt"
    with said.open("w") as out:
        process = subprocess.Popen(
            [sys.executable, "manage.py", "up", "--no-sandboxes", "--data", str(data), "--port", str(port)],
            cwd=ROOT,
            env=env,
            stdout=out,
            stderr=subprocess.STDOUT,
            text=True,
        )
    return Hub(data, port, process, said)


def wait_for(what: Callable[[], bool], hub: Hub) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not what():
        assert time.monotonic() < deadline, hub.output()
        time.sleep(0.1)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hub]:
    started = start(tmp_path_factory.mktemp("hub") / "data", free_port())
    try:
        wait_for(lambda: "Press Ctrl-C" in started.output() or started.process.poll() is not None, started)
        yield started
    finally:
        if started.process.poll() is None:
            started.process.send_signal(signal.SIGINT)
            started.process.wait(PATIENCE_SECONDS)


def test_a_start_says_where_the_hub_is_and_how_to_sign_in(hub: Hub) -> None:
    assert hub.url in hub.output()
    assert re.search(r"with the password   \S+", hub.output())
    assert hub.is_ready()


def test_the_hubs_processes_compile_their_code_once_and_not_at_every_start(hub: Hub) -> None:
    (scheduler,) = living(hub, "scheduler")

    assert "PYTHONDONTWRITEBYTECODE" not in scheduler.environ()


def test_a_second_copy_says_so_and_harms_nothing(hub: Hub) -> None:
    second = start(hub.data, free_port())

    assert second.process.wait(PATIENCE_SECONDS) == 1
    assert f"already runs on {hub.data} at {hub.url}" in second.output()
    assert hub.is_ready()


def test_a_database_of_the_user_s_own_that_does_not_answer_is_named_with_what_to_do(tmp_path: Path) -> None:
    hub = start(tmp_path / "data", free_port(), DATABASE_URL="postgresql://me:hush-hush@127.0.0.1:9/hub")

    assert hub.process.wait(PATIENCE_SECONDS) == 1
    assert "PostgreSQL at 127.0.0.1:9 cannot be used: Connection refused. " in hub.output()
    assert "Start that server or mend DATABASE_URL" in hub.output()
    assert "Traceback" not in hub.output()
    assert "hush-hush" not in hub.output()


def test_what_died_is_said_with_what_that_means_and_where_its_log_is(hub: Hub) -> None:
    for process in living(hub, "valkey"):
        with contextlib.suppress(psutil.NoSuchProcess):
            process.kill()

    wait_for(lambda: "Valkey was started again." in hub.output(), hub)
    assert "Valkey was killed (signal SIGKILL), and is started again in" in hub.output()
    assert "nothing is lost" in hub.output()
    assert f"Its log: {hub.data / 'logs' / 'valkey.log'}" in hub.output()


@pytest.mark.parametrize("word", ["granian", "scheduler", "valkey", "postgres"])
def test_a_process_that_is_killed_comes_back(hub: Hub, word: str) -> None:
    before = living(hub, word)
    assert before
    for process in before:
        with contextlib.suppress(psutil.NoSuchProcess):
            process.kill()

    wait_for(lambda: bool(living(hub, word) - before) and hub.is_ready(), hub)


def test_ctrl_c_stops_every_process_and_keeps_the_data(hub: Hub) -> None:
    mine = psutil.Process(hub.process.pid).children(recursive=True)
    hub.process.send_signal(signal.SIGINT)

    assert hub.process.wait(PATIENCE_SECONDS) == 0
    _, alive = psutil.wait_procs(mine, timeout=10)
    assert alive == []
    assert "All data is kept" in hub.output()
    assert (hub.data / "postgres").is_dir()


def living(hub: Hub, word: str) -> set[psutil.Process]:
    """The hub's processes that have the word in their command line."""
    found = set()
    for process in psutil.Process(hub.process.pid).children(recursive=True):
        with contextlib.suppress(psutil.NoSuchProcess, psutil.ZombieProcess):
            if word in " ".join(process.cmdline()):
                found.add(process)
    return found
