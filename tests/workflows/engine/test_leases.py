"""Leases are renewed together, whatever one of the runs is at."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import InterfaceError, connections, transaction
from django.db.models import F

from tests.workflows.drawing import drawn
from workflows import leases
from workflows.engine.claiming import claim
from workflows.engine.journal import Journal
from workflows.leases import RUNS, Keeper, Lease
from workflows.models import Run
from workflows.services.runs import start_run
from workflows.services.workflows import create_workflow, publish


@pytest.mark.django_db(transaction=True)
def test_a_run_whose_row_is_held_keeps_no_other_lease_from_being_renewed(actor: Any) -> None:
    create_workflow(actor, slug="w", document=drawn("a"))
    publish(actor, "w", revision=1)
    for _ in range(2):
        start_run(actor, "w", payload={})
    busy, other = claim(2)
    before = dict(Run.objects.values_list("id", "lease_until"))
    keeper = Keeper()
    keeper.hold([busy.lease, other.lease])

    _while_held(busy.run_id, keeper.renew)

    after = dict(Run.objects.values_list("id", "lease_until"))
    assert after[other.run_id] > before[other.run_id]  # type: ignore[operator]
    assert after[busy.run_id] == before[busy.run_id]
    keeper.let_go_of_all()


@pytest.mark.django_db
def test_what_took_long_to_write_leaves_a_fresh_lease(started: Callable[..., Run]) -> None:
    started("a")
    claimed = claim()[0]
    Run.objects.update(lease_until=F("lease_until") - timedelta(hours=1))
    before = Run.objects.get().lease_until

    with Journal(claimed).together():
        pass

    assert Run.objects.get().lease_until > before + timedelta(minutes=59)  # type: ignore[operator]


def test_a_trouble_of_any_kind_is_no_end_to_renewing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(leases, "BEAT_SECONDS", 0)
    monkeypatch.setattr(leases, "AFTER_FAILURE_SECONDS", 0)
    keeper, tries, renewed = Keeper(), [InterfaceError("closed"), RuntimeError("anything")], threading.Event()

    def renew() -> None:
        if tries:
            raise tries.pop()
        renewed.set()
        keeper.let_go_of_all()

    monkeypatch.setattr(keeper, "renew", renew)
    keeper.hold([Lease(RUNS, uuid.uuid4(), 1)])
    assert renewed.wait(10)


def _while_held(run: Any, do: Callable[[], None]) -> None:
    """Do it while another connection holds the run's row."""
    held, done = threading.Event(), threading.Event()

    def hold() -> None:
        try:
            with transaction.atomic():
                Run.objects.select_for_update().get(id=run)
                held.set()
                done.wait(20)
        finally:
            connections.close_all()

    thread = threading.Thread(target=hold)
    thread.start()
    assert held.wait(10)
    try:
        do()
    finally:
        done.set()
        thread.join()
