"""A worker may die at any moment: the run ends the same way or says that it is in doubt. Nothing is written twice."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

import pytest
from django.db import connection

from hub.accounts.access import Actor
from hub.api.errors import Conflict
from hub.sdk import Settled
from tests.shop_connector.service import Shop
from tests.workflows.engine.conftest import act, later, states, work
from workflows.engine import computing, doing, executor
from workflows.engine.claiming import LeaseLost, claim
from workflows.engine.journal import Journal
from workflows.models import Attempt, Run
from workflows.planning.states import RunState
from workflows.services.replays import replay
from workflows.services.runs import retry_run, settle_step

Started = Callable[..., Run]
WRITES = ("open_steps", "begin", "succeed", "finish", "write")


class Died(BaseException):
    """The worker is gone: nothing catches this."""


@contextmanager
def dying_at(
    number: int, *, before: bool, monkeypatch: pytest.MonkeyPatch, writes: tuple[str, ...] = WRITES
) -> Iterator[list[str]]:
    """The worker dies just before, or just after, its nth write."""
    written: list[str] = []
    with monkeypatch.context() as patch:
        for name in writes:
            original = getattr(Journal, name)

            def write(self: Journal, *args: Any, _original: Any = original, _name: str = name, **more: Any) -> Any:
                written.append(_name)
                mine = len(written)  # One write may be a part of another.
                if before and mine == number:
                    raise Died
                made = _original(self, *args, **more)
                if not before and mine == number:
                    raise Died
                return made

            patch.setattr(Journal, name, write)
        yield written


@pytest.mark.django_db
@pytest.mark.parametrize("before", [True, False])
@pytest.mark.parametrize("effect", ["look", "put", "pay"])
def test_a_run_whose_worker_dies_at_any_write_ends_the_same_or_in_doubt(
    started: Started, the_shop: Shop, monkeypatch: pytest.MonkeyPatch, effect: str, before: bool
) -> None:
    run = started("a -> b -> c", b=act(effect))
    number = 0
    while True:
        number += 1
        died = False
        with dying_at(number, before=before, monkeypatch=monkeypatch) as written:
            try:
                work()
            except Died:
                died = True
        if not died and len(written) < number:
            break
        later(run)
        work()
        found = states(run)
        if effect == "pay" and found.get("b") == "in_doubt":
            assert len(the_shop.written) <= 1
        else:
            assert found == {"run": "succeeded", "a": "succeeded", "b": "succeeded", "c": "succeeded"}, (
                number,
                found,
            )
            assert len({call.key for _, call in the_shop.calls}) == 1
            if effect == "pay":
                assert len(the_shop.written) == 1
        Run.objects.filter(id=run.id).delete()
        the_shop.__init__()  # type: ignore[misc]
        run = _again(run)
    assert number > 6


def _again(run: Run) -> Run:
    from workflows.services.runs import start_run

    return start_run(Actor.system(run.workspace), "drawn", payload={})


@pytest.mark.django_db
def test_a_step_that_takes_its_worker_along_every_time_is_given_up(
    started: Started, the_shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = started("a", a=act("put"))
    original = the_shop.write

    def die(name: str, item: str, call: Any) -> None:
        original(name, item, call)
        raise Died

    monkeypatch.setattr(the_shop, "write", die)
    for _ in range(doing.MOST_BROKEN_OFF + 1):
        with pytest.raises(Died):
            work()
        later(run)
    work()

    assert states(run) == {"run": "failed", "a": "failed"}


@pytest.mark.django_db
def test_a_worker_that_lost_its_lease_writes_nothing_more(started: Started, the_shop: Shop) -> None:
    run = started("a", a=act("put"))
    slow = claim()[0]
    later(run)
    fast = claim()[0]
    assert fast.fence == slow.fence + 1

    with pytest.raises(LeaseLost):
        Journal(slow).finish(RunState.FAILED)
    executor.carry_out(slow)
    assert the_shop.calls == []
    executor.carry_out(fast)
    assert states(run) == {"run": "succeeded", "a": "succeeded"}


@pytest.mark.django_db(transaction=True)
def test_workers_side_by_side_carry_out_each_run_once(started: Started, actor: Actor, the_shop: Shop) -> None:
    run = started("a", a=act("pay"))
    runs = [run] + [_again(run) for _ in range(20)]

    def worker() -> None:
        try:
            work()
        finally:
            connection.close()

    threads = [threading.Thread(target=worker) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(the_shop.written) == len(runs)
    assert Run.objects.filter(state=RunState.SUCCEEDED).count() == len(runs)


@pytest.mark.django_db
def test_a_run_that_takes_every_worker_along_while_it_computes_is_given_up(
    started: Started, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = started("a -> b")
    with monkeypatch.context() as patch:
        patch.setattr(computing, "decide", lambda *_: (_ for _ in ()).throw(Died()))
        for _ in range(executor.MOST_LAPSES + 1):
            with pytest.raises(Died):
                work()
            later(run)
        work()
    assert states(run)["run"] == "failed"
    assert "times in a row" in Run.objects.get(id=run.id).error["message"]  # type: ignore[index]


@pytest.mark.django_db
@pytest.mark.parametrize(("effect", "calls"), [("look", 3), ("put", 3), ("pay", 1)])
def test_a_run_that_was_given_up_is_replayed_and_writes_nothing_a_second_time(
    started: Started, the_shop: Shop, actor: Actor, monkeypatch: pytest.MonkeyPatch, effect: str, calls: int
) -> None:
    monkeypatch.setattr(executor, "MOST_LAPSES", 1)
    the_shop.after = [Died(), Died()]
    the_shop.settles = lambda _: Settled.UNKNOWN
    run = started("a -> b -> c", b=act(effect))
    for _ in range(2):
        with suppress(Died):
            work()
        later(run)
    work()
    if effect == "pay":
        settle_step(actor, run.id, step="b", verdict="happened", output={"item": "pen"})
    else:
        with pytest.raises(Conflict, match="Replay it"):
            retry_run(actor, run.id)
    work()
    again = replay(actor, run.id) if effect != "pay" else run
    work()

    assert states(again) == {"run": "succeeded", "a": "succeeded", "b": "succeeded", "c": "succeeded"}
    assert len(the_shop.calls) == calls
    assert len({call.key for name, call in the_shop.calls if name == "put"}) <= 1


@pytest.mark.django_db
def test_steps_that_only_compute_are_written_together_with_what_comes_next(
    started: Started, django_assert_max_num_queries: Any
) -> None:
    run = started(" -> ".join(f"s{number}" for number in range(40)))
    with django_assert_max_num_queries(25):
        work()
    row = Run.objects.get(id=run.id)
    assert (row.state, row.steps.count()) == ("succeeded", 40)
    assert all(step.created_at <= step.ended_at for step in row.steps.all())  # type: ignore[operator]
    assert not Attempt.objects.exists(), "nothing left, so that there was no intent to store"
