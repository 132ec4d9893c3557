"""Plans of some people: those whom events are about, or one person whom somebody asks about."""

from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import call_command
from django.utils import timezone

from hub.accounts.roles import Role
from tests.e2e.stage import Stage
from tests.people import join, make_person
from tests.workflows.engine.conftest import work
from workflows.models import Memory, Plan, PlanState, Run, Trigger
from workflows.services import runs, sample
from workflows.services.one_person import plan_person
from workflows.triggers.polling import ask


@pytest.fixture
def watched(stage: Stage) -> Stage:
    """Everybody has what they should, and the event source knows everybody."""
    stage.apply()
    ask(Trigger.objects.get(kind="event").id)
    return stage


def hear(stage: Stage) -> Plan:
    """What the run planned that the event source starts."""
    trigger = Trigger.objects.get(kind="event")
    Trigger.objects.update(due_at=timezone.now())
    assert ask(trigger.id) == 1
    work()
    return Plan.objects.get(step__run=Run.objects.latest("id"))


def test_a_run_that_events_started_looks_only_at_whom_they_are_about(watched: Stage) -> None:
    watched.set_attribute("otto.keller", "title", "Template designer")
    watched.set_attribute("amara.diallo", "accountDisabled", "true")

    plan = hear(watched)

    assert plan.is_part
    assert plan.readings[0]["count"] == 2
    assert plan.state == PlanState.APPLIED
    touched = {key.rpartition(">")[2] for key in plan.changes.values_list("key", flat=True) if ">" in key}
    assert touched == {"otto.keller@Northwind", "amara.diallo@Northwind"}
    assert plan.changes.filter(resource="otds.seats", operation="delete").exists()
    assert not watched.simulate().counts, "A plan of everybody finds nothing that the part has left out."


def test_who_was_deleted_is_asked_for_and_not_found(watched: Stage) -> None:
    watched.change("DELETE", "/users/amara.diallo@Northwind")

    plan = hear(watched)

    assert plan.is_part
    assert plan.readings[0]["checks"] == ["1 people asked for by name; 1 of them are not there."]
    assert plan.counts == watched.simulate().counts


def test_a_directory_that_suddenly_has_fewer_people_is_stopped_also_when_events_tell_of_it(watched: Stage) -> None:
    rightful = [person["id"] for person in watched.about["otds"]["people"] if person["rightful_groups"]][:15]
    for person in rightful:
        watched.change("DELETE", f"/users/{person}")
    counted = watched.write_counts()

    plan = hear(watched)

    assert not plan.is_part
    assert plan.state == PlanState.REFUSED
    assert "fewer than the last complete reading" in str(plan.guards)
    assert watched.write_counts() == counted


def test_a_directory_that_suddenly_has_nobody_is_stopped_also_when_events_tell_of_it(watched: Stage) -> None:
    for person in watched.about["otds"]["people"]:
        watched.change("DELETE", f"/users/{person['id']}")
    counted = watched.write_counts()

    plan = hear(watched)

    assert plan.state == PlanState.REFUSED
    assert "is empty" in str(plan.guards)
    assert watched.write_counts() == counted


def test_while_another_plan_waits_everybody_is_looked_at(watched: Stage) -> None:
    watched.set_attribute("gwen.parry", "c", "SG")
    waiting = watched.simulate()
    watched.set_attribute("otto.keller", "title", "Template designer")

    plan = hear(watched)

    waiting.refresh_from_db()
    assert not plan.is_part
    assert waiting.state == PlanState.SUPERSEDED
    assert plan.changes.filter(key__contains="gwen.parry").exists()


def test_a_part_does_not_pass_for_the_size_of_the_directory(watched: Stage) -> None:
    left = Memory.objects.get().remembered["left"]
    watched.set_attribute("otto.keller", "title", "Template designer")
    assert hear(watched).is_part

    plan = watched.simulate()

    assert plan.readings[0]["count"] > 50
    assert "fewer than the last complete reading" not in str(plan.guards)
    assert Memory.objects.get().remembered["left"].keys() >= left.keys() != set()


def test_one_person_is_planned_on_demand_and_each_step_said(stage: Stage) -> None:
    stage.apply()
    stage.set_attribute("otto.keller", "title", "Template designer")
    before = stage.write_counts()

    made = plan_person(stage.actor, sample.SLUG, "otto.keller@Northwind")

    said = [(each["step"], each["said"]) for each in made.steps]
    steps = [step for step, _ in said]
    assert steps[:2] == ["found", "standing"]
    assert steps[-1] == "outcome"
    assert "otto.keller@Northwind, Otto Keller, is in the directory" in said[0][1]
    assert any(step == "rule" and "fits (title is Template designer" in words for step, words in said)
    assert any(step == "rule" and "does not fit: title is Template designer, not" in words for step, words in said)
    assert ("change", "Would be made: otto.keller@Northwind in exs.emea-prod.designer@Northwind "
            "(otds.group_members).") in said  # fmt: skip
    assert made.plan.is_part
    assert stage.simulate().changes.filter(key__contains="otto.keller").count() == made.plan.changes.count()
    assert stage.write_counts() == before


def test_somebody_who_is_not_there_is_said_not_to_be(stage: Stage) -> None:
    stage.apply()

    made = plan_person(stage.actor, sample.SLUG, "nobody@Northwind")

    assert made.steps[0] == {
        "step": "found", "said": "There is nobody nobody@Northwind in the directory. Nothing is wanted for them.",
    }  # fmt: skip
    assert not made.plan.counts


def test_the_command_says_the_steps(stage: Stage) -> None:
    join(make_person("ada"), stage.actor.workspace, [Role.ADMIN])
    stage.apply()
    said = StringIO()
    call_command(
        "template",
        "--workspace",
        stage.actor.workspace.slug,
        "person",
        sample.SLUG,
        "gwen.parry@Northwind",
        stdout=said,
    )

    assert "Everything is as it should be: there is nothing to change." in said.getvalue()
    assert "Rule " in said.getvalue()
    assert runs.list_runs(stage.actor).count() == 1
