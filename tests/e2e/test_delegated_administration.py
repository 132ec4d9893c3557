"""Use 8: delegates act in their own domains, with the hub's credential and under their own name."""

from __future__ import annotations

from typing import Any

import pytest
from django.db.models import F

from hub.accounts.access import fetch
from hub.accounts.models import Reach
from hub.accounts.roles import Role
from hub.administration.members import add_member
from hub.api.errors import Conflict, Forbidden, Invalid
from hub.audit.models import AuditEntry
from hub.connections.models import Connection
from hub.sdk.sandbox import Fault, FaultKind
from tests.e2e.delegates import SCOPE, SLUG, Delegates
from tests.e2e.stage import Stage
from tests.people import make_person
from tests.workflows.engine.conftest import later, work
from tests.workflows.engine.test_durability import Died
from workflows.engine import reach
from workflows.engine.border import Border
from workflows.models import Run
from workflows.planning.reach import ACTS
from workflows.services import delegation, delegation_scopes, runs
from workflows.services.uses import uses_of
from workflows.templates.delegated_administration import acts

EDIT: dict[str, Any] = {"act": "edit", "domain": "emea-prod", "object": "x"}
PLAN: dict[str, Any] = {"act": "schedule", "domain": "emea-prod"}


@pytest.fixture
def regions(sandboxed: Stage) -> Delegates:
    return Delegates(sandboxed)


def test_a_delegate_sees_their_own_domains_and_what_is_in_them(regions: Delegates) -> None:
    api = regions.api(regions.henrik)

    found = api.get("/api/v1/delegation/domains").json()["items"]
    rows = api.get("/api/v1/delegation/domains/emea-prod/resources", {"search": "welcome"}).json()["items"]

    assert [each["name"] for each in found] == ["emea-dev", "emea-prod"]
    assert {row["name"] for row in rows} == {"Welcome pack"}
    assert len(api.get("/api/v1/delegation/domains/emea-prod/jobs").json()["items"]) == 4


def test_an_act_is_done_in_exstream_and_kept_under_the_delegates_name(regions: Delegates) -> None:
    resource = regions.resource("emea-prod")

    run = regions.act(regions.henrik, "lock", domain="emea-prod", object=resource, reason="Under repair")

    assert run.state == "succeeded", run.error
    assert regions.in_exstream("emea-prod", resource)["locked"]
    acted = AuditEntry.objects.get(verb="delegation.acted")
    assert (acted.actor_name, acted.actor_id) == ("Henrik.olsen@northwind", regions.henrik.id)
    assert acted.detail == {"action": "exstream.lock_resource", "domains": ["exstream/emea-prod"], "across": []}


def test_each_act_is_done_in_the_delegates_own_domain(regions: Delegates) -> None:
    def done(act: str, **given: Any) -> None:
        run = regions.act(regions.henrik, act, domain="emea-prod", **given)
        assert run.state == "succeeded", (act, run.error)

    notice = regions.resource("emea-prod", "Renewal notice")
    model = regions.resource("emea-prod", "Monthly statements", "flowmodel")
    regions.jobs_go_on()
    held = next(each for each in regions.rows("emea-prod", "flow-instances") if each["status"] == "holding")
    failed = regions.resource("emea-prod", "error4", "job")

    done("edit", object=notice, values={"changes": {"description": "For renewals"}})
    done("lock", object=notice)
    done("unlock", object=notice)
    done("promote", object=notice, target="emea-dev")
    done("unpublish", object=model)
    done("publish", object=model)
    done("release", object=held["id"])
    done("stop", object=held["jobId"])
    done("reprocess", object=failed)
    done("schedule", values={"name": "Nightly", "type": "markDeleted", "schedule": "0 3 * * *"})
    done("trigger", object=regions.resource("emea-prod", "sweep", "cron"))

    seen = regions.in_exstream("emea-prod", notice)
    assert (seen["description"], seen["locked"]) == ("For renewals", False)
    assert {each["id"] for each in seen["domains"]} == {"emea-prod", "emea-dev"}
    acted = AuditEntry.objects.filter(verb="delegation.acted")
    assert set(acted.values_list("actor_id", flat=True)) == {regions.henrik.id}
    assert acted.count() == len(acts.ACTS)


