"""Ten thousand schedules due on one minute, two schedulers, one of them killed: none is lost, none starts twice."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.utils import timezone

from hub.accounts.access import Actor
from hub.operations.heartbeats import heard_from
from tests.workflows.drawing import drawn
from tests.workflows.engine.conftest import actor
from workflows.models import Run, Trigger, Workflow
from workflows.services.workflows import create_workflow, publish
from workflows.triggers.firing import fire_due

__all__ = ["actor"]
ROOT = Path(__file__).parents[3]
WORKFLOWS, EACH = 100, 100
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.durability, pytest.mark.timeout(300)]


def made(actor: Actor, workflows: int, each: int) -> None:
    """So many schedules that are all due this minute, and then not for an hour."""
    minute = timezone.now().replace(second=0, microsecond=0)
    rule = {"cron": f"{minute.minute} * * * *", "zone": "Europe/Berlin"}
    create_workflow(actor, slug="w", document=drawn("a"))
    version = publish(actor, "w", revision=1)
    Workflow.objects.bulk_create(
        Workflow(workspace=actor.workspace, slug=f"w{number}", name=f"W{number}", draft={}, published=version)
        for number in range(1, workflows)
    )
    Workflow.objects.update(is_active=True)
    Trigger.objects.bulk_create(
        [
            Trigger(workspace=actor.workspace, workflow=held, name=f"t{number}", kind="schedule", settings=rule,
                    due_at=minute)
            for held in Workflow.objects.all() for number in range(each)
        ],
        batch_size=1000,
    )  # fmt: skip


def scheduler() -> subprocess.Popen[bytes]:
    held = connection.settings_dict
    env = dict(os.environ) | {"LOCKGATE_ROLE": "scheduler"}
    env["DATABASE_URL"] = f"postgresql://{held['USER']}@/{held['NAME']}?host={held['HOST']}"
    return subprocess.Popen([sys.executable, "manage.py", "scheduler"], cwd=ROOT, env=env)


def wait_for(what: Callable[[], bool], seconds: float = 240) -> None:
    deadline = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < deadline
        time.sleep(0.2)


def test_none_is_lost_and_none_starts_twice_though_a_scheduler_is_killed(actor: Actor) -> None:
    made(actor, WORKFLOWS, EACH)
    Trigger.objects.update(is_live=False)
    both = [scheduler(), scheduler()]
    try:
        wait_for(lambda: len(heard_from("scheduler")) == 2)
        began = time.monotonic()
        Trigger.objects.update(is_live=True)
        wait_for(lambda: Run.objects.count() > WORKFLOWS * EACH // 10)
        both[0].send_signal(signal.SIGKILL)
        wait_for(lambda: not Trigger.objects.filter(due_at__lte=timezone.now()).exists())
        print(f"{WORKFLOWS * EACH} schedules were fired in {time.monotonic() - began:.1f} s.")
    finally:
        for each in both:
            each.kill()
            each.wait()

    assert Run.objects.count() == WORKFLOWS * EACH
    assert Run.objects.values("trigger").distinct().count() == WORKFLOWS * EACH
    assert not Trigger.objects.filter(fired_at=None).exists()
    assert not Trigger.objects.filter(due_at__lt=timezone.now() + timedelta(minutes=1)).exists()


def test_a_fire_costs_few_questions(actor: Actor, django_assert_max_num_queries: object) -> None:
    made(actor, 10, 30)
    with django_assert_max_num_queries(30):  # type: ignore[operator]
        assert fire_due() == 300
