"""Calls are made side by side: those of branches, of items, and of many runs. Nobody waits for another's service."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from hub.accounts.access import Actor
from hub.sdk import Rejected
from tests.shop_connector.service import Shop
from tests.workflows.drawing import drawn
from tests.workflows.engine.conftest import act, error_of, later, states, work
from tests.workflows.engine.test_durability import Died, dying_at
from tests.workflows.graph.test_bodies import each, gives
from workflows.engine import draining, interventions
from workflows.engine.under_way import UnderWay
from workflows.models import Run, RunStep
from workflows.services.runs import start_run
from workflows.services.workflows import create_workflow, publish

Started = Callable[..., Run]
pytestmark = pytest.mark.django_db


class Counter:
    """What the shop sees: how many call it at a time. Each call waits until so many are there, or fails."""

    def __init__(self, together: int) -> None:
        self._met = threading.Barrier(together)
        self._mutex = threading.Lock()
        self._now = self.most = 0

    def __call__(self) -> None:
        with self._mutex:
            self._now += 1
            self.most = max(self.most, self._now)
        try:
            self._met.wait(20)
        finally:
            with self._mutex:
                self._now -= 1


@pytest.fixture
def meeting(the_shop: Shop) -> Iterator[Callable[[int], Counter]]:
    original = the_shop.write

    def meet(together: int) -> Counter:
        counter = Counter(together)

        def write(name: str, item: str, call: Any) -> None:
            counter()
            original(name, item, call)

        the_shop.write = write  # type: ignore[method-assign]
        return counter

    yield meet
    del the_shop.write


@pytest.fixture(autouse=True)
def _alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(draining, "under_way", UnderWay())
    monkeypatch.setattr(draining, "_at_once", 50)


@pytest.mark.pain(18)
def test_the_branches_of_a_run_call_at_the_same_time(started: Started, meeting: Callable[[int], Counter]) -> None:
    counter = meeting(3)
    run = started("a -> d\nb -> d\nc -> d", a=act("put", "1"), b=act("pay", "2"), c=act("look", "3"))
    work()
    assert states(run) == {"run": "succeeded", **dict.fromkeys("abcd", "succeeded")}
    assert counter.most == 3


def test_items_call_at_the_same_time_and_no_more_of_them_than_allowed(
    started: Started, meeting: Callable[[int], Counter], the_shop: Shop
) -> None:
    counter = meeting(2)
    run = started("a", {"list": [str(n) for n in range(8)]}, a=each("x", {"concurrency": 2}, x=act("put", "=item")))
    work()
    assert states(run)["run"] == "succeeded"
    assert counter.most == 2
    assert sorted(item for _, item in the_shop.written) == [str(n) for n in range(8)]
    output: Any = RunStep.objects.get(run=run, step="a", item="").output
    assert [got["item"] for got in output["items"]] == [str(n) for n in range(8)]


def test_many_runs_call_at_the_same_time(actor: Actor, meeting: Callable[[int], Counter]) -> None:
    counter = meeting(40)
    create_workflow(actor, slug="drawn", document=drawn("a -> b", a=act("put"), b=gives(1)))
    publish(actor, "drawn", revision=1)
    runs = [start_run(actor, "drawn", payload={}) for _ in range(40)]
    draining.drain(1)
    assert {states(run)["run"] for run in runs} == {"succeeded"}
    assert counter.most == 40


@pytest.mark.pain(18)
def test_a_branch_that_fails_ends_the_run_when_the_others_are_back(
    started: Started, meeting: Callable[[int], Counter], the_shop: Shop
) -> None:
    meeting(2)
    met = the_shop.write

    def write(name: str, item: str, call: Any) -> None:
        if name != "look":
            met(name, item, call)
        if name == "put":
            raise Rejected("There is no such item.")

    the_shop.write = write  # type: ignore[method-assign]
    run = started("a\nb -> c", a=act("put"), b=act("pay"), c=act("look"))
    work()
    found = states(run)
    assert {name: found[name] for name in "ab"} | {"run": found["run"]} == {
        "run": "failed", "a": "failed", "b": "succeeded",
    }  # fmt: skip
    assert error_of(run)["message"] == "There is no such item."


def test_of_a_run_that_is_cancelled_meanwhile_every_outcome_is_noted_and_nothing_more_begins(
    started: Started, the_shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    from workflows.engine.doing import Doing

    run = started("a -> c\nb -> d", a=act("pay", "1"), b=act("pay", "2"), c=act("look"), d=act("look"))
    original = Doing.note_returned

    def cancel(self: Doing) -> None:
        if self._returned:
            interventions.ask_to_cancel(run.id)
        original(self)

    monkeypatch.setattr(Doing, "note_returned", cancel)
    work()
    found = states(run)
    assert (found["run"], found["a"], found["b"]) == ("cancelled", "succeeded", "succeeded")
    assert [name for name, _ in the_shop.calls] == ["pay", "pay"]


def test_a_wait_that_is_over_goes_on_beside_a_call(started: Started, the_shop: Shop) -> None:
    original, waited = the_shop.write, threading.Event()

    def write(name: str, item: str, call: Any) -> None:
        if name == "pay":
            assert waited.wait(20)
        else:
            waited.set()
        original(name, item, call)

    the_shop.write = write  # type: ignore[method-assign]
    try:
        run = started("a\nb -> c", a=act("pay"), b={"kind": "wait", "settings": {"seconds": 0.2}}, c=act("look"))
        work()
    finally:
        del the_shop.write
    assert states(run) == {"run": "succeeded", **dict.fromkeys("abc", "succeeded")}


WRITES = ("open_steps", "begin", "succeed", "fail", "postpone", "call_again", "doubt", "rest", "finish", "write")


@pytest.mark.timeout(300)
@pytest.mark.parametrize("before", [True, False])
def test_wherever_its_worker_dies_branches_end_the_same_or_in_doubt(
    started: Started, the_shop: Shop, actor: Actor, monkeypatch: pytest.MonkeyPatch, before: bool
) -> None:
    run = started("a -> c\nb -> d", a=act("put", "a"), b=act("pay", "b"), c=act("look"), d=act("put", "d"))
    for number in range(1, 99):
        with dying_at(number, before=before, monkeypatch=monkeypatch, writes=WRITES) as written:
            died = False
            try:
                work()
            except Died:
                died = True
        if not died and len(written) < number:
            break
        later(run)
        work()
        found = states(run)
        assert {found[step] for step in "ac"} == {"succeeded"}, (number, found)
        assert len({call.key for name, call in the_shop.calls if name == "put"}) == (2 if "d" in found else 1)
        if found["b"] == "in_doubt":
            assert found["run"] == "waiting"
            assert [name for name, _ in the_shop.written].count("pay") <= 1
        else:
            assert found["run"] == "succeeded", (number, found)
            assert [name for name, _ in the_shop.written].count("pay") == 1
        the_shop.__init__()  # type: ignore[misc]
        Run.objects.all().delete()
        run = start_run(actor, "drawn", payload={})
    assert number > 10
