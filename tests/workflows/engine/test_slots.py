"""Only so many runs at a time, counted from rows, so that nothing leaks and nothing is overrun."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from hub.accounts.access import Actor
from tests.shop_connector.service import Shop
from tests.workflows.drawing import drawn
from tests.workflows.engine.conftest import act, error_of, later, work
from workflows import tasks
from workflows.engine.claiming import claim
from workflows.models import Run, RunStep
from workflows.services.runs import cancel_run, start_run
from workflows.services.waiting import in_words
from workflows.services.workflows import create_workflow, publish

Start = Callable[..., Run]
WAIT = {"kind": "wait", "settings": {"seconds": 600}}


@pytest.fixture
def start(actor: Actor) -> Start:
    """Runs of a workflow with these limits."""

    def begin(limits: dict[str, Any] | None = None, payload: dict[str, Any] | None = None, **steps: Any) -> Run:
        if limits is not None:
            steps = steps or {"a": WAIT}
            create_workflow(actor, slug="drawn", document=drawn("a", **steps) | {"concurrency": limits})
            publish(actor, "drawn", revision=1)
        return start_run(actor, "drawn", payload=payload or {})

    return begin


def state(run: Run) -> str:
    return str(Run.objects.get(id=run.id).state)


def is_admitted(run: Run) -> bool:
    return Run.objects.get(id=run.id).admitted_at is not None


def end(run: Run) -> None:
    """The wait of this run is over."""
    RunStep.objects.filter(run=run).update(created_at=timezone.now() - timedelta(hours=1))
    later(run)
    work()


@pytest.mark.pain(20)
def test_the_next_one_waits_says_so_and_begins_when_the_one_before_has_ended(start: Start) -> None:
    first, second, third = start({"limit": 1}), start(), start()
    work()
    assert [is_admitted(each) for each in (first, second, third)] == [True, False, False]
    assert "Waits for its turn" in in_words(Run.objects.get(id=second.id))
    end(first)
    assert [is_admitted(each) for each in (second, third)] == [True, False]
    assert state(first) == "succeeded"


@pytest.mark.pain(20)
def test_a_key_has_a_limit_of_its_own(start: Start) -> None:
    limits = {"key": "=trigger.who", "limit_per_key": 1}
    runs = [start(limits, {"who": "a"}), start(None, {"who": "a"}), start(None, {"who": "b"})]
    work()
    assert [is_admitted(each) for each in runs] == [True, False, True]
    assert '"a"' in in_words(Run.objects.get(id=runs[1].id))
    end(runs[0])
    assert is_admitted(runs[1])


@pytest.mark.pain(3)
def test_a_cancelled_run_frees_its_slot_in_the_same_moment(start: Start, actor: Actor) -> None:
    first, second = start({"limit": 1}), start()
    work()
    cancel_run(actor, first.id)
    work()
    assert (state(first), is_admitted(second)) == ("cancelled", True)


@pytest.mark.pain(3)
def test_a_deleted_run_leaves_its_slot_to_the_next(start: Start) -> None:
    first, second = start({"limit": 1}), start()
    work()
    Run.objects.get(id=first.id).delete()
    tasks.take_turns()
    work()
    assert is_admitted(second)


@pytest.mark.pain(3)
def test_a_killed_worker_neither_leaks_a_slot_nor_overruns_the_limit(start: Start, the_shop: Shop) -> None:
    first, second = start({"limit": 1}, a=act("put")), start()
    lost = next(each for each in claim(2) if each.run_id == first.id)
    from workflows.engine.executor import Execution

    execution = Execution(lost)
    assert execution._admit()
    later(second)
    later(first)
    work()
    assert (state(first), state(second)) == ("succeeded", "succeeded")
    assert len(the_shop.written) == 2


def test_a_run_that_finds_all_slots_taken_is_dropped_where_the_workflow_says_so(start: Start) -> None:
    first, second = start({"limit": 1, "when_full": "drop"}), start()
    work()
    assert (is_admitted(first), state(second)) == (True, "cancelled")
    assert error_of(second)["code"] == "gave-way"


def test_a_newer_run_takes_the_place_of_older_ones_where_the_workflow_says_so(start: Start) -> None:
    limits = {"key": "=trigger.who", "limit_per_key": 1, "when_full": "replace"}
    first = start(limits, {"who": "a"})
    work()
    second, other = start(None, {"who": "a"}), start(None, {"who": "b"})
    work()
    assert (state(first), is_admitted(second), is_admitted(other)) == ("cancelled", True, True)
    assert str(second.id) in error_of(first)["message"]


@pytest.mark.pain(3)
@pytest.mark.django_db(transaction=True)
def test_workers_side_by_side_never_overrun_a_limit_and_all_runs_end(
    start: Start, the_shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    going, most, mutex = 0, 0, threading.Lock()
    original = the_shop.write

    def write(*args: Any) -> None:
        nonlocal going, most
        with mutex:
            going, most = going + 1, max(most, going + 1)
        threading.Event().wait(0.01)
        original(*args)
        with mutex:
            going -= 1

    monkeypatch.setattr(the_shop, "write", write)
    runs = [start({"limit": 2}, a=act("pay"))] + [start() for _ in range(15)]

    def worker() -> None:
        try:
            while Run.objects.exclude(state="succeeded").exists():
                work()
        finally:
            connection.close()

    threads = [threading.Thread(target=worker) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert len(the_shop.written) == len(runs)
    assert most <= 2


def test_an_urgent_run_overtakes_whoever_waits_for_less_than_its_head_start_and_nobody_else(actor: Actor) -> None:
    for slug, priority in (("plain", "normal"), ("fast", "urgent")):
        create_workflow(actor, slug=slug, document=drawn("a") | {"priority": priority})
        publish(actor, slug, revision=1)
    old, new = start_run(actor, "plain", payload={}), start_run(actor, "plain", payload={})
    later(old, 3600)
    urgent = start_run(actor, "fast", payload={})
    assert [claim()[0].run_id for _ in range(3)] == [old.id, urgent.id, new.id]