def test_the_template_names_the_acts_that_scopes_can_give(regions: Delegates) -> None:
    assert tuple(acts.ACTS) == ACTS


def test_a_delegate_does_only_what_the_scope_gives(regions: Delegates) -> None:
    scope = delegation_scopes.list_scopes(regions.stage.actor).get()
    delegation_scopes.update_scope(regions.stage.actor, scope.id, acts=["lock", "unlock"])

    said = regions.refused(regions.henrik, "publish", domain="emea-prod", object="x")

    assert said["code"] == "act-not-given"


def test_a_condition_on_what_the_directory_says_decides_too(regions: Delegates) -> None:
    scope = delegation_scopes.list_scopes(regions.stage.actor).get()
    delegation_scopes.update_scope(
        regions.stage.actor, scope.id, condition='department = "Compliance" and country = "DE"'
    )
    assert [each.name for each in delegation.domains(regions.henrik)] == ["emea-dev", "emea-prod"]
    assert delegation.domains(regions.gwen) == []

    regions.stage.set_attribute("henrik.olsen", "oTDepartment", "Finance")

    assert regions.refused(regions.henrik, "lock", domain="emea-prod", object="x")["status"] == 404


def test_groups_in_groups_make_delegates_too(regions: Delegates) -> None:
    regions.take("henrik.olsen", "emea")
    regions.stage.change(
        "POST", "/groups/admins.emea@Northwind/members", {"stringList": ["dept.compliance@Northwind"]}
    )

    assert [each.name for each in delegation.domains(regions.henrik)] == ["emea-dev", "emea-prod"]


def test_runs_and_who_asked_are_seen_by_the_other_delegates_of_the_domain(regions: Delegates) -> None:
    run = regions.act(regions.henrik, "lock", domain="emea-prod", object=regions.resource("emea-prod"))
    otto = regions.member("otto.keller")
    regions.put("otto.keller", "emea")
    delegation.domains(otto)

    assert regions.api(otto).get(f"/api/v1/runs/{run.id}").status_code == 200


@pytest.mark.parametrize(
    ("given", "place"),
    [
        ({"act": "destroy", "domain": "emea-prod"}, "/act"),
        ({"act": "lock", "domain": "emea-prod"}, "/"),
        ({"act": "lock", "domain": "emea-prod", "object": "x", "target": "y"}, "/"),
        (EDIT | {"values": {"changes": {"domains": []}}}, "/values/changes"),
        (PLAN | {"values": {"name": "n", "type": "rm", "schedule": "x"}}, "/values/type"),
    ],
)
def test_an_act_that_cannot_be_is_refused_with_its_place(
    regions: Delegates, given: dict[str, Any], place: str
) -> None:
    said = regions.refused(regions.henrik, **given)

    assert (said["status"], [each["pointer"] for each in said["errors"]]) == (422, [place])


@pytest.mark.parametrize(
    ("changed", "place"),
    [
        ({"group_pattern": "", "condition": ""}, "/condition"),
        ({"group_pattern": "admins.{region}.{region}"}, "/group_pattern"),
        ({"group_pattern": "admins", "domains": ["{region}-dev"]}, "/domains"),
        ({"condition": "department = "}, "/condition"),
        ({"directory": "nowhere"}, "/directory"),
        ({"service": "directory"}, "/service"),
    ],
)
def test_a_scope_that_cannot_work_is_refused_with_its_place(
    regions: Delegates, changed: dict[str, Any], place: str
) -> None:
    with pytest.raises(Invalid) as caught:
        delegation_scopes.create_scope(regions.stage.actor, **(SCOPE | {"name": "Other"} | changed))
    assert [each["pointer"] for each in caught.value.errors] == [place]


