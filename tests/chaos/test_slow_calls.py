"""A hundred calls that do not come back keep nobody waiting; a worker that is killed meanwhile repeats no write."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from tests.chaos.hub import HubUnderFire
from tests.chaos.slow import SlowTarget

pytestmark = [pytest.mark.durability, pytest.mark.timeout(420)]
MANY = 100


@pytest.fixture
def target() -> Iterator[SlowTarget]:
    made = SlowTarget()
    yield made
    made.stop()


@pytest.fixture
def hub(tmp_path: Path, target: SlowTarget) -> Iterator[HubUnderFire]:
    made = HubUnderFire(tmp_path, may_reach=[target.port])
    settings = {"base_url": f"http://127.0.0.1:{target.port}"}
    made.call("POST", "connections", {"connector": "http", "name": "T", "slug": "t", "settings": settings})
    yield made
    made.stop()


def publish(hub: HubUnderFire, slug: str, *steps: dict[str, Any], edges: list[dict[str, str]] | None = None) -> None:
    document = {"format": 1, "name": slug, "triggers": [], "steps": list(steps), "edges": edges or []}
    hub.call("POST", "workflows", {"slug": slug, "document": document})
    hub.call("POST", f"workflows/{slug}/publish", {"revision": 1})


def call(step: str, action: str, path: str) -> dict[str, Any]:
    made = {"id": step, "kind": "action", "action": f"http.{action}", "connection": "t", "timeout_seconds": 300}
    return made | {"input": {"path": path}}


def start(hub: HubUnderFire, slug: str, payload: dict[str, Any] | None = None) -> str:
    return str(hub.call("POST", f"workflows/{slug}/runs", {"payload": payload or {}})["id"])


def ended(hub: HubUnderFire, run: str, seconds: float = 60) -> dict[str, Any]:
    hub.wait_for(lambda: bool(hub.call("GET", f"runs/{run}")["ended_at"]), seconds=seconds, pause=0.02)
    found: dict[str, Any] = hub.call("GET", f"runs/{run}")
    return found


def test_a_run_that_only_computes_ends_beside_a_hundred_calls_that_do_not(
    hub: HubUnderFire, target: SlowTarget
) -> None:
    body = {"steps": [call("x", "get", "x")], "edges": []}
    items = {"items": "=[1..30]", "concurrency": 30}
    publish(hub, "branches", *(call(f"s{number}", "get", "b") for number in range(30)))
    publish(hub, "items", {"id": "each", "kind": "each", "settings": items, "body": body})
    publish(hub, "one", call("s", "get", "o"))
    publish(hub, "quick", {"id": "s", "kind": "transform", "settings": {"value": "=trigger.n"}})
    slow = [start(hub, "branches"), start(hub, "items"), *(start(hub, "one") for _ in range(40))]
    assert target.wait_for(MANY, 120), target.most

    took = []
    for number in range(10):
        began = time.perf_counter()
        assert ended(hub, start(hub, "quick", {"n": number}))["state"] == "succeeded"
        took.append(round((time.perf_counter() - began) * 1000))
    print("milliseconds from asking to having seen the end:", sorted(took))
    assert target.here == MANY, "every one of them is still under way"

    target.gate.set()
    assert {ended(hub, run)["state"] for run in slow} == {"succeeded"}
    assert target.most == MANY


def test_a_worker_killed_with_calls_under_way_repeats_no_write_and_forgets_none(
    hub: HubUnderFire, target: SlowTarget
) -> None:
    publish(hub, "reads", call("a", "get", "a"), call("b", "get", "b"))
    publish(hub, "writes", call("w", "send", "=trigger.order"), call("r", "get", "r"))
    reads = [start(hub, "reads") for _ in range(10)]
    writes = {f"order-{number}": start(hub, "writes", {"order": f"order-{number}"}) for number in range(20)}
    assert target.wait_for(60, 120), target.most
    assert hub.kill("worker")
    hub.believe_dead("worker")
    target.gate.set()

    for run in reads:
        found = ended(hub, run)
        assert found["state"] == "succeeded"
    for run in writes.values():
        hub.wait_for(partial(_is_read, hub, run), seconds=60)
        # The write has happened, and nobody heard the answer: a person is asked, it is not done again.
        assert _steps(hub, run) == {"w": "in_doubt", "r": "succeeded"}
    assert target.written == Counter(dict.fromkeys(writes, 1))


def _is_read(hub: HubUnderFire, run: str) -> bool:
    return _steps(hub, run).get("r") == "succeeded"


def _steps(hub: HubUnderFire, run: str) -> dict[str, str]:
    return {step["step"]: step["state"] for step in hub.call("GET", f"runs/{run}")["steps"]}
