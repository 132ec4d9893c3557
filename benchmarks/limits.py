"""What the machine can do at most, measured beside the hub and by the same load: commits of PostgreSQL, round trips
of Valkey, answers of the web server."""

from __future__ import annotations

import json
import re
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Thread

from benchmarks.loading import BODY, load
from hub.operations.local.postgres import binaries
from hub.operations.local.valkey import SOCKET
from hub.settings_sources import socket_folder
from tests.chaos.hub import ROOT, HubUnderFire

_INSERT = """
INSERT INTO workflows_run (id, workspace_id, workflow_id, version_id, state, cause, payload, fence, lapses,
    cancel_asked, created_at, ended_at)
SELECT gen_random_uuid(), workspace_id, id, published_id, 'cancelled', '{"kind": "limit"}', '{payload}', 0, 0,
    false, clock_timestamp(), clock_timestamp()
FROM workflows_workflow WHERE slug = '{slug}';
"""
"""A run as a webhook stores one, but ended already, so that no worker takes it."""
MOST_CLIENTS = 25


def commits(hub: HubUnderFire, slug: str, connections: int, seconds: float) -> float:
    """Transactions a second of pgbench that store one run each, in the hub's own database, over so many connections
    or as many as the hub leaves over."""
    payload = json.dumps({"body": BODY}).replace("'", "''")
    script = _INSERT.replace("{payload}", payload).replace("{slug}", slug)
    place = str(socket_folder(hub.folder / "data"))
    with tempfile.NamedTemporaryFile("w", suffix=".sql") as file:
        file.write(" ".join(script.split()))
        file.flush()
        command = [
            str(binaries() / "pgbench"),
            "--no-vacuum",
            "--protocol=prepared",
            f"--client={min(connections, MOST_CLIENTS)}",
            "--jobs=2",
        ]
        command += [f"--time={max(1, round(seconds))}", f"--file={file.name}", f"--host={place}"]
        done = subprocess.run(
            [*command, "--username=lockgate", "lockgate"], capture_output=True, text=True, check=False
        )
    hub.sql('DELETE FROM workflows_run WHERE cause = \'{"kind": "limit"}\'')
    found = re.search(r"tps = ([\d.]+)", done.stdout)
    if done.returncode or found is None:
        raise RuntimeError(f"pgbench failed: {done.stderr[-500:]}")
    return round(float(found[1]))


def round_trips(hub: HubUnderFire, connections: int, seconds: float) -> float:
    """PING and its answer, by the second, over so many connections of one process: its threads share a core."""
    place = str(socket_folder(hub.folder / "data") / SOCKET)
    counts = [0] * connections
    until = time.perf_counter() + seconds

    def go(number: int) -> None:
        with socket.socket(socket.AF_UNIX) as line:
            line.connect(place)
            while time.perf_counter() < until:
                line.sendall(b"PING\r\n")
                assert line.recv(64) == b"+PONG\r\n"
                counts[number] += 1

    threads = [Thread(target=go, args=(number,)) for number in range(connections)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return round(sum(counts) / seconds)


@contextmanager
def bare_server() -> Iterator[int]:
    """The web server as the hub starts it, with an application that does nothing."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port)]
    command += ["--workers", "1", "--blocking-threads", "32", "--no-ws", "--log-level", "error"]
    process = subprocess.Popen([*command, "benchmarks.bare:application"], cwd=ROOT)
    try:
        deadline = time.monotonic() + 60
        while True:
            with socket.socket() as line:
                if line.connect_ex(("127.0.0.1", port)) == 0:
                    break
            assert time.monotonic() < deadline, "The bare web server does not answer."
            time.sleep(0.1)
        yield port
    finally:
        process.terminate()
        process.wait(30)


def answers(port: int, connections: int, seconds: float) -> float:
    """Answers a second of the bare web server."""
    began = time.perf_counter()
    count = len(load(port, "/", connections, seconds))
    return round(count / (time.perf_counter() - began))
