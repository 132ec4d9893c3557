"""A hub of the chaos suite's own, started with its one command, and a client of its API."""

from __future__ import annotations

import contextlib
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import psutil
import psycopg
import redis
import requests

from hub.settings_sources import socket_folder

ROOT = Path(__file__).resolve().parents[2]
VICTIMS = {
    "web": "granian",
    "worker": "celery",
    "scheduler": "manage.py scheduler",
    "valkey": "valkey-server",
    "postgres": "postgres",
}


class HubUnderFire:
    """Started on a folder; its processes can be killed by role."""

    def __init__(self, folder: Path, *, may_reach: Iterable[int]) -> None:
        self.folder = folder
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = int(probe.getsockname()[1])
        self.url = f"http://127.0.0.1:{self.port}"
        env = {name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "REDIS_URL"}}
        reachable = ",".join(f"127.0.0.1:{port}" for port in may_reach)
        env |= {"LOCKGATE_EGRESS_ALLOW": reachable, "LOCKGATE_API_REQUESTS_PER_MINUTE": "0"}
        env.pop("LOCKGATE_DATA", None)
        self._said = folder / "said.txt"
        command = [sys.executable, "manage.py", "up", "--no-sandboxes", "--data", str(folder / "data")]
        with self._said.open("w") as out:
            self.process = subprocess.Popen(
                [*command, "--port", str(self.port)], cwd=ROOT, env=env, stdout=out, stderr=subprocess.STDOUT
            )
        try:
            self.wait_for(lambda: "Press Ctrl-C" in self.said() or self.process.poll() is not None, seconds=300)
        except AssertionError:
            self.stop()
            raise
        self._session = requests.Session()
        self._session.trust_env = False
        password = re.search(r"with the password\s+(\S+)", self.said())
        assert password, self.said()
        self.password = password[1]
        signed_in = self._session.post(
            f"{self.url}/api/v1/session", json={"username": "admin", "password": self.password}, timeout=30
        )
        signed_in.raise_for_status()
        self._session.headers["X-CSRFToken"] = self._session.cookies.get("csrftoken") or ""
        token = self.call("POST", "tokens", {"name": "chaos"})["text"]
        self._session.cookies.clear()
        self._session.headers = {"Authorization": f"Bearer {token}"}

    def said(self) -> str:
        return self._said.read_text()

    def call(self, method: str, path: str, body: Any = None) -> Any:
        """Call the API, again while it is away."""
        for _ in range(60):
            with contextlib.suppress(requests.RequestException):
                reply = self._session.request(method, f"{self.url}/api/v1/{path}", json=body, timeout=30)
                if reply.status_code not in {502, 503}:
                    assert reply.ok, f"{method} {path}: {reply.status_code} {reply.text[:500]}"
                    return reply.json()
            time.sleep(0.5)
        raise AssertionError(f"The hub does not answer:\n{self.said()}")

    def every(self, path: str) -> Iterator[dict[str, Any]]:
        """Every item of a list, page by page."""
        cursor = ""
        while True:
            page = self.call("GET", f"{path}&limit=200" + (f"&cursor={cursor}" if cursor else ""))
            yield from page["items"]
            cursor = page.get("next_cursor") or ""
            if not cursor:
                return

    def kill(self, role: str, *, lose_data: bool = False) -> int:
        """Kill every process of a role, as a power cut would; returns how many. Valkey may lose its data too."""
        killed = [each for each in self.processes(role) if _tried(each.kill)]
        psutil.wait_procs(killed, 5)
        if lose_data and role == "valkey":
            for file in (self.folder / "data" / "valkey").rglob("*.*"):
                if file.suffix in {".rdb", ".aof"}:
                    file.unlink(missing_ok=True)
        return len(killed)

    def freeze(self, role: str, seconds: float) -> int:
        """Stop every process of a role for so long, as a machine that is suspended; returns how many."""
        frozen = [each for each in self.processes(role) if _tried(each.suspend)]
        time.sleep(seconds)
        for each in frozen:
            _tried(each.resume)
        return len(frozen)

    def cut_connections(self) -> int:
        """Have PostgreSQL end every connection but the one that asks for it."""
        self.sql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()")
        return 1

    def flush_valkey(self) -> int:
        """Everything that the broker held is gone, while it runs on."""
        with redis.Redis.from_url(_valkey_of(self.folder)) as broker:
            return int(_tried(broker.flushall))

    def processes(self, role: str) -> list[psutil.Process]:
        """Those of a role that live."""
        found = []
        for process in psutil.Process(self.process.pid).children(recursive=True):
            with contextlib.suppress(psutil.NoSuchProcess):
                if VICTIMS[role] in " ".join(process.cmdline()):
                    found.append(process)
        return found

    def believe_dead(self, role: str) -> None:
        """Let the leases of a killed role lapse at once, instead of after minutes."""
        lapse = "SET lease_until = now() WHERE lease_until > now()"
        if role == "worker":
            self.sql(f"UPDATE workflows_run {lapse}")
            self.sql(f"UPDATE workflows_trigger {lapse}")
            self.sql(f"UPDATE workflows_plan {lapse} AND undoes_id IS NULL")
        if role == "web":
            self.sql(f"UPDATE workflows_plan {lapse} AND undoes_id IS NOT NULL")

    def sql(self, statement: str) -> list[Any]:
        """Change what only the clock changes, so that nobody waits for it; or look at many rows. Returns the rows."""
        found: list[Any] = []

        def done() -> bool:
            with contextlib.suppress(psycopg.OperationalError):
                place = str(socket_folder(self.folder / "data"))
                with psycopg.connect(host=place, user="lockgate", dbname="lockgate") as database:
                    cursor = database.execute(statement)
                    found.extend(cursor.fetchall() if cursor.description else [])
                return True
            return False

        self.wait_for(done, seconds=60)
        return found

    def wait_for(self, what: Callable[[], bool], *, seconds: float, pause: float = 0.2) -> None:
        deadline = time.monotonic() + seconds
        while not what():
            assert time.monotonic() < deadline, f"It took longer than {seconds} s.\n{self.said()[-4000:]}"
            time.sleep(pause)

    def stop(self) -> None:
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
            self.process.wait(90)


def _tried(what: Callable[[], object]) -> bool:
    """Done to a process or server that may be gone by now."""
    try:
        what()
    except (psutil.NoSuchProcess, redis.ConnectionError):
        return False
    return True


def _valkey_of(folder: Path) -> str:
    return f"unix://{socket_folder(folder / 'data') / 'valkey.sock'}"
