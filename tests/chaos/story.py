"""The story: orders come in by webhook, are mapped and written to an outside system, while processes are killed."""

from __future__ import annotations

import argparse
import itertools
import json
import random
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import requests

from tests.chaos.hub import HubUnderFire
from tests.chaos.proxy import Proxy
from tests.chaos.target import Target
from workflows.leases import LEASE_SECONDS

WORKFLOW: dict[str, Any] = {
    "format": 1,
    "name": "Orders",
    "triggers": [{"id": "order", "kind": "webhook", "settings": {"path": "orders", "key": "=trigger.body.id"}}],
    "steps": [
        {"id": "map", "kind": "transform",
         "settings": {"value": {"id": "=trigger.body.id", "twice": "=trigger.body.n * 2"}}},
        {"id": "write", "kind": "action", "action": "http.send", "connection": "target",
         "input": {"path": "orders", "body": {"kind": "json", "document": "=steps.map"}},
         "retry": {"attempts": 8, "first_seconds": 0.2, "longest_seconds": 2}},
        {"id": "note", "kind": "transform", "settings": {"value": "=steps.write.status"}},
    ],
    "edges": [{"from": "map", "to": "write"}, {"from": "write", "to": "note"}],
}  # fmt: skip


SENDERS = 3
KILLED = ("worker", "web", "postgres", "valkey", "scheduler")
"""Roles whose processes are killed, as a power cut would; half of the time Valkey loses its data too."""
TROUBLES = (
    *KILLED, "connections cut", "valkey flushed", "valkey frozen", "worker frozen", "postgres frozen",
    "calls cut", "calls half-closed", "calls silent",
)  # fmt: skip
"""A frozen worker comes back when others have its runs by then. Calls: those to the outside system."""


@dataclass
class Ledger:
    """What became of every order that was acknowledged."""

    seconds: float = 0
    troubles: dict[str, int] = field(default_factory=dict)
    """How often each came about: a role is one whose processes were killed."""
    acknowledged: int = 0
    refused: int = 0
    """Calls that were not acknowledged; their senders tried again."""
    finished: int = 0
    in_doubt: int = 0
    failed: int = 0
    lost: list[str] = field(default_factory=list)
    written_twice: list[str] = field(default_factory=list)
    finished_unwritten: list[str] = field(default_factory=list)
    doubled_runs: list[str] = field(default_factory=list)

    @property
    def is_closed(self) -> bool:
        accounted = self.finished + self.in_doubt + self.failed
        wrong = self.lost or self.written_twice or self.finished_unwritten or self.doubled_runs
        return accounted == self.acknowledged and not wrong


def play(
    folder: Path,
    *,
    seconds: float,
    seed: int,
    pause: tuple[float, float] = (2, 6),
    orders_per_second: float = 50,
    troubles: Sequence[str] = KILLED,
) -> Ledger:
    """Send, disturb, wait until everything has come to rest, and close the ledger."""
    chance = random.Random(seed)
    target = Target(seed)
    between = Proxy(("127.0.0.1", target.port))
    try:
        hub = HubUnderFire(folder, may_reach=[between.port])
    except BaseException:
        between.stop()
        target.stop()
        raise
    try:
        base = f"http://127.0.0.1:{between.port}"
        hub.call("POST", "connections", {"connector": "http", "name": "Target", "slug": "target",
                                         "settings": {"base_url": base}})  # fmt: skip
        hub.call("POST", "workflows", {"slug": "orders", "document": WORKFLOW})
        hub.call("POST", "workflows/orders/publish", {"revision": 1})
        hub.call("POST", "workflows/orders/switch", {"on": True})
        ledger, acknowledged = Ledger(seconds=seconds), set[str]()
        done = threading.Event()
        threads = [
            threading.Thread(
                target=_send, args=(hub.url, number, SENDERS / orders_per_second, done, acknowledged, ledger)
            )
            for number in range(SENDERS)
        ]
        for thread in threads:
            thread.start()
        disturbed = _disturb_for(hub, between, seconds, chance, pause, troubles)
        done.set()
        for thread in threads:
            thread.join()
        ledger.troubles = dict(disturbed)
        hub.wait_for(lambda: _is_at_rest(hub), seconds=300, pause=2)
        _close(hub, target, acknowledged, ledger)
        return ledger
    finally:
        hub.stop()
        between.stop()
        target.stop()


