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

from benchmarks import limits
from benchmarks.loading import BODY, cpu_by_process, load, memory_mb, percentile, seconds_of, wait_until_finished
from benchmarks.repeating import middle, said, together
from tests.chaos.hub import HubUnderFire

PATH, ANSWERED = "/hooks/w1-benchmark", "/hooks/w2-benchmark"
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
W2: dict[str, Any] = W1 | {
    "name": "W2",
    "triggers": [
        {"id": "call", "kind": "webhook", "settings": {"path": "w2-benchmark", "answer": "result"}},
    ],
}
"""The same, and the call is answered with what its run gave."""


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
    parser.add_argument("--times", type=int, default=1, help="measure so often, and give median, least and most")
    parser.add_argument("--json", action="store_true", help="print the figures as JSON instead of a table")
    options = parser.parse_args(arguments)
    load_before = os.getloadavg()[0]
    with tempfile.TemporaryDirectory(prefix="lgw-") as folder:
        hub = HubUnderFire(Path(folder), may_reach=[1])
        try:
            memory = memory_mb(hub)
            make_ready(hub)
            series = [carry_out(hub, options.seconds) for _ in range(options.times)]
        finally:
            hub.stop()
    measured = (together(series) if options.times > 1 else series[0]) | {"idle_memory_mb": memory}
    if options.json:
        print(json.dumps({"load_before": load_before, "processors": os.cpu_count(), **measured}, indent=2))
    else:
        print(table(measured, load_before))
    return 0


def make_ready(hub: HubUnderFire) -> None:
    for slug, document in (("w1", W1), ("w2", W2)):
        hub.call("POST", "workflows", {"slug": slug, "document": document})
        hub.call("POST", f"workflows/{slug}/publish", {"revision": 1})
        hub.call("POST", f"workflows/{slug}/switch", {"on": True})
    load(hub.port, PATH, 4, 2)  # Everything is loaded and open from here on.
    wait_until_finished(hub)


def carry_out(hub: HubUnderFire, seconds: float) -> dict[str, Any]:
    idle = [_one(hub) for _ in range(60)]
    loads = [asdict(_measure(hub, connections, seconds)) for connections in (10, 50)]
    return {
        "acknowledged_to_finished_idle_ms": {"p50": percentile(idle, 50), "p95": percentile(idle, 95)},
        "loads": loads,
        "answered_with_the_result": _answered(hub, seconds),
        "limits": _limits(hub, seconds),
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


def _answered(hub: HubUnderFire, seconds: float) -> dict[str, float]:
    """Calls that wait for what their run gives, at ten connections."""
    load(hub.port, ANSWERED, 4, 1, 200)
    before, began = cpu_by_process(hub), time.perf_counter()
    latencies = load(hub.port, ANSWERED, 10, seconds, 200)
    wall, spent = time.perf_counter() - began, sum(cpu_by_process(hub).values()) - sum(before.values())
    return {
        "connections": 10,
        "runs_per_second": round(len(latencies) / wall),
        "p50_ms": percentile(latencies, 50),
        "p99_ms": percentile(latencies, 99),
        "cpu_ms_per_run": round(spent * 1000 / len(latencies), 3),
    }


def _limits(hub: HubUnderFire, seconds: float) -> list[dict[str, float]]:
    """What the machine can do at most with the same parts, at as many connections."""
    with limits.bare_server() as port:
        return [
            {
                "connections": connections,
                "commits_per_second": limits.commits(hub, "w1", connections, seconds),
                "answers_per_second": limits.answers(port, connections, seconds),
                "round_trips_per_second": limits.round_trips(hub, connections, seconds),
            }
            for connections in (10, 50)
        ]


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
    idle, answered = measured["acknowledged_to_finished_idle_ms"], measured["answered_with_the_result"]
    lines = [
        f"{os.cpu_count()} processors, load {load_before:.1f} before; the load generator runs on the same machine",
        "",
    ]
    for each, limit in zip(measured["loads"], measured["limits"], strict=True):
        lines += [
            f"W1, {round(middle(each['connections']))} connections",
            f"  acknowledged/s {said(each['acknowledged_per_second'])}, "
            f"p50 {said(each['p50_ms'])} ms, p99 {said(each['p99_ms'])} ms",
            f"  finished/s {said(each['finished_per_second'])}",
            f"  CPU {said(each['cpu_ms_per_run'])} ms a run: "
            + ", ".join(f"{name} {said(cost)}" for name, cost in each["cpu_ms_by_process"].items()),
            "  the machine at most, by the same load generator or pgbench:",
            f"    commits/s of one run each: {said(limit['commits_per_second'])}; finished are "
            + _share(each["finished_per_second"], limit["commits_per_second"]),
            f"    answers/s of the bare web server: {said(limit['answers_per_second'])}; acknowledged are "
            + _share(each["acknowledged_per_second"], limit["answers_per_second"]),
            f"    round trips/s of Valkey: {said(limit['round_trips_per_second'])}",
            "",
        ]
    lines += [
        "W2, answered with the result, 10 connections",
        f"  runs/s {said(answered['runs_per_second'])}, p50 {said(answered['p50_ms'])} ms, "
        f"p99 {said(answered['p99_ms'])} ms, CPU {said(answered['cpu_ms_per_run'])} ms a run",
        "",
        f"one call at a time, stored to finished: p50 {said(idle['p50'])} ms, p95 {said(idle['p95'])} ms",
        f"memory of the idle hub without PostgreSQL and Valkey: {measured['idle_memory_mb']} MB",
    ]
    return "\n".join(lines)


def _share(ours: Any, most: Any) -> str:
    return f"{100 * middle(ours) / middle(most):.0f} %"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
