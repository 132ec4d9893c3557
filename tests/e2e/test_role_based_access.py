"""Use 1: after a run everybody sees exactly what the rules say, asked with their own tokens."""

from __future__ import annotations

import pytest
from django.utils import timezone

from tests.e2e.access import SAMPLE, SLUG, Access
from tests.e2e.stage import Stage
from tests.workflows.engine.conftest import work
from workflows.models import PlanState, Run, Trigger
from workflows.services import plans
from workflows.triggers.polling import ask

AMARA = "amara.diallo@Northwind"


@pytest.fixture
def access(sandboxed: Stage) -> Access:
    return Access(sandboxed)


def test_a_simulation_shows_every_line_with_its_rule_and_writes_nothing(access: Access) -> None:
    plan = access.simulate()

    assert plan.state == PlanState.APPROVED
    assert access.stage.write_counts() == (0, 0)
    assert all({"rule", "rules", "reason"} & set(each.cause) for each in plan.changes.all())


def test_each_person_sees_exactly_the_templates_and_jobs_of_their_rules(access: Access) -> None:
    access.apply()

    assert access.sees("amara.diallo") == {"emea-dev": (5, 0), "emea-prod": (5, 0)}
    assert access.sees("henrik.olsen") == {"emea-dev": (5, 0), "emea-prod": (5, 0)}
    assert access.sees("priya.nair") == {"apac-prod": (5, 4)}
    assert access.sees("gwen.parry") == {"emea-dev": (5, 0), "uk-prod": (6, 0)}
    assert access.sees("otto.keller") == {"emea-prod": (5, 0)}
    assert access.sees("tessa.brandt").keys() == {"emea-dev", "emea-prod", "uk-prod", "apac-prod"}


def test_a_second_run_plans_nothing(access: Access) -> None:
    plan = access.apply()

    assert access.stage.write_counts() == (plan.changes.count(), 0)
    assert access.apply().changes.count() == 0
    assert access.stage.write_counts() == (plan.changes.count(), 0)


def test_moving_the_department_of_one_person_changes_exactly_their_rows(access: Access) -> None:
    access.apply()
    access.stage.set_attribute("otto.keller", "oTDepartment", "Finance")

    plan = access.apply()

    assert [(each.operation, each.key) for each in plan.changes.all()] == [
        ("delete", "exs.emea-prod.readonly@Northwind>otto.keller@Northwind")
    ]
    assert access.sees("otto.keller") == {}
    assert access.sees("lena.vogt") == {"emea-prod": (5, 0)}


def test_a_rule_on_a_group_counts_for_groups_in_it_too(access: Access) -> None:
    """Amara is in comms.emea, which is in dept.communications."""
    access.apply()
    assert "emea-dev" in access.sees("amara.diallo")

    access.stage.change("POST", "/groups/comms.emea@Northwind/members/deletionset", {"stringList": [AMARA]})

    assert access.sees("amara.diallo") == {"emea-prod": (5, 0)}


def test_removing_a_group_removes_its_access_and_its_role(access: Access) -> None:
    access.apply()
    access.stage.change("DELETE", "/groups/dept.communications@Northwind")

    plan = access.apply()

    assert [(each.operation, each.key) for each in plan.changes.all()] == [
        ("delete", "emea-dev|dept.communications@Northwind|designer")
    ]
    assert access.sees("amara.diallo") == {"emea-prod": (5, 0)}
    assert access.simulate().changes.count() == 0


def test_removing_a_rule_removes_the_access_that_only_it_gave(access: Access) -> None:
    access.apply()
    access.install(table=SAMPLE["table"] | {"rows": SAMPLE["table"]["rows"][:-1]})

    plan = access.apply()

    assert [each.key for each in plan.changes.all()] == ["emea-dev|dept.communications@Northwind|designer"]
    assert access.sees("amara.diallo") == {"emea-prod": (5, 0)}


def test_a_group_that_somebody_put_into_an_access_group_is_taken_out(access: Access) -> None:
    access.apply()
    group = "exs.uk-prod.designer@Northwind"
    access.stage.change("POST", f"/groups/{group}/members", {"stringList": ["dept.finance@Northwind"]})

    assert [(each.operation, each.key) for each in access.apply().changes.all()] == [
        ("delete", f"{group}>dept.finance@Northwind")
    ]


def test_a_disabled_person_is_in_no_access_group(access: Access) -> None:
    access.apply()
    access.stage.set_attribute("gwen.parry", "accountDisabled", "true")

    plan = access.apply()

    assert {each.key for each in plan.changes.all()} == {"exs.uk-prod.designer@Northwind>gwen.parry@Northwind"}
    assert access.stage.token("gwen.parry") is None


def test_an_approved_template_is_seen_in_the_domain_where_it_is_placed_until_it_is_placed_no_more(
    access: Access,
) -> None:
    assert len(access.templates_of("tessa.brandt", "uk-prod") or {}) == 5
    placed = access.apply().changes.get(resource="exstream.placements")
    assert placed.title == "Welcome pack (exstrapplication) of emea-prod in uk-prod"
    assert list((access.templates_of("gwen.parry", "uk-prod") or {}).values()).count("Welcome pack") == 2

    access.install(placements=[{"template": "Welcome pack", "home": "emea-prod", "domains": []}])
    access.apply()

    assert list((access.templates_of("gwen.parry", "uk-prod") or {}).values()).count("Welcome pack") == 1


def test_a_template_that_is_not_approved_waits_in_its_home(access: Access) -> None:
    placement = {"template": "Policy schedule", "home": "emea-prod", "domains": ["uk-prod"]}
    access.install(placements=[placement])

    assert not access.apply().changes.filter(resource="exstream.placements").exists()


def test_undo_brings_back_what_people_saw(access: Access) -> None:
    before = access.sees("lena.vogt"), access.sees("gwen.parry")
    plan = access.apply()
    assert (access.sees("lena.vogt"), access.sees("gwen.parry")) != before

    back = plans.undo_plan(access.stage.actor, plan.id)
    plans.apply_plan(access.stage.actor, back.id)

    assert (access.sees("lena.vogt"), access.sees("gwen.parry")) == before


def test_what_changes_in_the_directory_starts_a_run(access: Access) -> None:
    access.apply()
    trigger = Trigger.objects.get(workflow__slug=SLUG, kind="event")
    ask(trigger.id)
    access.stage.set_attribute("otto.keller", "oTDepartment", "Finance")

    Trigger.objects.update(due_at=timezone.now())
    ask(trigger.id)
    work()

    assert Run.objects.latest("id").cause["kind"] == "event"
    assert access.sees("otto.keller") == {}
