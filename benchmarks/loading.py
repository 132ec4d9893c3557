"""Calling a running hub from processes of their own, and what that costs it."""

from __future__ import annotations

import json
import multiprocessing
import socket
import statistics
import time
from datetime import datetime
from threading import Thread
from typing import Any

import psutil

from benchmarks.measuring import cpu_of_tree
from tests.chaos.hub import HubUnderFire

BODY: dict[str, Any] = {"a": "one", "b": "two", "c": [1, 2, 3], "d": "four", "n": 7, "pad": "x" * 900}


def load(port: int, path: str, connections: int, seconds: float, status: int = 202) -> list[float]:
    """Call from processes of their own over kept connections; returns how long each call took, in milliseconds."""
    count = 2
    with multiprocessing.get_context("spawn").Pool(count) as pool:
        made = pool.starmap(_call_for, [(port, path, connections // count, seconds, status)] * count)
    return [each for some in made for each in some]


def _call_for(port: int, path: str, connections: int, seconds: float, status: int) -> list[float]:
    body, found = json.dumps(BODY).encode(), list[float]()
    head = f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nContent-Type: application/json\r\nContent-Length: "
    message, wanted = head.encode() + str(len(body)).encode() + b"\r\n\r\n" + body, f"HTTP/1.1 {status} ".encode()
    until = time.perf_counter() + seconds

    def go() -> None:
        with socket.create_connection(("127.0.0.1", port), timeout=60) as line:
            while (began := time.perf_counter()) < until:
                line.sendall(message)
                reply = _reply(line)
                assert reply.startswith(wanted), reply[:200]
                found.append((time.perf_counter() - began) * 1000)

    threads = [Thread(target=go) for _ in range(connections)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


def _reply(line: socket.socket) -> bytes:
    """One whole answer. By hand, because a caller that is slower than what it measures measures itself."""
    got = b""
    while (end := got.find(b"\r\n\r\n")) < 0:
        got += line.recv(65536)
    length = int(got.lower().partition(b"content-length:")[2].partition(b"\r\n")[0])
    while len(got) < end + 4 + length:
        got += line.recv(65536)
    return got


def seconds_of(text: str) -> float:
    return datetime.fromisoformat(text).timestamp()


def wait_until_finished(hub: HubUnderFire) -> None:
    """Until nothing is queued or running."""
    while any(hub.call("GET", f"runs?state={state}&limit=1")["items"] for state in ("queued", "running", "waiting")):
        time.sleep(0.05)


def processes(hub: HubUnderFire) -> list[psutil.Process]:
    return psutil.Process(hub.process.pid).children(recursive=True)


def memory_mb(hub: HubUnderFire) -> int:
    """Of the hub without PostgreSQL and Valkey: what is shared by several processes counts once."""
    ours = [psutil.Process(hub.process.pid), *processes(hub)]
    held = (each.memory_full_info().pss for each in ours if each.name() not in {"postgres", "valkey-server"})
    return round(sum(held) / 2**20)


def cpu_by_process(hub: HubUnderFire) -> dict[str, float]:
    """Processor seconds so far, by what the process is."""
    names = {
        "granian": "web",
        "celery": "worker",
        "scheduler": "scheduler",
        "postgres": "PostgreSQL",
        "valkey": "Valkey",
    }
    made: dict[str, float] = {}
    for child in psutil.Process(hub.process.pid).children():
        said = " ".join(child.cmdline())
        name = next((name for word, name in names.items() if word in said), "other")
        made[name] = made.get(name, 0.0) + cpu_of_tree(child.pid)
    return made


def percentile(values: list[float], percent: int) -> float:
    return round(statistics.quantiles(values, n=100)[percent - 1], 1)