def _send(url: str, sender: int, every: float, done: threading.Event, acknowledged: set[str], ledger: Ledger) -> None:
    """A sender that tries each order until it is acknowledged, as senders of webhooks do."""
    session = requests.Session()
    session.trust_env = False
    for number in itertools.count():
        order = f"{sender}-{number}"
        while True:
            try:
                reply = session.post(f"{url}/hooks/orders", json={"id": order, "n": number}, timeout=10)
                if reply.status_code == 202:
                    acknowledged.add(order)
                    break
            except requests.RequestException:
                pass
            ledger.refused += 1
            done.wait(0.2)
            if done.is_set():
                return
        if done.wait(every):
            return


def _disturb_for(
    hub: HubUnderFire,
    between: Proxy,
    seconds: float,
    chance: random.Random,
    pause: tuple[float, float],
    troubles: Sequence[str],
) -> Counter[str]:
    """One trouble after another, each of them once at least when there is time; how often each came about."""
    made: Counter[str] = Counter()
    until = time.monotonic() + seconds
    for turn in itertools.count():
        trouble = troubles[turn] if turn < len(troubles) else chance.choice(troubles)
        time.sleep(min(chance.uniform(*pause), max(0.0, until - time.monotonic())))
        if time.monotonic() >= until:
            return made
        made[trouble] += bool(_disturb(hub, between, trouble, chance))
    return made


def _disturb(hub: HubUnderFire, between: Proxy, trouble: str, chance: random.Random) -> int:
    """Returns to how many processes or connections it was done."""
    match trouble:
        case "connections cut":
            return hub.cut_connections()
        case "calls cut":
            return between.cut()
        case "calls half-closed":
            return between.half_close()
        case "calls silent":
            return between.be_silent(chance.uniform(1, 5))
        case "valkey flushed":
            return hub.flush_valkey()
        case "worker frozen":
            return hub.freeze("worker", LEASE_SECONDS + 5)
        case "postgres frozen" | "valkey frozen":
            return hub.freeze(trouble.removesuffix(" frozen"), chance.uniform(1, 8))
        case role:
            return hub.kill(role, lose_data=chance.random() < 0.5)


def _is_at_rest(hub: HubUnderFire) -> bool:
    """Nothing is queued or running, and what waits, waits for a person."""
    states = {
        state: list(hub.every(f"runs?workflow=orders&state={state}")) for state in ("queued", "running", "waiting")
    }
    return not states["queued"] and not states["running"] and all(not run["due_at"] for run in states["waiting"])


def _close(hub: HubUnderFire, target: Target, acknowledged: set[str], ledger: Ledger) -> None:
    runs = Counter[str]()
    asked = "SELECT payload -> 'body' ->> 'id', state, error FROM workflows_run"
    for order, state, error in hub.sql(asked):
        runs[order] += 1
        if order not in acknowledged:
            continue  # Stored, but the answer was lost; its sender would have tried again.
        ledger.finished += state == "succeeded"
        ledger.failed += state == "failed" and bool(error["message"])
        ledger.in_doubt += state == "waiting"
        if state == "succeeded" and target.written[order] != 1:
            ledger.finished_unwritten.append(order)
    ledger.acknowledged = len(acknowledged)
    ledger.lost = sorted(acknowledged - set(runs))
    ledger.written_twice = sorted(order for order, count in target.written.items() if count > 1)
    ledger.doubled_runs = sorted(order for order, count in runs.items() if count > 1)


def main() -> int:
    parser = argparse.ArgumentParser(description="Kill the hub's processes under load, and close the ledger.")
    parser.add_argument("--minutes", type=float, default=2)
    parser.add_argument("--seed", type=int, default=int(time.time()))
    parser.add_argument("--pause", type=float, default=4, help="seconds between two troubles, on average")
    parser.add_argument("--orders", type=float, default=50, help="sent by the second, at most")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="lgc-") as folder:
        ledger = play(
            Path(folder),
            seconds=given.minutes * 60,
            seed=given.seed,
            pause=(given.pause / 2, given.pause * 1.5),
            orders_per_second=given.orders,
            troubles=TROUBLES,
        )
    json.dump(asdict(ledger) | {"seed": given.seed, "closed": ledger.is_closed}, sys.stdout, indent=2)
    print()
    return 0 if ledger.is_closed else 1


if __name__ == "__main__":
    sys.exit(main())
