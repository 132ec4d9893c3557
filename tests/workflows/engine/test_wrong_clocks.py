"""Machines whose clocks are ten minutes wrong: nothing is taken from others, lost, doubled, too early or too late."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from hub.accounts.access import Actor
from hub.operations import heartbeats
from hub.operations.heartbeats import heard_from
from hub.watch import clock
from tests.shop_connector.service import Shop
from tests.workflows.drawing import drawn
from tests.workflows.engine.conftest import act, states, work
from tests.workflows.engine.workers import wait_for
from workflows.engine.claiming import claim
from workflows.models import Run, RunStep, Trigger
from workflows.planning.schedules import SHORTEST_INTERVAL_SECONDS
from workflows.services.runs import start_run
from workflows.services.workflows import create_workflow, publish, switch
from workflows.triggers.firing import fire_due

ROOT = Path(__file__).parents[3]
WRONG = 600.0
Started = Callable[..., Run]


@pytest.fixture(params=[WRONG, -WRONG], ids=["ahead", "behind"])
def wrong(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, db: None) -> timedelta:
    """The clock of this process is wrong by so much, and it has sent a sign of life."""
    by, right = timedelta(seconds=request.param), timezone.now
    monkeypatch.setattr(clock, "_found", None)
    monkeypatch.setattr(heartbeats, "_last", {})
    monkeypatch.setattr(timezone, "now", lambda: right() + by)
    assert heartbeats.beat("worker", "wrong")
    return by


def of_database() -> datetime:
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        found: datetime = cursor.fetchone()[0]
    return found


def test_the_time_is_that_of_the_database(wrong: timedelta) -> None:
    assert abs((clock.now() - of_database()).total_seconds()) < 1
    assert abs((timezone.now() - of_database() - wrong).total_seconds()) < 1
    assert heard_from("worker") == ["wrong"]


def test_a_clock_that_is_set_while_the_process_runs_changes_nothing(
    monkeypatch: pytest.MonkeyPatch, db: None
) -> None:
    right = timezone.now
    monkeypatch.setattr(clock, "_found", None)
    clock.look()
    monkeypatch.setattr(timezone, "now", lambda: right() + timedelta(hours=1))
    assert abs((clock.now() - right()).total_seconds()) < 1


def test_a_wrong_clock_is_said_once(wrong: timedelta, monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[tuple[str, int]] = []
    monkeypatch.setattr(clock, "_is_told", False)
    monkeypatch.setattr(clock.log, "warning", lambda event, ahead_seconds: said.append((event, round(ahead_seconds))))
    clock.look()
    clock.look()
    assert said == [("clock.differs", round(wrong.total_seconds()))]


def test_a_run_that_another_carries_out_is_not_taken_from_it(
    started: Started, wrong: timedelta, the_shop: Shop
) -> None:
    run = started("a", a=act("pay"))
    assert [each.run_id for each in claim()] == [run.id], "what is started now is due now"
    assert claim() == []


def test_a_run_waits_for_as_long_as_it_was_told(started: Started, wrong: timedelta) -> None:
    run = started("a -> b", a={"kind": "wait", "settings": {"seconds": 60}})
    work()
    assert states(run) == {"run": "waiting", "a": "waiting"}
    due_at = Run.objects.get(id=run.id).due_at
    assert due_at is not None
    assert 55 < (due_at - of_database()).total_seconds() < 61

    minute = timedelta(seconds=61)
    RunStep.objects.update(due_at=due_at - minute, created_at=due_at - 2 * minute)
    Run.objects.update(due_at=due_at - minute)
    work()
    assert states(run)["run"] == "succeeded"


def test_a_schedule_is_neither_early_nor_passed_over(actor: Actor, wrong: timedelta) -> None:
    trigger = scheduled(actor, every_seconds=60)
    assert trigger.due_at is not None
    assert 55 < (trigger.due_at - of_database()).total_seconds() < 61
    assert fire_due() == 0
    Trigger.objects.update(due_at=trigger.due_at - timedelta(seconds=60))
    assert fire_due() == 1
    assert Trigger.objects.get().passed_over == 0


def scheduled(actor: Actor, **settings: Any) -> Trigger:
    document = drawn("a") | {"triggers": [{"id": "clock", "kind": "schedule", "settings": settings}]}
    create_workflow(actor, slug="scheduled", document=document)
    publish(actor, "scheduled", revision=1)
    switch(actor, "scheduled", on=True)
    return Trigger.objects.get()


# Real processes


@pytest.fixture
def skewed(transactional_db: None) -> Iterator[Callable[..., None]]:
    """Starts processes of the hub on machines whose clocks are wrong by so many seconds."""
    running: list[subprocess.Popen[bytes]] = []
    held = connection.settings_dict
    url = f"postgresql://{held['USER']}@/{held['NAME']}?host={held['HOST']}"

    def start(seconds: float, *command: str, role: str) -> None:
        env = dict(os.environ) | {
            "LOCKGATE_ROLE": role,
            "DATABASE_URL": url,
            "DJANGO_SETTINGS_MODULE": "hub.settings",
        }
        asked = [sys.executable, "-m", "tests.chaos.skewed", str(seconds), *command]
        running.append(subprocess.Popen(asked, cwd=ROOT, env=env))

    yield start
    for each in running:
        each.terminate()
    for each in running:
        each.wait(60)


@pytest.mark.durability
@pytest.mark.timeout(300)
def test_schedulers_and_workers_with_clocks_twenty_minutes_apart_fire_each_time_once(
    actor: Actor, skewed: Callable[..., None]
) -> None:
    for wrong in (WRONG, -WRONG):
        skewed(wrong, "manage.py", "scheduler", role="scheduler")
        name = f"wrong{wrong:.0f}@here"
        celery = ("celery", "--quiet", "-A", "hub.celery:app", "worker", "--pool", "threads", "--loglevel", "warning")
        skewed(wrong, *celery, "--hostname", name, "--without-gossip", "--without-mingle", role="worker")
    wait_for(lambda: len(heard_from("worker")) == len(heard_from("scheduler")) == 2, 120)
    create_workflow(actor, slug="waits", document=drawn("a -> b", a={"kind": "wait", "settings": {"seconds": 2}}))
    publish(actor, "waits", revision=1)
    waits = [start_run(actor, "waits", payload={}) for _ in range(10)]
    began = of_database()
    scheduled(actor, every_seconds=SHORTEST_INTERVAL_SECONDS)
    fires = Run.objects.filter(workflow__slug="scheduled")
    wait_for(lambda: fires.count() >= 3, 60)
    switch(actor, "scheduled", on=False)
    wait_for(lambda: not Run.objects.filter(ended_at=None).exists(), 60)

    fired = sorted(datetime.fromisoformat(at) for at in fires.values_list("payload__scheduled_at", flat=True))
    assert {(later - one).total_seconds() for one, later in pairwise(fired)} == {SHORTEST_INTERVAL_SECONDS}
    late = [(of_database() - fired[-1]).total_seconds(), (fired[0] - began).total_seconds()]
    assert 0 < late[0] < 30
    assert 0 < late[1] <= SHORTEST_INTERVAL_SECONDS + 1
    assert Trigger.objects.get().passed_over == 0
    assert not Run.objects.exclude(state="succeeded", lapses=0).exists()
    for step in RunStep.objects.filter(run__in=waits, step="a"):
        assert step.ended_at is not None
        assert 2 <= (step.ended_at - step.created_at).total_seconds() < 12
