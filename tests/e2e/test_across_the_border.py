"""Use 8: what is beyond the border can be asked for, and is done once two stages of other people approved it."""

from __future__ import annotations

from typing import Any

import pytest

from hub.accounts.access import Actor
from hub.accounts.roles import Role
from hub.api.errors import Conflict, Invalid, NotFound
from hub.audit.models import AuditEntry
from tests.e2e.delegates import PARAMETERS, SLUG, Delegates
from tests.e2e.stage import Stage
from tests.workflows.engine.conftest import work
from workflows.models import Approval, Run
from workflows.services import approvals, templates

ASKED: dict[str, Any] = {"domain": "emea-prod", "target": "uk-prod", "across": True, "reason": "The UK needs it too"}
SIGNED_IN = {"by": "password"}


@pytest.fixture
def regions(sandboxed: Stage) -> Delegates:
    return Delegates(sandboxed)


def asked(regions: Delegates, **more: Any) -> tuple[Run, Approval]:
    """Henrik asks to promote a template of his to the United Kingdom."""
    given = {"object": regions.resource("emea-prod", "Welcome pack")} | ASKED | more
    run = regions.act(regions.henrik, "promote", **given)
    return run, Approval.objects.get(step__run=run)


def decide(by: Actor, approval: Approval, *, approve: bool = True) -> None:
    approvals.decide(by, approval.id, approve=approve, digest=approval.digest, signed_in=SIGNED_IN)
    work()


def domains(regions: Delegates, name: str = "Welcome pack") -> set[str]:
    seen = regions.in_exstream("emea-prod", regions.resource("emea-prod", name))
    return {each["id"] for each in seen["domains"]}


def test_what_both_sides_approve_is_done_and_kept_under_the_name_of_who_asked(regions: Delegates) -> None:
    run, approval = asked(regions)
    assert (run.state, domains(regions)) == ("waiting", {"emea-prod"})

    decide(regions.gwen, approval)
    assert domains(regions) == {"emea-prod"}
    decide(regions.tessa, approval)

    assert domains(regions) == {"emea-prod", "uk-prod"}
    acted = AuditEntry.objects.get(verb="delegation.acted")
    assert (acted.actor_id, acted.detail["across"]) == (regions.henrik.id, ["exstream/uk-prod"])
    assert Run.objects.get(id=run.id).state == "succeeded"


def test_whoever_asks_approves_nothing_and_one_person_does_not_fill_both_stages(regions: Delegates) -> None:
    people = ["tessa.brandt@Northwind", "gwen.parry@Northwind", "henrik.olsen@Northwind"]
    stages = [{"name": "One", "people": people}, {"name": "Two", "people": people}]
    given = PARAMETERS | {"stages": stages}
    templates.install(regions.stage.actor, "delegated-administration", slug=SLUG, parameters=given)
    _, approval = asked(regions)

    with pytest.raises(Conflict, match="You asked for this"):
        decide(regions.henrik, approval)
    decide(regions.gwen, approval)
    with pytest.raises(Conflict, match="nobody fills two"):
        decide(regions.gwen, approval)
    assert domains(regions) == {"emea-prod"}


def test_what_one_side_refuses_is_not_done(regions: Delegates) -> None:
    run, approval = asked(regions)

    decide(regions.gwen, approval, approve=False)

    assert domains(regions) == {"emea-prod"}
    assert "not approved" in str(Run.objects.get(id=run.id).error)


def test_approvers_see_what_is_asked_and_whoever_is_not_asked_does_not(regions: Delegates) -> None:
    _, approval = asked(regions)

    shown = {line["label"]: line["value"] for line in approvals.get_approval(regions.gwen, approval.id).shown}
    assert (shown["Act"], shown["Target"], shown["Across the border"]) == ("promote", "uk-prod", ["uk-prod"])
    assert shown["Asked by"] == "henrik.olsen@Northwind"
    other = regions.member("otto.keller")
    with pytest.raises(NotFound):
        approvals.get_approval(other, approval.id)


def test_an_approval_grants_the_domains_that_were_shown_and_no_other(regions: Delegates) -> None:
    """The template is in the domain of all as well, which nobody was asked about."""
    app: Any = regions.stage.exstream.app
    with app.store.writing() as data:
        for row in data.find("versions", id=regions.resource("emea-prod", "Welcome pack")):
            row["domains"].append({"id": "group-shared"})
            data.put("versions", f"{row['id']}|{row['version']}", row)
    run, approval = asked(regions)

    decide(regions.gwen, approval)
    decide(regions.tessa, approval)

    assert (Run.objects.get(id=run.id).error or {})["code"] == "out-of-reach"
    assert domains(regions) == {"emea-prod", "group-shared"}

    run, approval = asked(regions, also=["group-shared"])
    decide(regions.gwen, approval)
    decide(regions.tessa, approval)
    assert domains(regions) == {"emea-prod", "group-shared", "uk-prod"}


def test_whoever_is_no_delegate_any_more_gets_nothing_done_that_was_approved(regions: Delegates) -> None:
    run, approval = asked(regions)
    decide(regions.gwen, approval)
    regions.take("henrik.olsen", "emea")

    decide(regions.tessa, approval)

    assert (Run.objects.get(id=run.id).error or {})["code"] == "out-of-reach"
    assert domains(regions) == {"emea-prod"}


def test_asking_for_what_is_there_and_for_what_is_not_is_answered_alike(regions: Delegates) -> None:
    there, _ = asked(regions)
    nowhere, _ = asked(regions, target="no-such")

    assert (there.state, nowhere.state) == ("waiting", "waiting")
    api = regions.api(regions.henrik)
    told = [api.get(f"/api/v1/runs/{each.id}").json() for each in (there, nowhere)]
    assert [each["state"] for each in told] == ["waiting", "waiting"]


def test_one_stage_is_not_enough_to_install_the_template(regions: Delegates) -> None:
    with pytest.raises(Invalid) as caught:
        templates.install(
            regions.stage.actor, "delegated-administration", slug="other",
            parameters=PARAMETERS | {"stages": PARAMETERS["stages"][:1]},
        )  # fmt: skip
    assert caught.value.errors[0]["pointer"] == "/parameters/stages"


def test_an_approver_of_the_workspace_is_not_asked_by_the_role_alone(regions: Delegates) -> None:
    _, approval = asked(regions)
    outsider = regions.member("priya.nair", Role.APPROVER)

    with pytest.raises(Conflict):
        decide(outsider, approval)
