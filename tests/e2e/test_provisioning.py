"""The main job: joiners, movers and leavers of a directory become access in Exstream, and nothing else does."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import timezone

from hub.accounts.access import fetch
from hub.api.errors import Conflict, Invalid
from hub.connections.models import Connection
from hub.sdk import TryLater
from hub.sdk.sandbox import Fault, FaultKind, Server
from tests.e2e.stage import Stage
from tests.workflows.engine.conftest import work
from workflows.management.commands.template import told
from workflows.models import Installation, Memory, Plan, PlanState, Run, Trigger
from workflows.services import plans, runs, sample, templates
from workflows.services.uses import uses_of
from workflows.triggers.polling import ask


def test_a_simulation_shows_every_change_with_its_rule_and_writes_nothing(stage: Stage) -> None:
    plan = stage.simulate()

    assert plan.state == PlanState.APPROVED
    moved = plan.changes.get(key="exs.emea-prod.designer@Northwind>lena.vogt@Northwind")
    assert moved.operation == "delete"
    joined = plan.changes.filter(resource="otds.group_members", operation="create").first()
    assert joined is not None
    assert set(joined.cause) >= {"rule", "because"}
    assert stage.write_counts() == (0, 0)


def test_people_get_exactly_the_access_of_their_rules_and_a_second_run_plans_nothing(stage: Stage) -> None:
    plan = stage.apply()

    assert plans.summary(plan) == {"applied": plan.changes.count()}
    assert stage.write_counts() == (plan.changes.count(), 0)
    domains = ("emea-prod", "uk-prod", "apac-prod")
    seen = {person: [stage.sees(person, domain) for domain in domains]
            for person in ("amara.diallo", "gwen.parry", "priya.nair", "otto.keller", "lena.vogt")}  # fmt: skip
    assert seen == {
        "amara.diallo": [True, False, False],
        "gwen.parry": [False, True, False],
        "priya.nair": [False, False, True],
        "otto.keller": [False, False, False],
        "lena.vogt": [False, False, False],
    }
    assert stage.simulate().changes.count() == 0


def test_a_joiner_a_mover_and_a_leaver_change_their_own_rows_only(stage: Stage) -> None:
    stage.apply()
    stage.set_attribute("otto.keller", "title", "Template designer")
    stage.set_attribute("gwen.parry", "c", "SG")
    stage.set_attribute("amara.diallo", "accountDisabled", "true")

    plan = stage.apply()

    touched = {change.key.rpartition(">")[2] for change in plan.changes.filter(resource="otds.group_members")}
    assert touched == {f"{name}@Northwind" for name in ("otto.keller", "gwen.parry", "amara.diallo")}
    assert [each.title for each in plan.changes.filter(resource="otds.seats")] == [
        "Seat NAMED_DESIGNER of amara.diallo@Northwind"
    ]
    assert stage.sees("otto.keller", "emea-prod")
    assert (stage.sees("gwen.parry", "uk-prod"), stage.sees("gwen.parry", "apac-prod")) == (False, True)
    assert stage.token("amara.diallo") is None
    assert stage.simulate().changes.count() == 0


def test_what_changes_in_the_directory_starts_a_run_that_gives_and_takes_access(stage: Stage) -> None:
    stage.apply()
    trigger = Trigger.objects.get(kind="event")
    ask(trigger.id)
    stage.set_attribute("otto.keller", "title", "Template designer")
    stage.set_attribute("amara.diallo", "accountDisabled", "true")

    Trigger.objects.update(due_at=timezone.now())
    assert ask(trigger.id) == 1
    work()

    run = Run.objects.latest("id")
    assert (run.state, run.cause["kind"], run.payload["count"]) == ("succeeded", "event", 2)
    assert stage.sees("otto.keller", "emea-prod")
    assert stage.token("amara.diallo") is None
    assert not stage.simulate().counts


def test_a_leaver_keeps_no_seat_and_no_lock(stage: Stage) -> None:
    plan = stage.apply()

    taken = {
        (change.resource, change.operation) for change in plan.changes.all() if "marcus.webb" in str(change.before)
    }
    assert taken == {("otds.group_members", "delete"), ("otds.seats", "delete"), ("exstream.locks", "delete")}


def test_a_rehired_person_is_not_removed_by_anything_old(stage: Stage) -> None:
    stage.apply()
    stage.set_attribute("gwen.parry", "accountDisabled", "true")
    stale = stage.simulate()
    stage.set_attribute("gwen.parry", "accountDisabled", "false")

    assert not stage.simulate().changes.filter(key__contains="gwen.parry").exists()
    assert stale.changes.filter(key__contains="gwen.parry").exists()


def test_a_last_day_that_cannot_be_read_ends_access_and_the_plan_names_person_and_value(stage: Stage) -> None:
    stage.apply()
    stage.set_attribute("gwen.parry", "oTExtraAttr5", "31.12.26")

    plan = stage.simulate()

    [said] = [guard for guard in plan.guards if guard["guard"] == "dates"]
    assert (said["passed"], said["warning"]) == (True, True)
    assert 'gwen.parry@Northwind: The last day "31.12.26" (ends)' in said["message"]
    gone = plan.changes.filter(key__contains="gwen.parry", operation="delete")
    assert {each.resource for each in gone} == {"otds.group_members"}


def test_a_last_day_that_cannot_be_read_may_also_refuse_the_plan_or_be_passed_over(stage: Stage) -> None:
    stage.install(unreadable_dates="ignore")
    stage.apply()
    stage.set_attribute("gwen.parry", "oTExtraAttr5", "31.12.26")

    plan = stage.simulate()
    assert "access may outlast the real last day" in str(plan.guards)
    assert not plan.changes.filter(key__contains="gwen.parry").exists()

    stage.install(unreadable_dates="refuse")
    assert stage.simulate().state == PlanState.REFUSED


def test_grace_days_keep_access_for_a_while(stage: Stage) -> None:
    stage.install(grace_days=7)
    stage.apply()
    stage.set_attribute("gwen.parry", "accountDisabled", "true")
    assert not stage.simulate().changes.filter(key__contains="gwen.parry").exists()

    held = Memory.objects.get()
    held.remembered["left"] = dict.fromkeys(held.remembered["left"], "2026-01-01")
    held.save()
    assert stage.simulate().changes.filter(key__contains="gwen.parry", operation="delete").exists()


def test_undo_puts_back_what_the_last_apply_changed(stage: Stage) -> None:
    stage.apply()
    stage.set_attribute("gwen.parry", "c", "SG")
    moved = stage.apply()

    back = plans.undo_plan(stage.actor, moved.id)
    plans.apply_plan(stage.actor, back.id)

    assert (stage.sees("gwen.parry", "uk-prod"), stage.sees("gwen.parry", "apac-prod")) == (True, False)


def test_an_undo_warns_of_people_whom_it_lets_in_although_they_have_left(stage: Stage) -> None:
    stage.apply()
    stage.set_attribute("gwen.parry", "accountDisabled", "true")
    stage.set_attribute("amara.diallo", "accountDisabled", "true")
    left = stage.apply()
    stage.change("DELETE", "/users/amara.diallo@Northwind")

    back = plans.undo_plan(stage.actor, left.id)

    [warned] = [each for each in back.guards if each.get("warning")]
    assert "gwen.parry@Northwind (disabled)" in warned["message"]
    assert "amara.diallo@Northwind (no longer in the directory)" in warned["message"]
    assert "gives access to 2" in warned["message"]
    assert warned["message"] in told(back)
    plans.apply_plan(stage.actor, back.id)
    assert stage.simulate().changes.filter(key__contains="gwen.parry", operation="delete").exists(), "the second net"


def test_an_undo_of_a_move_warns_of_nothing_and_one_that_cannot_ask_says_so(stage: Stage) -> None:
    stage.apply()
    stage.set_attribute("gwen.parry", "c", "SG")
    moved = stage.apply()
    assert plans.undo_plan(stage.actor, moved.id).guards == []

    stage.otds.app.faults.add(Fault(kind=FaultKind.STATUS, status=500))
    [warned] = plans.undo_plan(stage.actor, moved.id).guards
    assert "could not be asked" in warned["message"]


def test_a_directory_that_suddenly_returns_fewer_people_stops_before_any_write(stage: Stage) -> None:
    stage.apply()
    before = stage.write_counts()
    gone = [person for person in stage.about["otds"]["people"] if not person["rightful_groups"]][:22]
    for person in gone:
        stage.change("DELETE", f"/users/{person['id']}")
    counted = stage.write_counts()

    plan = stage.simulate()

    assert plan.state == PlanState.REFUSED
    assert "fewer than the last complete reading" in " ".join(each["message"] for each in plan.guards)
    with pytest.raises(Conflict, match="refused"):
        plans.apply_plan(stage.actor, plan.id)
    assert counted[0] - before[0] == len(gone)
    assert stage.write_counts() == counted


def test_a_page_with_fewer_rows_than_it_claims_stops_before_any_write(stage: Stage) -> None:
    stage.otds.app.faults.add(Fault(kind=FaultKind.FEWER_ROWS, path="*/users", times=1))

    plan = stage.simulate()

    assert plan.state == PlanState.REFUSED
    assert "not complete" in " ".join(each["message"] for each in plan.guards)


@pytest.mark.parametrize(
    ("service", "method", "path"),
    [("otds", "POST", "*/memberof"), ("otds", "POST", "*/deletionset"), ("exstream", "POST", "*/group-roles")],
)
def test_an_answer_that_is_lost_in_the_middle_of_the_writes_is_not_written_twice(
    stage: Stage, service: str, method: str, path: str
) -> None:
    plan = stage.simulate()
    server: Server = getattr(stage, service)
    server.app.faults.add(Fault(kind=FaultKind.DROP_AFTER, method=method, path=path, times=1))
    with pytest.raises(TryLater):
        plans.apply_plan(stage.actor, plan.id)
    assert Plan.objects.get(id=plan.id).state == PlanState.APPLYING

    plans.apply_plan(stage.actor, plan.id)

    assert stage.write_counts() == (plan.changes.count(), 0)
    assert stage.simulate().changes.count() == 0


def test_parameters_that_cannot_work_are_refused_with_their_place(stage: Stage) -> None:
    broken = sample.parameters() | {"directory": "nowhere"}
    with pytest.raises(Invalid) as caught:
        templates.install(stage.actor, sample.TEMPLATE, slug="broken", parameters=broken)
    assert [each["pointer"] for each in caught.value.errors] == ["/parameters/directory"]

    junk: dict[str, Any] = {"rules": [{"when": {}, "groups": []}]}
    with pytest.raises(Invalid) as caught:
        templates.install(stage.actor, sample.TEMPLATE, slug="broken", parameters=junk)
    assert "/parameters/rules/0/groups" in [each["pointer"] for each in caught.value.errors]


def test_an_attribute_that_nobody_has_stops_the_plan_and_is_named(stage: Stage) -> None:
    stage.install(attributes={"starts": "oTNoSuchThing", "ends": "oTExtraAttr5"})

    with pytest.raises(Exception, match="oTNoSuchThing"):
        stage.simulate()


def test_a_connection_that_an_installed_template_uses_is_not_removed(stage: Stage) -> None:
    exstream = fetch(stage.actor, Connection, slug="exstream")

    assert [each["name"] for each in uses_of(stage.actor, exstream)] == [
        f"Joiner, mover, leaver provisioning: {sample.SLUG}"
    ]


def test_an_installation_of_the_time_before_templates_were_workflows_gets_its_workflow_with_its_next_use(
    stage: Stage,
) -> None:
    parameters = sample.parameters()
    Installation.objects.create(
        workspace=stage.actor.workspace, slug="old", template=sample.TEMPLATE, parameters=parameters
    )

    started = templates.run(stage.actor, "old")
    work()

    assert runs.get_run(stage.actor, started.id).state == "succeeded"
    assert set(Trigger.objects.filter(workflow__slug="old").values_list("kind", flat=True)) == {"manual"}
