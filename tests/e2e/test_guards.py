"""What guards hold of a provisioning plan, and what goes on all the same."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils import timezone

from tests.e2e.stage import Stage
from workflows.models import Change, ChangeState, Plan, PlanState

DEPARTMENT = "oTDepartment"
LOOSE: dict[str, Any] = {"most_removals": None, "most_removals_percent": None}


def move(stage: Stage, *people: str) -> None:
    """Out of everything the rules give."""
    for person in people:
        stage.set_attribute(person, "title", "Clerk")


def held(plan: Plan) -> set[str]:
    rows = plan.changes.filter(state=ChangeState.HELD)
    return {change.key.rpartition(">")[2].partition("@")[0] for change in rows}


def test_a_unit_in_which_too_many_lose_access_is_held_and_others_are_not(stage: Stage) -> None:
    stage.apply()
    stage.install(**LOOSE, thresholds=[{"operation": "delete", "most": 1, "by_unit": True}])
    units = {"gwen.parry": "Claims", "priya.nair": "Claims", "henrik.olsen": "Sales"}
    for person, unit in units.items():
        stage.set_attribute(person, DEPARTMENT, unit)
    move(stage, *units)

    plan = stage.simulate()

    assert held(plan) == {"gwen.parry", "priya.nair"}
    assert plan.state == PlanState.APPROVED
    assert "otds.group_members: 2 removals in Claims now; the limit is 1." in str(plan.guards)


def test_a_slow_leak_is_held_once_the_week_is_full(stage: Stage) -> None:
    stage.apply()
    Change.objects.update(ended_at=timezone.now() - timedelta(days=8))
    stage.install(**LOOSE, thresholds=[{"operation": "delete", "most": 1, "per": "7d"}])
    move(stage, "gwen.parry")
    assert held(stage.apply()) == set()
    move(stage, "priya.nair")
    stage.set_attribute("otto.keller", "title", "Template designer")

    plan = stage.simulate()

    assert held(plan) == {"priya.nair"}
    assert "1 removals now and 1 in the last 7d; the limit is 1" in str(plan.guards)
    assert plan.changes.filter(operation="create", state=ChangeState.PLANNED).exists()
    Change.objects.filter(key__contains="gwen.parry").update(ended_at=timezone.now() - timedelta(days=8))
    assert held(stage.simulate()) == set()


def test_a_directory_without_somebody_who_must_be_there_changes_nothing(stage: Stage) -> None:
    stage.apply()
    stage.install(must_be_found=["amara.diallo@Northwind"])
    assert stage.simulate().state == PlanState.APPLIED
    stage.change("DELETE", "/users/amara.diallo@Northwind")

    plan = stage.simulate()

    assert plan.state == PlanState.REFUSED
    assert "amara.diallo@Northwind must be found, and was not" in str(plan.guards)
