"""`manage.py doctor` on work: what is late, half applied or not read is said, with what to do."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from hub.accounts.access import Actor
from hub.connections.models import Connection
from hub.operations.doctor import Finding, examine
from tests.shop_connector.service import Shop
from tests.workflows.drawing import drawn
from tests.workflows.reconcile.test_plans import plan_for, shelf
from workflows.models import Plan, PlanState, Run, Trigger
from workflows.planning.states import RunState
from workflows.services.runs import start_run
from workflows.services.workflows import create_workflow, publish, switch

__all__ = ["shelf"]
LATE = timedelta(minutes=5)


def _found(name: str) -> Finding:
    return next(finding for finding in examine() if finding.name == name)


@pytest.fixture
def run(alice: Actor) -> Run:
    create_workflow(alice, slug="drawn", document=drawn("a -> b"))
    publish(alice, "drawn", revision=1)
    return start_run(alice, "drawn", payload={})


def test_work_that_nobody_takes_on_is_noticed(run: Run) -> None:
    assert _found("Work").well, "a run that has just come is not late"
    Run.objects.update(due_at=timezone.now() - LATE)

    late = _found("Work")

    assert late.says.startswith("1 runs have waited for a worker since ")
    assert "workers" in late.mend


@pytest.mark.pain(2)
def test_work_that_a_dead_worker_left_behind_is_noticed(run: Run) -> None:
    Run.objects.update(state=RunState.RUNNING, due_at=None, lease_until=timezone.now() - LATE)

    assert "left behind by a worker that died" in _found("Work").says


def test_a_plan_that_stands_half_applied_is_named_with_how_to_go_on(
    alice: Actor, shelf: Connection, the_shop: Shop
) -> None:
    plan = plan_for(alice, shelf, {"cup": 1})
    assert _found("Plans").well
    Plan.objects.filter(id=plan.id).update(state=PlanState.APPLYING, lease_until=timezone.now() + LATE)
    assert _found("Plans").well, "somebody is at it"
    Plan.objects.filter(id=plan.id).update(lease_until=timezone.now() - LATE)

    broken = _found("Plans")

    assert str(plan.id) in broken.says
    assert "template apply" in broken.mend


def test_an_event_source_that_cannot_be_read_is_named_with_its_reason(run: Run, alice: Actor) -> None:
    switch(alice, "drawn", on=True)
    Trigger.objects.create(
        workspace=alice.workspace, workflow=run.workflow, name="changes", kind="event", failures=3,
        error={"code": "sign-in-refused", "message": "The password is not right."},
    )  # fmt: skip

    found = _found("Event sources")

    assert "changes of " in found.says
    assert "The password is not right." in found.says
    assert found.mend
