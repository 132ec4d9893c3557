"""What is counted while runs are carried out, and what is told of those that are not."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone

from hub.watch.tallies import bring
from tests.hub.watch.test_metrics import _token, scraped
from tests.shop_connector.service import Shop
from tests.workflows.engine.conftest import act, actor, started, work
from tests.workflows.triggers.conftest import Triggered, triggered
from workflows.engine.draining import drain
from workflows.models import Run, Trigger

__all__ = ["_token", "actor", "started", "triggered"]
Started = Callable[..., Run]
pytestmark = pytest.mark.django_db


def grown(name: str, *labels: str) -> Callable[[], float]:
    """How much a figure has grown since."""

    def now() -> float:
        bring()
        return scraped().get(name, {}).get(labels, 0.0)

    before = now()
    return lambda: now() - before


def test_each_phase_of_a_step_is_timed(started: Started) -> None:
    phases = {phase: grown("lockgate_step_seconds_count", "action", phase) for phase in ("queue", "setup", "work")}
    computed = grown("lockgate_step_seconds_count", "transform", "work")
    started("a -> b", a={"kind": "transform", "settings": {"value": 1}}, b=act("put"))
    work()
    assert {phase: more() for phase, more in phases.items()} == {"queue": 1, "setup": 1, "work": 1}
    assert computed() == 1


def test_a_service_that_takes_its_time_is_seen_in_the_phase_work(
    started: Started, the_shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    work_of, setup_of = (grown("lockgate_step_seconds_sum", "action", phase) for phase in ("work", "setup"))
    monkeypatch.setattr(the_shop, "write", lambda *_: time.sleep(0.3))
    started("a", a=act("put"))
    work()
    assert work_of() >= 0.3
    assert work_of() > setup_of()


def test_runs_are_counted_by_how_they_ended(started: Started) -> None:
    won, lost = grown("lockgate_runs_ended_total", "succeeded"), grown("lockgate_runs_ended_total", "failed")
    waited = grown("lockgate_run_queue_seconds_count")
    started("a", a={"kind": "transform", "settings": {"value": 1}})
    drain(5)
    assert (won(), lost(), waited()) == (1, 0, 1)


def test_a_run_that_fails_is_counted_as_failed(started: Started) -> None:
    lost = grown("lockgate_runs_ended_total", "failed")
    started("a", a={"kind": "stop", "settings": {"message": "No."}})
    drain(5)
    assert lost() == 1


def test_the_queue_is_as_old_as_what_has_been_due_for_longest(started: Started) -> None:
    run = started("a")
    before = timezone.now() - timedelta(minutes=5)
    Run.objects.filter(id=run.id).update(due_at=before, created_at=before)
    found = scraped()
    assert found["lockgate_queue_depth"][()] == 1
    assert 300 <= found["lockgate_queue_age_seconds"][()] < 360
    assert found["lockgate_runs"][("queued",)] == 1


def test_the_head_start_of_an_urgent_workflow_is_no_age(started: Started) -> None:
    run = started("a")
    Run.objects.filter(id=run.id).update(due_at=timezone.now() - timedelta(minutes=5))
    assert scraped()["lockgate_queue_age_seconds"][()] < 60


def test_a_lease_that_nobody_renews_grows_old(started: Started) -> None:
    run = started("a")
    assert scraped()["lockgate_lease_age_seconds"][()] == 0
    past = timezone.now() - timedelta(seconds=100)
    Run.objects.filter(id=run.id).update(state="running", lease_until=past, started_at=past, due_at=None)
    found = scraped()
    assert 120 <= found["lockgate_lease_age_seconds"][()] < 150
    assert found["lockgate_leases_lapsed"][()] == 1
    assert 100 <= found["lockgate_run_longest_seconds"][()] < 130


def test_a_schedule_that_is_late_is_told_unless_its_workflow_is_switched_off(triggered: Triggered) -> None:
    trigger = triggered("schedule", cron="0 3 * * *", zone="UTC")
    past = timezone.now() - timedelta(minutes=10)
    Trigger.objects.filter(id=trigger.id).update(due_at=past)
    assert 600 <= scraped()["lockgate_trigger_lag_seconds"][("schedule",)] < 660
    trigger.workflow.is_active = False
    trigger.workflow.save()
    assert scraped()["lockgate_trigger_lag_seconds"][("schedule",)] == 0
