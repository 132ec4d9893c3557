"""Template governance over both sandboxes: what is found, what is told, and what is repaired."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from connectors.exstream.sandbox.app import ExstreamSandbox
from hub.api.errors import Invalid
from hub.audit.chains import check_evidence
from hub.audit.models import Evidence
from hub.sdk.sandbox import Fault, FaultKind
from tests.e2e.news import News
from tests.workflows.engine.conftest import error_of, later, states, work
from tests.workflows.engine.test_durability import Died
from workflows.engine import checking
from workflows.models import Installation, Plan, Run
from workflows.services import notices, owners, plans, runs, templates

SLUG, DOMAIN, BOARD = "governance", "emea-prod", "board@northwind.example"
DESIGN, APPROVE, OPERATE = (f"exs.{DOMAIN}.{role}@Northwind" for role in ("designer", "approver", "operator"))
POLICY: list[dict[str, Any]] = [
    {"team": DESIGN, "may": ["create", "edit"]},
    {"team": APPROVE, "may": ["approve", "publish"]},
    {"team": OPERATE, "may": []},
]
AMARA, HENRIK = "amara.diallo@Northwind", "henrik.olsen@Northwind"


class Governing:
    def __init__(self, news: News) -> None:
        self.news, self.stage, self.actor = news, news.stage, news.actor
        self.act = news.act

    @property
    def exstream(self) -> ExstreamSandbox:
        app = self.stage.exstream.app
        assert isinstance(app, ExstreamSandbox)
        return app

    def install(self, **changed: Any) -> None:
        given = {"exstream": "exstream", "directory": "directory", "mail": "post", "domains": [DOMAIN],
                 "partition": "Northwind", "policy": POLICY, "tell": [BOARD], "exempt": ["tenantadmins@Northwind"],
                 "roles": ["designer", "approver", "operator", "readonly"], "events": False}  # fmt: skip
        templates.install(self.actor, "governance", slug=SLUG, parameters=given | changed)

    def run(self) -> Run:
        started = templates.run(self.actor, SLUG)
        work()
        return runs.get_run(self.actor, started.id)

    def find(self) -> dict[str, Any]:
        """What the step found."""
        run = self.run()
        assert run.state == "succeeded", run.error
        return dict(run.steps.get(step="find").output or {})

    def own_all(self, review_on: datetime | None = None) -> None:
        """Somebody owns everything that needs an owner."""
        for each in self.find()["findings"]:
            if each["code"] == "ownerless":
                self.own(each["subject"], AMARA, review_on)

    def own(self, resource: str, owner: str, review_on: datetime | None = None) -> None:
        day = review_on.date() if review_on else None
        owners.set_owner(
            self.actor, exstream="exstream", domain=DOMAIN, resource=resource, owner=owner, review_on=day
        )


@pytest.fixture
def governing(news: News) -> Governing:
    """Henrik, who approved what there is, is in the team that approves, and everything has an owner."""
    made = Governing(news)
    news.put("henrik.olsen", f"exs.{DOMAIN}.approver")
    made.install()
    made.own_all()
    return made


def codes(found: dict[str, Any]) -> set[str]:
    return {each["code"] for each in found["findings"]}


def test_where_everything_is_as_the_policy_says_nothing_is_found_planned_or_told(governing: Governing) -> None:
    assert governing.find()["findings"] == []
    before = Plan.objects.filter(state="proposed").count()
    governing.run()
    governing.news.send()
    assert (before, Plan.objects.filter(state="proposed").count()) == (0, 0)
    assert governing.find()["new"] == []


def test_a_right_too_many_is_found_told_once_and_repaired_by_a_plan(governing: Governing) -> None:
    governing.news.send()
    already = len(governing.news.letters(BOARD))
    governing.act("exstream.assign_group_role", domain=DOMAIN, group=DESIGN, role="approver")
    found = governing.find()
    assert codes(found) == {"excess-right", "can-check-own-work"}
    assert any(AMARA in each["message"] for each in found["findings"] if each["code"] == "can-check-own-work")
    governing.run()
    governing.news.send()
    letters = governing.news.letters(BOARD)[already:]
    assert len(letters) == 1
    assert "APPROVE on every type" in letters[0]

    plan = Plan.objects.filter(state="proposed").latest("id")
    assert [(each.operation, (each.before or {})["role"]) for each in plan.changes.all()] == [("delete", "approver")]
    plans.decide(governing.actor, plan.id, approve=True, digest=plan.digest)
    plans.apply_plan(governing.actor, plan.id)
    assert governing.find()["findings"] == []
    assert not Plan.objects.filter(state="proposed").exists()


def test_a_right_that_is_missing_is_given_by_the_role_that_gives_no_more(governing: Governing) -> None:
    governing.act("exstream.remove_group_role", domain=DOMAIN, group=APPROVE, role="approver")
    assert "missing-right" in codes(governing.find())
    plan = Plan.objects.filter(state="proposed").latest("id")
    assert [(each.operation, (each.after or {})["role"]) for each in plan.changes.all()] == [("create", "approver")]


def test_a_group_that_the_policy_does_not_name_is_found_and_left_alone_unless_told_otherwise(
    governing: Governing,
) -> None:
    governing.act("exstream.assign_group_role", domain=DOMAIN, group="all.staff@Northwind", role="designer")
    found = governing.find()
    assert "which the policy does not name there" in found["findings"][0]["message"]
    assert not Plan.objects.filter(state="proposed").exists()
    governing.install(remove_others=True)
    governing.run()
    plan = Plan.objects.filter(state="proposed").latest("id")
    assert [(each.before or {})["group"] for each in plan.changes.all()] == ["all.staff@Northwind"]


# An unapproved template goes live unnoticed


def live_without_approval(governing: Governing) -> str:
    """As it would be if Exstream had published a version that nobody approved."""
    with governing.exstream.store.writing() as data:
        row = data.find("snapshots", domainId=DOMAIN)[0]
        data.put("snapshots", row["id"], {**row, "version": 7})
    return str(row["flowModelName"])


def test_a_flow_model_that_is_live_in_a_version_nobody_approved_is_told(governing: Governing) -> None:
    name = live_without_approval(governing)
    found = governing.find()
    governing.news.send()

    assert codes(found) == {"unapproved-live"}
    assert f"{name}, version 7, is published in {DOMAIN}" in governing.news.letters(BOARD)[-1]
    kept = Evidence.objects.get(kind="finding", parts__fact__code="unapproved-live")
    assert (kept.gone, check_evidence(governing.actor.workspace.id).whole) == (False, True)


def test_an_approval_by_somebody_the_policy_does_not_let_approve_is_told(governing: Governing) -> None:
    """The service account approves; the policy lets only the team of approvers."""
    resource = next(
        each["id"]
        for each in governing.act("exstream.list_resources", domain=DOMAIN, states=["REVIEW"])["resources"]
        if each["type"] == "exstrapplication"
    )
    governing.act("exstream.update_metadata", domain=DOMAIN, resource=resource, changes={"description": "anew"})
    governing.act("exstream.change_state", domain=DOMAIN, resource=resource, state="APPROVED", comment="ok")
    governing.own(resource, AMARA)
    found = governing.find()
    governing.news.send()

    assert codes(found) == {"approved-without-right", "checked-own-work"}
    assert "lockgate@OAuthClients approved version 1 of Claim acknowledgement" in governing.news.letters(BOARD)[-1]


def test_it_is_told_even_when_the_worker_is_killed_between_finding_and_telling(
    governing: Governing, monkeypatch: pytest.MonkeyPatch
) -> None:
    live_without_approval(governing)
    keep, deaths = checking.keep, [True, True]

    def killed(*args: Any) -> dict[str, Any]:
        made = keep(*args)
        if deaths:
            deaths.pop()
            raise Died
        return made

    monkeypatch.setattr(checking, "keep", killed)
    run = templates.run(governing.actor, SLUG)
    for _ in range(4):
        try:
            work()
        except Died:
            pass
        later(run)
    governing.news.send()

    assert states(run)["run"] == "succeeded"
    assert sum("version 7, is published" in each for each in governing.news.letters(BOARD)) == 1


def test_a_run_that_finds_something_and_can_tell_nobody_fails(governing: Governing) -> None:
    live_without_approval(governing)
    notices.opt_out(governing.actor, person=BOARD, kind="")
    run = governing.run()
    assert run.state == "failed"
    assert error_of(run)["code"] == "nobody-told"


def test_a_list_that_did_not_come_whole_finds_nothing_gone(governing: Governing) -> None:
    live_without_approval(governing)
    governing.run()
    governing.exstream.faults.add(Fault(kind=FaultKind.FEWER_ROWS, path="*/flow-model-snapshots"))
    run = templates.run(governing.actor, SLUG)
    for _ in range(6):
        work()
        later(run)
    assert states(run)["run"] == "failed"
    assert not Evidence.objects.filter(kind="finding", gone=True, parts__fact__code="unapproved-live").exists()


def test_what_was_mended_and_breaks_again_is_told_again(governing: Governing) -> None:
    governing.act("exstream.assign_group_role", domain=DOMAIN, group=OPERATE, role="designer")
    assert governing.find()["new_count"] > 0
    assert governing.find()["new_count"] == 0
    governing.act("exstream.remove_group_role", domain=DOMAIN, group=OPERATE, role="designer")
    assert governing.find()["gone"] > 0
    governing.act("exstream.assign_group_role", domain=DOMAIN, group=OPERATE, role="designer")
    assert governing.find()["new_count"] > 0


# Owners and reviews


def test_an_owner_who_is_disabled_and_a_review_that_is_overdue_are_found(governing: Governing) -> None:
    held = owners.list_owners(governing.actor).first()
    assert held is not None
    governing.own(held.resource, "otto.keller@Northwind", datetime.now(UTC) - timedelta(days=1))
    assert codes(governing.find()) == {"review-overdue"}
    governing.act("otds.disable_user", user="otto.keller@Northwind")
    assert codes(governing.find()) == {"review-overdue", "ownerless"}


def test_wrong_parameters_are_named_at_their_place(governing: Governing) -> None:
    wrong = [
        {"team": DESIGN, "types": ["leaflets"], "may": ["edit"]},
        {"team": "tenantadmins@Northwind", "domains": ["uk-prod"], "may": ["edit"]},
    ]
    with pytest.raises(Invalid) as caught:
        governing.install(policy=wrong)
    assert {each["pointer"] for each in caught.value.errors} == {
        "/parameters/policy/0/types", "/parameters/policy/1/domains", "/parameters/policy/1/team",
    }  # fmt: skip


def test_two_installations_do_not_govern_the_same_domain(governing: Governing) -> None:
    given = Installation.objects.get(slug=SLUG).parameters
    with pytest.raises(Invalid) as caught:
        templates.install(governing.actor, "governance", slug="other", parameters=given)
    assert caught.value.errors[0]["code"] == "clash"
