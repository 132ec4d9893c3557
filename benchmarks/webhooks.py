"""Webhooks and runs by the second: `python3 manage.py benchmark webhooks`. See README.md beside this file."""

from __future__ import annotations

import argparse
import http.client
import json
import multiprocessing
import os
import statistics
import sys
import tempfile
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import psutil

from benchmarks.measuring import cpu_of_tree
from tests.chaos.hub import HubUnderFire

BODY: dict[str, Any] = {"a": "one", "b": "two", "c": [1, 2, 3], "d": "four", "n": 7, "pad": "x" * 900}
W1: dict[str, Any] = {
    "format": 1,
    "name": "W1",
    "triggers": [{"id": "call", "kind": "webhook", "settings": {"path": "w1-benchmark"}}],
    "steps": [
        {"id": "map", "kind": "transform", "settings": {"value": {
            "a": "=trigger.body.a", "b": "=trigger.body.b", "c": "=trigger.body.c", "d": "=trigger.body.d & '!'",
            "e": "=trigger.body.n * 2"}}},
        {"id": "branch", "kind": "condition", "settings": {"if": "=steps.map.e > 10"}},
        {"id": "big", "kind": "transform", "settings": {"value": {"size": "big", "e": "=steps.map.e"}}},
        {"id": "small", "kind": "transform", "settings": {"value": {"size": "small"}}},
    ],
    "edges": [{"from": "map", "to": "branch"}, {"from": "branch", "port": "yes", "to": "big"},
              {"from": "branch", "port": "no", "to": "small"}],
}  # fmt: skip


@dataclass(frozen=True)
class Figures:
    """One load: what was acknowledged, how fast, and what it cost."""

    connections: int
    acknowledged: int
    acknowledged_per_second: float
    p50_ms: float
    p99_ms: float
    finished_per_second: float
    cpu_ms_per_run: float
    cpu_ms_by_process: dict[str, float]


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="manage.py benchmark webhooks", description=__doc__)
    parser.add_argument("--seconds", type=float, default=8, help="how long each load lasts")
    parser.add_argument("--json", action="store_true", help="print the figures as JSON instead of a table")
    options = parser.parse_args(arguments)
    load = os.getloadavg()[0]
    with tempfile.TemporaryDirectory(prefix="lgw-") as folder:
        hub = HubUnderFire(Path(folder), may_reach=[1])
        try:
            measured = carry_out(hub, options.seconds)
        finally:
            hub.stop()
    if options.json:
        print(json.dumps({"load_before": load, "processors": os.cpu_count(), **measured}, indent=2))
    else:
        print(table(measured, load))
    return 0


def carry_out(hub: HubUnderFire, seconds: float) -> dict[str, Any]:
    hub.call("POST", "workflows", {"slug": "w1", "document": W1})
    hub.call("POST", "workflows/w1/publish", {"revision": 1})
    hub.call("POST", "workflows/w1/switch", {"on": True})
    _load(hub.port, 4, 2)  # Everything is loaded and open from here on.
    _wait_until_finished(hub)
    idle = [_one(hub) for _ in range(60)]
    loads = [asdict(_measure(hub, connections, seconds)) for connections in (10, 50)]
    memory = sum(
        process.memory_info().rss for process in _processes(hub) if "postgres" not in process.name()
    ) / 2**20  # fmt: skip
    return {
        "acknowledged_to_finished_idle_ms": {"p50": _at(idle, 50), "p95": _at(idle, 95)},
        "loads": loads,
        "memory_mb": round(memory),
    }


def _measure(hub: HubUnderFire, connections: int, seconds: float) -> Figures:
    before, began = _cpu(hub), time.perf_counter()
    latencies = _load(hub.port, connections, seconds)
    sent = time.perf_counter() - began
    _wait_until_finished(hub)
    wall, count = time.perf_counter() - began, len(latencies)
    cost = {name: round((after - before.get(name, 0.0)) * 1000 / count, 3) for name, after in _cpu(hub).items()}
    return Figures(
        connections, count, round(count / sent), _at(latencies, 50), _at(latencies, 99), round(count / wall),
        round(sum(cost.values()), 3), cost,
    )  # fmt: skip


def _load(port: int, connections: int, seconds: float) -> list[float]:
    """Call from processes of their own over kept connections; returns how long each call took, in milliseconds."""
    processes = 2
    with multiprocessing.get_context("spawn").Pool(processes) as pool:
        made = pool.starmap(_call_for, [(port, connections // processes, seconds)] * processes)
    return [each for some in made for each in some]


def _call_for(port: int, connections: int, seconds: float) -> list[float]:
    from threading import Thread

    body, found = json.dumps(BODY).encode(), list[float]()
    until = time.perf_counter() + seconds

    def go() -> None:
        line = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        while (began := time.perf_counter()) < until:
            line.request("POST", "/hooks/w1-benchmark", body, {"Content-Type": "application/json"})
            reply = line.getresponse()
            reply.read()
            assert reply.status == 202, reply.status
            found.append((time.perf_counter() - began) * 1000)

    threads = [Thread(target=go) for _ in range(connections)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


def _one(hub: HubUnderFire) -> float:
    """Milliseconds from the acknowledgement of one call to the end of its run, by the hub's own clock."""
    line = http.client.HTTPConnection("127.0.0.1", hub.port, timeout=30)
    line.request("POST", "/hooks/w1-benchmark", json.dumps(BODY), {"Content-Type": "application/json"})
    run = json.loads(line.getresponse().read())["run"]
    while True:
        held = hub.call("GET", f"runs/{run}")
        if held["ended_at"]:
            return (_seconds(held["ended_at"]) - _seconds(held["created_at"])) * 1000
        time.sleep(0.01)


def _seconds(text: str) -> float:
    from datetime import datetime

    return datetime.fromisoformat(text).timestamp()


def _wait_until_finished(hub: HubUnderFire) -> None:
    """Until nothing is queued or running."""
    while any(hub.call("GET", f"runs?state={state}&limit=1")["items"] for state in ("queued", "running", "waiting")):
        time.sleep(0.05)


def _processes(hub: HubUnderFire) -> list[psutil.Process]:
    return psutil.Process(hub.process.pid).children(recursive=True)


def _cpu(hub: HubUnderFire) -> dict[str, float]:
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


def _at(values: list[float], percent: int) -> float:
    return round(statistics.quantiles(values, n=100)[percent - 1], 1)


def table(measured: dict[str, Any], load: float) -> str:
    idle = measured["acknowledged_to_finished_idle_ms"]
    lines = [f"{os.cpu_count()} processors, load {load:.1f} before; the load generator runs on the same machine", ""]
    head = ("acknowledged/s", "p50 ms", "p99 ms", "finished/s", "CPU ms/run")
    lines += ["connections" + "".join(f"{name:>16}" for name in head) + "  of it"]
    for each in measured["loads"]:
        parts = ", ".join(f"{name} {cost}" for name, cost in each["cpu_ms_by_process"].items())
        columns = ("acknowledged_per_second", "p50_ms", "p99_ms", "finished_per_second", "cpu_ms_per_run")
        lines.append(f"{each['connections']:>11}" + "".join(f"{each[name]:>16}" for name in columns) + f"  {parts}")
    lines += ["", f"one call at a time, stored to finished: p50 {idle['p50']} ms, p95 {idle['p95']} ms"]
    lines += [f"memory of the hub without PostgreSQL: {measured['memory_mb']} MB"]
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
