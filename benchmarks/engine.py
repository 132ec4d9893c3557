"""What steps cost: `python3 manage.py benchmark engine`. See README.md beside this file."""

from __future__ import annotations

import argparse
import itertools
import json
import os
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from benchmarks.loading import cpu_by_process, load, memory_mb, percentile, seconds_of, wait_until_finished
from benchmarks.outside import SLOW_SECONDS, answering
from tests.chaos.hub import HubUnderFire

ITEMS = 1000
SLOW = 100
STEPS = 40


def three_calls() -> dict[str, Any]:
    steps = [
        {"id": name, "kind": "action", "action": "http.get", "connection": "outside", "input": {"path": "/"}}
        for name in "abc"
    ]
    hook = {"id": "call", "kind": "webhook", "settings": {"path": "three-calls"}}
    edges = [{"from": "a", "to": "b"}, {"from": "b", "to": "c"}]
    return {"format": 1, "name": "Three calls", "triggers": [hook], "steps": steps, "edges": edges}


def many_items() -> dict[str, Any]:
    body = [{"id": "double", "kind": "transform", "settings": {"value": {"n": "=item * 2", "of": "=trigger.name"}}}]
    each = {
        "id": "each",
        "kind": "each",
        "settings": {"items": f"=[1..{ITEMS}]"},
        "body": {"steps": body, "edges": []},
    }
    return {"format": 1, "name": "Many items", "triggers": [], "steps": [each], "edges": []}


def slow_calls() -> dict[str, Any]:
    steps = [
        {
            "id": f"s{number}",
            "kind": "action",
            "action": "http.get",
            "connection": "outside",
            "input": {"path": "/slow"},
        }
        for number in range(SLOW)
    ]
    return {"format": 1, "name": "Slow calls", "triggers": [], "steps": steps, "edges": []}


def many_steps() -> dict[str, Any]:
    names = [f"s{number}" for number in range(STEPS)]
    steps = [{"id": name, "kind": "transform", "settings": {"value": {"n": "=trigger.n"}}} for name in names]
    edges = [{"from": one, "to": other} for one, other in itertools.pairwise(names)]
    return {"format": 1, "name": "Many steps", "triggers": [], "steps": steps, "edges": edges}


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="manage.py benchmark engine", description=__doc__)
    parser.add_argument("--seconds", type=float, default=8, help="how long the load lasts")
    parser.add_argument("--runs", type=int, default=30, help="how many single runs are timed")
    parser.add_argument("--json", action="store_true", help="print the figures as JSON instead of lines")
    options = parser.parse_args(arguments)
    load_before = os.getloadavg()[0]
    with answering() as port, tempfile.TemporaryDirectory(prefix="lge-") as folder:
        hub = HubUnderFire(Path(folder), may_reach=[port])
        try:
            memory = memory_mb(hub)
            measured = carry_out(hub, port, options.seconds, options.runs)
        finally:
            hub.stop()
    measured |= {"processors": os.cpu_count(), "load_before": round(load_before, 1), "idle_memory_mb": memory}
    if options.json:
        print(json.dumps(measured, indent=2))
    else:
        print("\n".join(f"{name}: {value}" for name, value in measured.items()))
    return 0


def carry_out(hub: HubUnderFire, port: int, seconds: float, count: int) -> dict[str, Any]:
    outside = {"name": "Outside", "slug": "outside", "connector": "http"}
    hub.call("POST", "connections", outside | {"settings": {"base_url": f"http://127.0.0.1:{port}"}})
    for slug, document in (
        ("calls", three_calls()),
        ("items", many_items()),
        ("steps", many_steps()),
        ("slow", slow_calls()),
    ):
        hub.call("POST", "workflows", {"slug": slug, "document": document})
        hub.call("POST", f"workflows/{slug}/publish", {"revision": 1})
    hub.call("POST", "workflows/calls/switch", {"on": True})
    return {
        "three calls in a row": _calls(hub, seconds),
        f"for-each over {ITEMS:,} items, ms": _single(hub, "items", count),
        f"{STEPS} light steps, ms": _single(hub, "steps", count),
        f"{STEPS} light steps beside {SLOW} calls of {SLOW_SECONDS:g} s, ms": _beside(hub, count),
    }


def _beside(hub: HubUnderFire, count: int) -> dict[str, float]:
    """The same while calls that take long are under way all the time."""
    taken, slow = list[float](), ""
    while len(taken) < count:
        if not slow or hub.call("GET", f"runs/{slow}")["ended_at"]:
            slow = hub.call("POST", "workflows/slow/runs", {"payload": {}})["id"]
            time.sleep(SLOW_SECONDS / 4)
        taken.append(_one(hub, "steps", len(taken)))
    return {"p50": round(statistics.median(taken), 1), "p95": percentile(taken, 95)}


def _calls(hub: HubUnderFire, seconds: float) -> dict[str, float]:
    load(hub.port, "/hooks/three-calls", 2, 1)
    wait_until_finished(hub)
    before, began = cpu_by_process(hub), time.perf_counter()
    sent = len(load(hub.port, "/hooks/three-calls", 2, seconds))
    wait_until_finished(hub)
    wall, after = time.perf_counter() - began, cpu_by_process(hub)
    spent = sum(after.values()) - sum(before.values())
    return {"runs/s": round(sent / wall, 1), "CPU ms/run": round(spent * 1000 / sent, 2)}


def _single(hub: HubUnderFire, slug: str, count: int) -> dict[str, float]:
    """Runs one after the other."""
    took = [_one(hub, slug, number) for number in range(count)]
    return {"p50": round(statistics.median(took), 1), "p95": percentile(took, 95)}


def _one(hub: HubUnderFire, slug: str, number: int) -> float:
    """One run, from the moment it is stored until it has ended, by the hub's own clock."""
    run = hub.call("POST", f"workflows/{slug}/runs", {"payload": {"n": number, "name": "x"}})["id"]
    while not (held := hub.call("GET", f"runs/{run}"))["ended_at"]:
        time.sleep(0.01)
    assert held["state"] == "succeeded", held
    return (seconds_of(held["ended_at"]) - seconds_of(held["created_at"])) * 1000


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
