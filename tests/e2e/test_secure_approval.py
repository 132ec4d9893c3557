"""Secure approval of communications, over both sandboxes: what it does, and what must be impossible."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from connectors.exstream.sandbox.seed import made_id
from hub.accounts.access import Actor
from hub.accounts.roles import Role
from hub.api.errors import Conflict, Invalid
from hub.sdk import Call
from tests.e2e.stage import Stage
from tests.people import join, make_person
from tests.workflows.engine.conftest import error_of, work
from workflows.engine import calling, tending
from workflows.models import Approval, Run, Trigger
from workflows.services import approvals, runs, templates
from workflows.triggers import polling

DOMAIN = "emea-prod"
LETTER = made_id(f"{DOMAIN}/exstrapplication", "Claim acknowledgement")
SUBMITTER = "amara.diallo@Northwind"
GROUPS = {"legal": ["lena.vogt", "marcus.webb", "amara.diallo"], "compliance": ["henrik.olsen"],
          "print": ["priya.nair", "lena.vogt"]}  # fmt: skip
BY_PASSWORD = {"by": "password", "since": None}


class Play:
    """The stage, the groups in the directory, and their people in the hub."""

    def __init__(self, stage: Stage) -> None:
        self.stage, self.actor = stage, stage.actor
        for group, members in GROUPS.items():
            self.act("otds.create_group", partition="Northwind", name=group)
            for member in members:
                self.act("otds.add_to_group", member=f"{member}@Northwind", group=f"{group}@Northwind")
        self.people = {
            name: join(make_person(f"{name}@Northwind"), self.actor.workspace, [Role.APPROVER])
            for name in sorted({name for members in GROUPS.values() for name in members})
        }

    def act(self, action: str, **given: Any) -> dict[str, Any]:
        connection = "directory" if action.startswith("otds") else "exstream"
        prepared = calling.prepare(self.actor.workspace, action, connection, given)
        call = Call(key=str(uuid.uuid4()), timeout_seconds=10)
        made = prepared.entry.implementation.run(prepared.input, prepared.opened.client, call)
        return dict(made.model_dump(mode="json"))

    def install(self, **changed: Any) -> None:
        given = {
            "exstream": "exstream",
            "directory": "directory",
            "domains": [DOMAIN],
            "types": ["exstrapplication"],
            "stages": [
                {"name": "Legal", "group": "legal@Northwind", "need": 2},
                {"name": "Compliance", "group": "compliance@Northwind"},
                {"name": "Operations", "group": "print@Northwind"},
            ],
        }
        templates.install(self.actor, "secure-approval", slug="letters", parameters=given | changed)

    def run(self) -> Run:
        started = templates.run(self.actor, "letters")
        work()
        return started

    def resource(self, resource: str = LETTER) -> dict[str, Any]:
        return self.act("exstream.get_resource", domain=DOMAIN, resource=resource)

    def history(self) -> list[dict[str, Any]]:
        entries = self.act("exstream.get_history", domain=DOMAIN, resource=LETTER, kind="STATE")["entries"]
        return sorted(entries, key=lambda each: (each["modifiedDate"], each["revision"]))

    def decide(self, name: str, *, approve: bool = True, comment: str = "") -> None:
        asked = Approval.objects.get(state="open")
        approvals.decide(
            self.people[name], asked.id, approve=approve, digest=asked.digest, signed_in=BY_PASSWORD, comment=comment
        )
        work()

    def decide_all(self) -> None:
        for name in ("lena.vogt", "marcus.webb", "henrik.olsen", "priya.nair"):
            self.decide(name)


@pytest.fixture
def play(sandboxed: Stage) -> Play:
    return Play(sandboxed)


def state_of(run: Run) -> str:
    return str(Run.objects.get(id=run.id).state)


def test_three_stages_decide_and_the_decision_is_written_back_with_who_and_why(play: Play) -> None:
    play.install()
    run = play.run()
    asked = Approval.objects.get()
    assert {line["label"]: line["value"] for line in asked.shown}["Submitted by"] == SUBMITTER
    assert play.resource()["state"] == "REVIEW"

    play.decide("lena.vogt", comment="The wording is lawful.")
    play.decide("marcus.webb")
    play.decide("henrik.olsen")
    assert play.resource()["state"] == "REVIEW"
    play.decide("priya.nair")

    assert state_of(run) == "succeeded"
    assert play.resource()["state"] == "APPROVED"
    said = play.history()[-1]["auditedComment"]
    assert f"Lockgate approval {asked.id}" in said
    for name in ("lena.vogt", "marcus.webb", "henrik.olsen", "priya.nair"):
        assert f"approved by {name}@Northwind" in said
    assert "The wording is lawful." in said

    again = play.run()
    assert state_of(again) == "succeeded"
    assert Approval.objects.count() == 1


def test_a_no_is_written_back_as_a_rejection(play: Play) -> None:
    play.install()
    run = play.run()
    play.decide("marcus.webb", approve=False, comment="The date is wrong.")
    assert state_of(run) == "succeeded"
    assert play.resource()["state"] == "REJECTED"
    assert "rejected by marcus.webb@Northwind (Legal" in play.history()[-1]["auditedComment"]
    assert "The date is wrong." in play.history()[-1]["auditedComment"]


def test_a_submission_starts_a_run_of_its_own_and_the_same_is_not_asked_twice(play: Play) -> None:
    play.install()
    trigger = Trigger.objects.get(workflow__slug="letters", kind="event")
    polling.ask(trigger.id)
    play.act("exstream.change_state", domain=DOMAIN, resource=LETTER, state="DRAFT")
    play.act("exstream.change_state", domain=DOMAIN, resource=LETTER, state="REVIEW", comment="Better now.")

    Trigger.objects.filter(id=trigger.id).update(due_at=timezone.now())
    assert polling.ask(trigger.id)
    work()
    play.run()

    asked = Approval.objects.get()
    assert {line["label"]: line["value"] for line in asked.shown}["Comment"] == "Better now."
    play.decide_all()
    assert play.resource()["state"] == "APPROVED"
    assert not Run.objects.exclude(state="succeeded").exists()


# Impossible


def test_a_mail_scanner_approves_nothing(play: Play) -> None:
    play.install()
    run = play.run()
    asked = Approval.objects.get()
    signed_in = Client()
    person = play.people["lena.vogt"].person
    assert person is not None
    signed_in.force_login(person)
    for client in (Client(), signed_in):
        for path in (f"/approvals/{asked.id}", f"/approvals/{asked.id}/decide?verb=approve&digest={asked.digest}"):
            for method in ("get", "head"):
                getattr(client, method)(path)
    work()
    assert not asked.decisions.exists()
    assert (state_of(run), play.resource()["state"]) == ("waiting", "REVIEW")


def test_whoever_submitted_it_does_not_approve_though_they_are_in_the_group(play: Play) -> None:
    play.install()
    play.run()
    assert not approvals.inbox(play.people["amara.diallo"]).exists()
    with pytest.raises(Conflict, match="You asked for this"):
        play.decide("amara.diallo")
    assert play.resource()["state"] == "REVIEW"


def test_one_person_does_not_fill_two_stages(play: Play) -> None:
    play.install()
    play.run()
    play.decide("lena.vogt")
    play.decide("marcus.webb")
    play.decide("henrik.olsen")
    with pytest.raises(Conflict, match="nobody fills two"):
        play.decide("lena.vogt")
    assert play.resource()["state"] == "REVIEW"


def test_whoever_left_the_group_since_they_were_asked_does_not_approve(play: Play) -> None:
    play.install()
    play.run()
    play.act("otds.remove_from_group", member="marcus.webb@Northwind", group="legal@Northwind")
    with pytest.raises(Conflict, match="not asked"):
        play.decide("marcus.webb")


def test_what_changed_after_the_question_is_not_approved_and_the_run_says_so(play: Play) -> None:
    play.install()
    run = play.run()
    for name in ("lena.vogt", "marcus.webb", "henrik.olsen"):
        play.decide(name)
    # Taken back, changed, and submitted again, unnoticed by those who still decide.
    play.act("exstream.change_state", domain=DOMAIN, resource=LETTER, state="DRAFT")
    play.act("exstream.update_metadata", domain=DOMAIN, resource=LETTER, changes={"description": "Other words"})
    play.act("exstream.change_state", domain=DOMAIN, resource=LETTER, state="REVIEW")
    before = play.history()
    play.decide("priya.nair")

    assert state_of(run) == "failed"
    assert "changed after it was shown" in error_of(run)["message"]
    assert (play.resource()["state"], play.history()) == ("REVIEW", before)

    play.run()
    asked = Approval.objects.get(state="open")
    assert not asked.decisions.exists()


def test_an_approval_survives_a_worker_that_dies_anywhere(play: Play, monkeypatch: pytest.MonkeyPatch) -> None:
    from workflows.engine.journal import Journal

    play.install()
    run = play.run()
    for name in ("lena.vogt", "marcus.webb", "henrik.olsen"):
        play.decide(name)
    wrote = Journal.succeed

    def die(self: Journal, step: Any, *args: Any, **more: Any) -> None:
        if step.step == "write":
            raise KeyboardInterrupt
        wrote(self, step, *args, **more)

    monkeypatch.setattr(Journal, "succeed", die)
    with pytest.raises(KeyboardInterrupt):
        play.decide("priya.nair")
    monkeypatch.setattr(Journal, "succeed", wrote)
    assert play.resource()["state"] == "APPROVED"
    count = len(play.history())
    Run.objects.filter(id=run.id).update(lease_until=timezone.now())
    work()

    assert state_of(run) == "succeeded"
    assert len(play.history()) == count


def test_a_directory_that_cannot_be_asked_lets_nobody_decide(play: Play) -> None:
    from hub.sdk import ConnectorError

    play.install()
    play.run()
    play.stage.otds.stop()
    with pytest.raises(ConnectorError):
        play.decide("lena.vogt")
    tending.tend()
    assert Approval.objects.get().state == "open"


def test_a_deadline_that_passes_leaves_it_in_review_and_the_run_says_so(play: Play) -> None:
    play.install(deadline={"hours": 1})
    run = play.run()
    Approval.objects.update(deadline_at=timezone.now(), due_at=timezone.now())
    tending.tend()
    work()
    assert "in time" in error_of(run)["message"]
    assert play.resource()["state"] == "REVIEW"


def test_what_exstream_refuses_fails_the_run_with_its_words(play: Play) -> None:
    play.install(types=["documentdefinition"])
    run = play.run()
    play.decide_all()
    assert "without an approved version" in error_of(run)["message"]
    assert play.resource(made_id(f"{DOMAIN}/documentdefinition", "Complaint reply"))["state"] == "REVIEW"


def test_wrong_parameters_are_named_at_their_place(play: Play) -> None:
    with pytest.raises(Invalid) as caught:
        play.install(deadline={"business_days": 2, "country": "Nowhere"}, escalate_after_hours=3)
    assert [each["pointer"] for each in caught.value.errors] == [
        "/parameters/deadline/country", "/parameters/escalate_to"
    ]  # fmt: skip
    with pytest.raises(Invalid):
        play.install(stages=[])
    play.install()
    with pytest.raises(Conflict, match="no plan"):
        templates.simulate(play.actor, "letters")


def test_a_removed_installation_asks_nobody_any_more(play: Play) -> None:
    play.install()
    run = play.run()
    templates.uninstall(play.actor, "letters")
    runs.cancel_run(play.actor, run.id)
    work()
    tending.tend()
    assert Approval.objects.get().state == "withdrawn"
    assert play.resource()["state"] == "REVIEW"


def test_people_may_have_the_short_user_names(play: Play) -> None:
    for name in ("lena.vogt", "amara.diallo"):
        join(make_person(name), play.actor.workspace, [Role.APPROVER])
    play.install(user_names="user", stages=[{"name": "Legal", "group": "legal@Northwind"}])
    play.run()
    asked = Approval.objects.get()
    assert asked.requester is not None
    assert asked.requester.username == "amara.diallo"
    assert [task.person.username for task in asked.tasks.all()] == ["lena.vogt"]
    actor = Actor.member(asked.tasks.get().person, play.actor.workspace)
    approvals.decide(actor, asked.id, approve=True, digest=asked.digest, signed_in=BY_PASSWORD)
    work()
    assert play.resource()["state"] == "APPROVED"