def test_the_role_of_delegates_stands_alone(regions: Delegates) -> None:
    person = make_person("both")
    with pytest.raises(Invalid) as caught:
        add_member(regions.stage.actor, username=person.username, roles=["delegate", "approver"])
    assert caught.value.errors[0]["code"] == "delegate-alone"


def test_administrators_and_auditors_see_scopes_and_who_reaches_what(regions: Delegates) -> None:
    found = delegation_scopes.who_reaches(regions.stage.actor, "gwen.parry@Northwind")

    assert found.names == ["exstream/uk-prod"]
    with pytest.raises(Forbidden):
        delegation_scopes.list_scopes(regions.tessa)


def test_a_connection_that_a_scope_uses_is_not_removed(regions: Delegates) -> None:
    held = fetch(regions.stage.actor, Connection, slug="exstream")

    assert {"type": "delegation scope", "id": str(delegation_scopes.list_scopes(regions.stage.actor).get().id),
            "name": "Regions"} in uses_of(regions.stage.actor, held)  # fmt: skip


def test_nobody_starts_the_workflow_of_the_acts_by_hand(regions: Delegates) -> None:
    operator = regions.member("priya.nair", Role.OPERATOR)

    with pytest.raises(Conflict, match="not by hand"):
        runs.start_run(operator, SLUG, payload={})


TROUBLES = {
    "too many requests": Fault(kind=FaultKind.STATUS, status=429, retry_after=1, times=1),
    "a server error": Fault(kind=FaultKind.STATUS, status=503, times=1),
    "an expired ticket": Fault(kind=FaultKind.EXPIRED, times=1),
    "a lost answer": Fault(kind=FaultKind.DROP_AFTER, method="POST", path="*/lock", times=1),
}


@pytest.mark.parametrize("service", ["otds", "exstream"])
@pytest.mark.parametrize("trouble", TROUBLES)
def test_a_neighbour_that_misbehaves_delays_an_act_and_does_not_double_it(
    regions: Delegates, service: str, trouble: str
) -> None:
    resource = regions.resource("emea-prod")
    given = {"act": "lock", "domain": "emea-prod", "object": resource}
    answer = regions.api(regions.henrik).post("/api/v1/delegation/acts", given, format="json")
    getattr(regions.stage, service).app.faults.add(TROUBLES[trouble])
    run = Run.objects.get(id=answer.json()["id"])
    for _ in range(4):
        work()
        later(run)

    assert Run.objects.get(id=run.id).state == "succeeded"
    assert [each for each in regions.writes() if "lock" in each] == [f"resources/{resource}/lock"]


def test_a_worker_that_is_killed_between_the_border_and_the_write_writes_once(
    regions: Delegates, monkeypatch: pytest.MonkeyPatch
) -> None:
    resource, check = regions.resource("emea-prod"), Border.check_call
    died: list[bool] = []

    def killed(self: Border, prepared: Any) -> None:
        check(self, prepared)
        if not died:
            died.append(True)
            raise Died

    monkeypatch.setattr(Border, "check_call", killed)
    given = {"act": "lock", "domain": "emea-prod", "object": resource}
    answer = regions.api(regions.henrik).post("/api/v1/delegation/acts", given, format="json")
    with pytest.raises(Died):
        work()
    run = Run.objects.get(id=answer.json()["id"])
    later(run)
    work()

    assert Run.objects.get(id=run.id).state == "succeeded"
    assert regions.writes() == [f"resources/{resource}/lock"]


def test_a_reach_is_asked_for_again_before_it_lapses_and_an_unknown_one_lapses(regions: Delegates) -> None:
    assert reach.ask_due() == 2
    assert reach.ask_due() == 0

    Reach.objects.update(read_at=F("read_at") - Reach.LASTS + reach.REFRESHED_BEFORE)
    regions.stage.otds.app.faults.add(Fault(kind=FaultKind.STATUS, status=503, path="*/rest/users/*"))

    assert reach.ask_due() == 0
    assert Reach.objects.count() == 2
