"""Use 1: what must be impossible, neighbours that misbehave, workers that are killed, and wrong input."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db.models import F

from hub.api.errors import Invalid
from hub.sdk import Misconfigured
from hub.sdk.sandbox import Fault, FaultKind
from tests.e2e.access import SAMPLE, TEMPLATE, Access
from tests.e2e.stage import Stage
from tests.workflows.engine.conftest import later, states, work
from tests.workflows.engine.test_durability import Died
from workflows.models import Plan, PlanState
from workflows.reconcile import applier
from workflows.services import sample, templates

TABLE: dict[str, Any] = SAMPLE["table"]
ROWS: list[dict[str, Any]] = TABLE["rows"]


@pytest.fixture
def access(sandboxed: Stage) -> Access:
    return Access(sandboxed)


def everybody_gone(access: Access) -> None:
    for person in access.stage.about["otds"]["people"]:
        access.stage.change("DELETE", f"/users/{person['id']}")


def said(plan: Plan) -> str:
    return " ".join(each["message"] for each in plan.guards if not each["passed"])


def test_an_empty_answer_of_the_directory_removes_nobody(access: Access) -> None:
    access.install(most_removals=None, most_removals_percent=None, most_shrunken_percent=None)
    access.apply()
    everybody_gone(access)
    before = access.stage.write_counts()

    plan = access.simulate()

    assert plan.state == PlanState.REFUSED
    assert "The directory is empty" in said(plan)
    assert access.run().state == "failed"
    assert access.stage.write_counts() == before


def test_a_directory_without_groups_takes_no_role_away(access: Access) -> None:
    access.install(most_removals=None, most_removals_percent=None)
    access.apply()
    access.stage.otds.app.faults.add(Fault(kind=FaultKind.FEWER_ROWS, path="*/groups"))

    plan = access.simulate()

    assert plan.state == PlanState.REFUSED
    assert "directory's groups is not complete" in said(plan)


def test_a_directory_that_suddenly_has_fewer_people_stops_before_any_write(access: Access) -> None:
    access.apply()
    for person in access.stage.about["otds"]["people"][-20:]:
        access.stage.change("DELETE", f"/users/{person['id']}")
    before = access.stage.write_counts()

    run = access.run()

    assert run.state == "failed"
    assert "fewer than the last complete reading" in str(run.error)
    assert access.stage.write_counts() == before


def test_too_many_removals_stop_the_plan_before_any_write(access: Access) -> None:
    access.apply()
    access.install(table=TABLE | {"rows": ROWS[1:]}, most_removals=2)
    before = access.stage.write_counts()

    assert "The limit is 2" in said(access.simulate())
    assert access.stage.write_counts() == before


def test_the_administrators_of_the_tenant_keep_their_role(access: Access) -> None:
    plan = access.apply()

    assert not plan.changes.filter(key__contains="tenantadmins").exists()


TROUBLES = {
    "too many requests": Fault(kind=FaultKind.STATUS, status=429, retry_after=1, times=2),
    "a server error": Fault(kind=FaultKind.STATUS, status=503, times=2),
    "an expired ticket": Fault(kind=FaultKind.EXPIRED, times=1, after=3),
    "a cut answer": Fault(kind=FaultKind.CUT_BODY, times=1, after=2),
    "a lost answer": Fault(kind=FaultKind.DROP_AFTER, method="POST", times=1, after=1),
}


@pytest.mark.parametrize("service", ["otds", "exstream"])
@pytest.mark.parametrize("trouble", TROUBLES)
def test_a_neighbour_that_misbehaves_delays_and_neither_loses_nor_doubles_a_write(
    access: Access, service: str, trouble: str
) -> None:
    getattr(access.stage, service).app.faults.add(TROUBLES[trouble])
    run = templates.run(access.stage.actor, "access")
    for _ in range(6):
        work()
        later(run)
        Plan.objects.update(lease_until=F("lease_until") - timedelta(hours=1))

    plan = Plan.objects.get(step__run=run, state=PlanState.APPLIED)
    assert states(run) == {"run": "succeeded", "plan": "succeeded", "apply": "succeeded"}
    assert access.stage.write_counts() == (plan.changes.count(), 0)
    assert not access.simulate().counts


def test_workers_that_are_killed_in_the_middle_write_nothing_twice(
    access: Access, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = templates.run(access.stage.actor, "access")
    deaths = {("before", 2), ("after", 4), ("after", 9), ("before", 17), ("after", 30)}
    count = 0
    write = applier._write

    def killed(*args: Any) -> None:
        nonlocal count
        count += 1
        if ("before", count) in deaths:
            raise Died
        write(*args)
        if ("after", count) in deaths:
            raise Died

    monkeypatch.setattr(applier, "_write", killed)
    died = 0
    for _ in range(2 * len(deaths) + 1):
        try:
            work()
        except Died:
            died += 1
        later(run)
        Plan.objects.update(lease_until=F("lease_until") - timedelta(hours=1))

    assert died == len(deaths)
    assert states(run)["run"] == "succeeded"
    assert access.stage.write_counts() == (Plan.objects.get(step__run=run).changes.count(), 0)


@pytest.mark.parametrize(
    ("changed", "place"),
    [
        ({"table": TABLE | {"match": "first"}}, "table/match"),
        ({"table": TABLE | {"default": {}}}, "table/default"),
        ({"table": TABLE | {"columns": [{"name": "shoe_size"}], "rows": []}}, "table/columns/0"),
        ({"table": TABLE | {"columns": [{"name": "in_group"}], "rows": []}}, "table/columns/0"),
        ({"table": TABLE | {"rows": [{"when": {}, "give": ROWS[0]["give"]}]}}, "table/rows/0/when"),
        ({"table": TABLE | {"rows": [ROWS[0] | {"give": {"domain": "emea-prod"}}]}}, "table/rows/0/give/role"),
        (
            {"table": TABLE | {"rows": [ROWS[0] | {"give": {"domain": "group-shared", "role": "designer"}}]}},
            "table/rows/0/give/domain",
        ),
        (
            {"table": TABLE | {"rows": [ROWS[-1] | {"when": {"in_group": "exs.emea-prod.designer"}}]}},
            "table/rows",
        ),
        ({"access_group": "{domain}.{role}"}, "access_group"),
        ({"access_group": "exs.{role}"}, "access_group"),
        ({"placements": [{"template": "a", "home": "emea-prod", "domains": ["mars"]}]}, "placements/0/domains/0"),
        ({"attributes": {"in_group": "ou"}}, "attributes/in_group"),
    ],
)
def test_parameters_that_cannot_work_are_refused_with_their_place(
    access: Access, changed: dict[str, Any], place: str
) -> None:
    with pytest.raises(Invalid) as caught:
        access.install(**changed)
    assert [each["pointer"] for each in caught.value.errors] == [f"/parameters/{place}"]


@pytest.mark.parametrize("changed", [{}, {"access_group": "see.{domain}.{role}"}])
def test_two_installations_that_would_undo_each_others_changes_are_refused_and_named(
    access: Access, changed: dict[str, Any]
) -> None:
    with pytest.raises(Invalid) as caught:
        templates.install(access.stage.actor, TEMPLATE, slug="second", parameters=SAMPLE | changed)
    assert caught.value.code == "clash"
    assert {each["pointer"] for each in caught.value.errors} == {
        f"/parameters/domains/{number}" for number in range(4)
    }

    provisioning = sample.parameters()
    with pytest.raises(Invalid) as caught:
        templates.install(access.stage.actor, sample.TEMPLATE, slug="people", parameters=provisioning)
    assert {each["pointer"] for each in caught.value.errors} == {
        "/parameters/group_prefix", "/parameters/assignments",
    }  # fmt: skip
    assert all('The installation "access"' in each["detail"] for each in caught.value.errors)


def test_installations_of_different_domains_and_groups_stand_beside_each_other(access: Access) -> None:
    rows = [{"when": {"title": "Print operator"}, "give": {"domain": "americas-prod", "role": "operator"}}]
    other = {"domains": ["americas-prod"], "table": TABLE | {"rows": rows}, "placements": []}
    made = templates.install(access.stage.actor, TEMPLATE, slug="second", parameters=SAMPLE | other)
    assert made.slug == "second"


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ({"when": {"in_group": "stuff"}, "give": ROWS[0]["give"]}, 'no group "stuff@Northwind"'),
        ({"when": {"title": "x"}, "give": {"domain": "emea-prod", "role": "wizard"}}, 'no role "wizard"'),
    ],
)
def test_a_rule_that_names_what_was_never_there_stops_the_plan_and_is_named(
    access: Access, row: dict[str, Any], words: str
) -> None:
    access.install(table=TABLE | {"rows": [*ROWS, row]})
    with pytest.raises(Misconfigured, match=words):
        access.simulate()


def test_a_template_that_is_not_there_stops_the_plan_and_is_named(access: Access) -> None:
    access.install(placements=[{"template": "Farewell pack", "home": "emea-prod", "domains": ["uk-prod"]}])
    with pytest.raises(Misconfigured, match='no exstrapplication "Farewell pack" in emea-prod'):
        access.simulate()
