"""When the database goes away under a worker that lives on, its work is free as soon as the database is back."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Callable, Collection

import pytest
from django.db import OperationalError
from django.utils import timezone

from tests.shop_connector.service import Shop
from tests.workflows.engine.conftest import act, states, work
from workflows import leases
from workflows.engine import draining, storing
from workflows.engine.journal import Journal
from workflows.engine.under_way import UnderWay
from workflows.leases import RUNS, Keeper, Lease
from workflows.models import Run
from workflows.planning.states import RunState

Started = Callable[..., Run]


@pytest.mark.django_db(transaction=True)
def test_a_run_that_lost_the_database_is_carried_on_without_waiting_for_its_lease(
    started: Started, the_shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = started("a -> b", b=act("put"))
    with monkeypatch.context() as patch:

        def away(*_: object, **__: object) -> None:
            raise OperationalError("the server closed the connection")

        patch.setattr(Journal, "begin", away)
        with pytest.raises(OperationalError):
            work()
        leases.keeper.free_given_up()
        assert Run.objects.filter(id=run.id, lease_until__lt=timezone.now()).exists()

    work()

    assert states(run) == {"run": "succeeded", "a": "succeeded", "b": "succeeded"}


@pytest.mark.django_db(transaction=True)
def test_the_outcome_of_a_call_is_kept_while_the_database_is_away(
    started: Started, the_shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(draining, "under_way", UnderWay())
    monkeypatch.setattr(draining, "PAUSE_SECONDS", 0)
    original, away = storing.store, [3]

    def store(pages: Collection[storing.Page]) -> None:
        if any(page.closed for page in pages) and away[0]:
            away[0] -= 1
            raise OperationalError("the server closed the connection")
        original(pages)

    monkeypatch.setattr(storing, "store", store)
    run = started("a -> b", a=act("pay"))
    draining.drain(10)
    assert not away[0]
    assert states(run) == {"run": "succeeded", "a": "succeeded", "b": "succeeded"}


@pytest.mark.django_db(transaction=True)
def test_a_database_that_stays_away_costs_the_run_its_worker_and_nobody_is_stuck(
    started: Started, the_shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(draining, "under_way", UnderWay())
    monkeypatch.setattr(draining, "PAUSE_SECONDS", 0)
    monkeypatch.setattr(draining, "PATIENCE_SECONDS", -1)
    run = started("a", a=act("put"))
    with monkeypatch.context() as patch:

        def away(*_: object) -> None:
            raise OperationalError("the server closed the connection")

        patch.setattr(storing, "store", away)
        draining.drain(10)
        leases.keeper.free_given_up()
    assert not draining.under_way.count
    assert not the_shop.calls, "the intent was not stored"
    work()
    assert states(run) == {"run": "succeeded", "a": "succeeded"}


def test_what_was_given_up_is_tried_until_the_database_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(leases, "AFTER_FAILURE_SECONDS", 0)
    keeper, tries, freed = Keeper(), [OperationalError("still starting up")] * 2, threading.Event()

    def free() -> None:
        if tries:
            raise tries.pop()
        keeper.let_go_of_all()
        freed.set()

    monkeypatch.setattr(keeper, "free_given_up", free)
    with pytest.raises(OperationalError), keeper.keeping(Lease(RUNS, uuid.uuid4(), 1)):
        raise OperationalError("away")
    assert freed.wait(10)


@pytest.mark.django_db(transaction=True)
def test_what_was_given_up_is_renewed_no_more(started: Started, monkeypatch: pytest.MonkeyPatch) -> None:
    run = started("a")
    Run.objects.filter(id=run.id).update(state=RunState.RUNNING, fence=3, lease_until=timezone.now())
    keeper, lease = Keeper(), Lease(RUNS, run.id, 3)
    monkeypatch.setattr(keeper, "_look_after", lambda: None)
    keeper.hold([lease])
    keeper.give_up(lease)
    keeper.free_given_up()
    keeper.renew()
    assert Run.objects.filter(id=run.id, lease_until__lt=timezone.now()).exists()


def test_a_mistake_in_what_was_written_does_not_free_the_work_at_once() -> None:
    keeper = Keeper()
    with pytest.raises(ZeroDivisionError), keeper.keeping(Lease(RUNS, uuid.uuid4(), 1)):
        _ = 1 / 0
    assert not keeper._given_up
