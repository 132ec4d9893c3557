"""Workers come and go in the middle of the work, as in a rolling restart: no run is lost, none is done twice."""

from __future__ import annotations

import signal
import time
from collections import Counter
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler

import pytest

from hub.accounts.access import Actor
from hub.connections.models import Connection
from hub.operations.heartbeats import heard_from
from tests.hub.sdk.servers import reply, web
from tests.workflows.drawing import drawn
from tests.workflows.engine.workers import wait_for, worker
from workflows.models import Attempt, Run
from workflows.services.runs import start_run
from workflows.services.workflows import create_workflow, publish

RUNS = 120


@pytest.fixture
def written() -> Iterator[tuple[int, Counter[str]]]:
    """A service that takes its time, and how often each thing was written to it."""
    seen: Counter[str] = Counter()

    def take(handler: BaseHTTPRequestHandler) -> None:
        seen[handler.path] += 1
        time.sleep(0.2)
        reply(handler, body=b"{}", Content_Type="application/json")

    with web(take) as service:
        yield service.port, seen


@pytest.mark.django_db(transaction=True)
@pytest.mark.durability
@pytest.mark.timeout(300)
def test_a_worker_that_is_asked_to_stop_loses_nothing_and_nothing_is_written_twice(
    actor: Actor, written: tuple[int, Counter[str]]
) -> None:
    port, seen = written
    base = {"base_url": f"http://127.0.0.1:{port}"}
    Connection.objects.create(workspace=actor.workspace, name="W", slug="web", connector="http", settings=base)
    send = {"kind": "action", "action": "http.send", "connection": "web",
            "input": {"method": "POST", "path": "=\"n\" & $string(trigger.n)"}}  # fmt: skip
    create_workflow(actor, slug="w", document=drawn("a -> b", b=send))
    publish(actor, "w", revision=1)
    both = [worker("one"), worker("two")]
    try:
        wait_for(lambda: len(heard_from("worker")) == 2, 120)
        runs = [start_run(actor, "w", payload={"n": number}) for number in range(RUNS)]
        wait_for(lambda: len(seen) > RUNS // 6, 100)
        assert Run.objects.filter(state="succeeded").count() < RUNS
        both[0].send_signal(signal.SIGTERM)
        assert both[0].wait(60) == 0
        both[0] = worker("three")
        wait_for(lambda: Run.objects.filter(state="succeeded").count() == RUNS, 120)
    finally:
        for each in both:
            each.terminate()
            each.wait(60)

    assert len(runs) == Run.objects.count() == RUNS
    assert set(seen.values()) == {1}
    assert len(seen) == RUNS
    assert Attempt.objects.count() == RUNS
    assert not Run.objects.filter(lapses__gt=0).exists()
