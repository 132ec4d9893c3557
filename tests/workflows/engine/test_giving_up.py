"""Steps that read a whole source end soon after nobody wants what they read, or their time is over."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import connection

from hub.accounts.access import Actor
from hub.registry import catalog
from hub.sdk import Policy, Proof, Reading, Record, TryLater, patience
from hub.sdk.guarded import GuardedEgress
from tests.shop_connector.service import Shop
from tests.workflows.engine.conftest import error_of, later, states, work
from tests.workflows.engine.shelving import publish_shelving, shelving
from workflows.engine.interventions import ask_to_cancel
from workflows.models import Attempt, Plan, Run, RunStep
from workflows.services import halts, runs

__all__ = ["shelving"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("shelving")]
SOON_SECONDS = 5.0


@pytest.fixture
def silent() -> Iterator[str]:
    """A server that takes a request and never answers."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield f"http://127.0.0.1:{server.getsockname()[1]}/people"


@pytest.fixture
def reads(monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[], Any]], None]:
    """What is done while the shelf is read."""

    def set_reading(do: Callable[[], Any]) -> None:
        shelf = catalog().resource("shop.shelf").implementation
        original = shelf.read

        def read(input: Any, client: Any) -> Reading:
            do()
            return original(input, client)

        monkeypatch.setattr(shelf, "read", read)

    return set_reading


def ask(address: str) -> None:
    GuardedEgress(Policy(allow=("127.0.0.1",))).request("GET", address, timeout_seconds=60)


def planned(actor: Actor, **more: Any) -> Run:
    publish_shelving(actor, {"ink": 1}, **more)
    return runs.start_run(actor, "shelving", payload={})


def test_the_time_of_a_plan_step_is_kept_although_its_source_never_answers(
    actor: Actor, reads: Any, silent: str, the_shop: Shop
) -> None:
    reads(lambda: ask(silent))
    run = planned(actor, timeout_seconds=1, retry={"attempts": 1})
    began = time.monotonic()
    work()

    assert time.monotonic() - began < 1 + SOON_SECONDS
    assert states(run)["run"] == "failed"
    error = error_of(run)
    assert error["code"] == "timed-out"
    assert "within 1 s" in error["message"]
    assert not Plan.objects.exists()
    assert the_shop.written == []


def test_a_plan_step_that_ran_out_of_time_is_tried_again(actor: Actor, reads: Any, silent: str) -> None:
    asked: list[str] = []

    def once() -> None:
        asked.append(silent)
        if len(asked) == 1:
            ask(silent)

    reads(once)
    run = planned(actor, timeout_seconds=0.5)
    work()
    assert states(run)["plan"] == "waiting"
    later(run)
    work()
    assert states(run)["run"] == "succeeded"


def test_cancelling_reaches_a_plan_step_that_waits_for_its_source(
    actor: Actor, reads: Any, silent: str, the_shop: Shop
) -> None:
    run = planned(actor)

    def cancelled_meanwhile() -> None:
        ask_to_cancel(run.id)
        ask(silent)

    reads(cancelled_meanwhile)
    began = time.monotonic()
    work()

    assert time.monotonic() - began < SOON_SECONDS
    assert states(run) == {"run": "cancelled", "plan": "cancelled"}
    step = RunStep.objects.get(run=run)
    assert "given up while it read" in (step.error or {})["message"]
    assert Attempt.objects.get(step=step).state == "unknown"
    assert not Plan.objects.exists()


def test_stopping_a_run_reaches_it_too_and_it_goes_on_when_that_is_lifted(
    actor: Actor, reads: Any, silent: str
) -> None:
    run = planned(actor)
    given: list[Any] = []

    def stopped_meanwhile() -> None:
        if not given:
            given.append(halts.halt(actor, reason="Look first.", run=str(run.id)))
            ask(silent)

    reads(stopped_meanwhile)
    work()
    assert states(run) == {"run": "waiting", "plan": "ready"}

    halts.lift(actor, given[0].id)
    work()
    assert states(run)["run"] == "succeeded"


def test_going_through_many_records_ends_too(actor: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    run = planned(actor, timeout_seconds=0.3, retry={"attempts": 1})

    def endless(input: Any, client: Any) -> Reading:
        one = {"name": "ink", "count": 1}
        return Reading((Record(str(number), one) for number in range(1_000_000_000)), Proof())

    monkeypatch.setattr(catalog().resource("shop.shelf").implementation, "read", endless)
    work()
    assert error_of(run)["code"] == "timed-out"
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass('pg_temp.wanted_object')")
        assert cursor.fetchone() == (None,)


def test_whoever_is_not_asked_waits_as_long_as_the_request_may_take(silent: str) -> None:
    began = time.monotonic()
    with pytest.raises(TryLater):
        GuardedEgress(Policy(allow=("127.0.0.1",))).request("GET", silent, timeout_seconds=1)
    with patience.while_wanted(lambda: True), pytest.raises(TryLater):
        GuardedEgress(Policy(allow=("127.0.0.1",))).request("GET", silent, timeout_seconds=1.2)
    assert 2.1 < time.monotonic() - began < 2.2 + SOON_SECONDS
