"""Webhooks and runs by the second: `python3 manage.py benchmark webhooks`. See README.md beside this file."""

from __future__ import annotations

import argparse
import http.client
import json
import os
import sys
import tempfile
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from benchmarks.loading import BODY, cpu_by_process, load, percentile, processes, seconds_of, wait_until_finished
from tests.chaos.hub import HubUnderFire

PATH = "/hooks/w1-benchmark"
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
    load_before = os.getloadavg()[0]
    with tempfile.TemporaryDirectory(prefix="lgw-") as folder:
        hub = HubUnderFire(Path(folder), may_reach=[1])
        try:
            measured = carry_out(hub, options.seconds)
        finally:
            hub.stop()
    if options.json:
        print(json.dumps({"load_before": load_before, "processors": os.cpu_count(), **measured}, indent=2))
    else:
        print(table(measured, load_before))
    return 0


def carry_out(hub: HubUnderFire, seconds: float) -> dict[str, Any]:
    hub.call("POST", "workflows", {"slug": "w1", "document": W1})
    hub.call("POST", "workflows/w1/publish", {"revision": 1})
    hub.call("POST", "workflows/w1/switch", {"on": True})
    load(hub.port, PATH, 4, 2)  # Everything is loaded and open from here on.
    wait_until_finished(hub)
    idle = [_one(hub) for _ in range(60)]
    loads = [asdict(_measure(hub, connections, seconds)) for connections in (10, 50)]
    memory = sum(
        process.memory_info().rss for process in processes(hub) if "postgres" not in process.name()
    ) / 2**20  # fmt: skip
    return {
        "acknowledged_to_finished_idle_ms": {"p50": percentile(idle, 50), "p95": percentile(idle, 95)},
        "loads": loads,
        "memory_mb": round(memory),
    }


def _measure(hub: HubUnderFire, connections: int, seconds: float) -> Figures:
    before, began = cpu_by_process(hub), time.perf_counter()
    latencies = load(hub.port, PATH, connections, seconds)
    sent = time.perf_counter() - began
    wait_until_finished(hub)
    wall, count = time.perf_counter() - began, len(latencies)
    spent = cpu_by_process(hub)
    cost = {name: round((after - before.get(name, 0.0)) * 1000 / count, 3) for name, after in spent.items()}
    p50, p99 = percentile(latencies, 50), percentile(latencies, 99)
    total = round(sum(cost.values()), 3)
    return Figures(connections, count, round(count / sent), p50, p99, round(count / wall), total, cost)


def _one(hub: HubUnderFire) -> float:
    """Milliseconds from the acknowledgement of one call to the end of its run, by the hub's own clock."""
    line = http.client.HTTPConnection("127.0.0.1", hub.port, timeout=30)
    line.request("POST", PATH, json.dumps(BODY), {"Content-Type": "application/json"})
    run = json.loads(line.getresponse().read())["run"]
    while True:
        held = hub.call("GET", f"runs/{run}")
        if held["ended_at"]:
            return (seconds_of(held["ended_at"]) - seconds_of(held["created_at"])) * 1000
        time.sleep(0.01)


def table(measured: dict[str, Any], load_before: float) -> str:
    idle = measured["acknowledged_to_finished_idle_ms"]
    lines = [
        f"{os.cpu_count()} processors, load {load_before:.1f} before; the load generator runs on the same machine",
        "",
    ]
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
