"""A disk that is full: nothing is acknowledged that is not stored, and with room again the hub goes on by itself."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from tests.chaos.hub import HubUnderFire

pytestmark = [pytest.mark.durability, pytest.mark.timeout(420)]
WORKFLOW = {
    "format": 1,
    "name": "Orders",
    "triggers": [{"id": "order", "kind": "webhook", "settings": {"path": "orders", "key": "=trigger.body.id"}}],
    "steps": [{"id": "map", "kind": "transform", "settings": {"value": "=trigger.body.id"}}],
    "edges": [],
}
PADDING = "x" * 200_000


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    place = tmp_path / "disk"
    place.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=400m,mode=755", "tmpfs", str(place)]
    if os.geteuid() or subprocess.run(mount, check=False, capture_output=True).returncode:
        pytest.skip("Only root may mount a small disk.")
    yield place
    subprocess.run(["umount", "-l", str(place)], check=True)


def fill(disk: Path) -> Path:
    """Leave no room at all."""
    ballast = disk / "ballast"
    with ballast.open("ab", buffering=0) as file, contextlib.suppress(OSError):
        while True:
            file.write(b"\0" * 65_536)
    assert shutil.disk_usage(disk).free < 65_536
    return ballast


def test_what_is_acknowledged_while_the_disk_is_full_is_stored_and_with_room_all_is_carried_out(
    small_disk: Path,
) -> None:
    hub = HubUnderFire(small_disk, may_reach=[1])
    try:
        hub.call("POST", "workflows", {"slug": "orders", "document": WORKFLOW})
        hub.call("POST", "workflows/orders/publish", {"revision": 1})
        hub.call("POST", "workflows/orders/switch", {"on": True})
        acknowledged, refused = set[str](), 0

        def send(order: str) -> int:
            with contextlib.suppress(requests.RequestException):
                body = {"id": order, "padding": PADDING}
                answer = requests.post(f"{hub.url}/hooks/orders", json=body, timeout=60).status_code
                if answer == 202:
                    acknowledged.add(order)
                return answer
            return 0

        assert send("before") == 202
        ballast = fill(small_disk)
        began, number = time.monotonic(), 0
        while time.monotonic() - began < 30 and refused < 10:
            number += 1
            refused += send(f"full-{number}") != 202
        assert refused, "the disk was not full"
        ballast.unlink()

        hub.wait_for(lambda: send("after") == 202, seconds=120)
        hub.wait_for(
            lambda: hub.sql("SELECT count(*) FROM workflows_run WHERE state <> 'succeeded'") == [(0,)], seconds=120
        )
        stored = {row[0] for row in hub.sql("SELECT payload -> 'body' ->> 'id' FROM workflows_run")}
        assert acknowledged <= stored
        assert hub.process.poll() is None
    finally:
        hub.stop()
