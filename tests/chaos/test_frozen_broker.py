"""A broker that hangs, with its socket open, delays neither answers nor runs for long."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
import requests

from tests.chaos.hub import HubUnderFire

pytestmark = [pytest.mark.durability, pytest.mark.timeout(420)]
WORKFLOW = {
    "format": 1,
    "name": "Orders",
    "triggers": [{"id": "order", "kind": "webhook", "settings": {"path": "orders"}}],
    "steps": [{"id": "map", "kind": "transform", "settings": {"value": "=trigger.body.n"}}],
    "edges": [],
}


def test_calls_are_acknowledged_and_carried_out_while_valkey_hangs(tmp_path: Path) -> None:
    hub = HubUnderFire(tmp_path, may_reach=[1])
    try:
        hub.call("POST", "workflows", {"slug": "orders", "document": WORKFLOW})
        hub.call("POST", "workflows/orders/publish", {"revision": 1})
        hub.call("POST", "workflows/orders/switch", {"on": True})
        for process in hub.processes("valkey"):
            process.suspend()
        took = []
        for number in range(10):
            began = time.monotonic()
            reply = requests.post(f"{hub.url}/hooks/orders", json={"n": number}, timeout=60)
            took.append(time.monotonic() - began)
            assert reply.status_code == 202
        assert sorted(took)[len(took) // 2] < 1, took

        def all_finished() -> bool:
            return hub.sql("SELECT count(*) FROM workflows_run WHERE state = 'succeeded'") == [(10,)]

        hub.wait_for(all_finished, seconds=60)
    finally:
        for process in hub.processes("valkey"):
            process.resume()
        hub.stop()
