"""The step *approve*: a run asks people, waits as long as it takes, and goes on as they decide."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone

from hub.accounts.access import Actor
from hub.accounts.models import Membership, Workspace
from hub.accounts.roles import Role
from hub.api.errors import Conflict, Forbidden
from hub.audit.chains import check_trail
from hub.audit.models import AuditEntry
from tests.people import join, make_person
from tests.workflows.approvals.conftest import BY_PASSWORD, decide, question, stage
from tests.workflows.drawing import drawn
from tests.workflows.engine.conftest import error_of, later, states, work
from tests.workflows.engine.test_durability import WRITES, Died, dying_at
from workflows.engine import tending
from workflows.engine.claiming import claim
from workflows.engine.journal import Journal
from workflows.models import Approval, ApprovalDecision, Run, RunStep
from workflows.services import approvals, deputies, runs, waiting
from workflows.services.runs import start_run
from workflows.services.workflows import create_workflow, publish

pytestmark = pytest.mark.django_db
Asked = Callable[..., tuple[Run, Approval]]
People = dict[str, Actor]


def output(run: Run) -> dict[str, Any]:
    return dict(RunStep.objects.get(run=run, step="ask").output or {})


def test_a_run_waits_without_limit_and_goes_on_as_people_decide(asked: Asked, people: People) -> None:
    run, approval = asked(stage("legal", "ada", "ben", need=2), stage("print", roles=["operator"]))
    assert (states(run)["ask"], Run.objects.get(id=run.id).due_at) == ("waiting", None)
    assert "Publish the notice" in waiting.explained(RunStep.objects.get(run=run, step="ask"))

    decide(people["ada"], approval, comment="Wording is fine.")
    assert states(run)["ask"] == "waiting"
    decide(people["ben"], approval)
    with pytest.raises(Forbidden):
        decide(people["eve"], approval)
    decide(people["cleo"], approval)

    assert states(run) == {"run": "succeeded", "ask": "succeeded", "yes": "succeeded", "no": "skipped",
                           "late": "skipped"}  # fmt: skip
    first = output(run)["decisions"][0]
    assert (first["stage"], first["by"], first["approve"], first["comment"]) == (
        "legal", "ada", True, "Wording is fine."
    )  # fmt: skip
    assert first["signed_in"]["by"] == "password"
    assert first["digest"] == approval.digest


def test_one_no_ends_it_and_the_run_leaves_by_rejected(asked: Asked, people: People) -> None:
    run, approval = asked(stage("legal", "ada", "ben", need=2))
    decide(people["ben"], approval, approve=False, comment="Not lawful.")
    assert (states(run)["run"], states(run)["no"]) == ("succeeded", "succeeded")
    with pytest.raises(Conflict, match="It is rejected"):
        decide(people["ada"], approval)


def test_a_deadline_that_passed_leaves_by_expired_and_nobody_decides_any_more(asked: Asked, people: People) -> None:
    run, approval = asked(deadline={"hours": 1})
    Approval.objects.update(deadline_at=timezone.now() - timedelta(seconds=1), due_at=timezone.now())
    with pytest.raises(Conflict, match="deadline has passed"):
        decide(people["ada"], approval)
    work()
    assert (states(run)["run"], states(run)["late"]) == ("succeeded", "succeeded")
    assert not ApprovalDecision.objects.exists()


def test_the_scheduler_ends_what_is_late(asked: Asked) -> None:
    run, _ = asked(deadline={"hours": 1})
    assert tending.tend() == 0
    Approval.objects.update(deadline_at=timezone.now() - timedelta(seconds=1), due_at=timezone.now())
    assert tending.tend() == 1
    work()
    assert states(run)["late"] == "succeeded"


def test_whoever_started_the_run_does_not_decide_about_it(asked: Asked, people: People) -> None:
    _, approval = asked(stage("legal", "ada", "cleo"), by=people["cleo"])
    assert not approvals.inbox(people["cleo"]).exists()
    with pytest.raises(Conflict, match="You asked for this"):
        decide(people["cleo"], approval)
    decide(people["ada"], approval)


def test_a_named_requester_is_excluded_however_the_name_is_written(asked: Asked, people: People) -> None:
    _, approval = asked(stage("legal", "ada", "ben"), requester="ADA")
    with pytest.raises(Conflict, match="You asked for this"):
        decide(people["ada"], approval)


def test_a_stage_that_only_the_requester_could_fill_fails_before_anybody_is_asked(
    team: Workspace, people: People
) -> None:
    actor = Actor.system(team)
    settings = question(stage("legal", "ada"), requester="=trigger.by")
    create_workflow(actor, slug="asking", document=drawn("ask", ask={"kind": "approve", "settings": settings}))
    publish(actor, "asking", revision=1)
    run = start_run(actor, "asking", payload={"by": "ada"})
    work()
    assert (error_of(run)["code"], error_of(run)["field"]) == ("misconfigured", "settings/stages")
    assert "only 0 can decide" in error_of(run)["message"]
    assert not Approval.objects.exists()


def test_nobody_fills_two_stages(asked: Asked, people: People) -> None:
    run, approval = asked(stage("legal", "ada", "ben"), stage("print", "ada", "cleo"))
    decide(people["ada"], approval)
    with pytest.raises(Conflict, match="nobody fills two"):
        decide(people["ada"], approval)
    assert not approvals.inbox(people["ada"]).exists()
    decide(people["cleo"], approval)
    assert states(run)["run"] == "succeeded"


def test_who_may_decide_is_found_anew_when_they_do(asked: Asked, people: People, team: Workspace) -> None:
    run, approval = asked(stage("legal", roles=["approver"]))
    Membership.objects.filter(person=people["ada"].person).update(roles=["operator"])
    with pytest.raises(Conflict, match="not asked"):
        decide(Actor.member(people["ada"].person, team), approval)  # type: ignore[arg-type]
    came_later = join(make_person("fay"), team, [Role.APPROVER])
    decide(came_later, approval)
    assert states(run)["run"] == "succeeded"


def test_a_deputy_decides_in_somebodys_place_on_these_days_only(asked: Asked, people: People) -> None:
    run, approval = asked(stage("legal", "ada"))
    today = timezone.now().date()
    deputies.make_deputy(
        people["ada"], deputy="dan", first_day=today + timedelta(days=3), last_day=today + timedelta(days=9)
    )
    with pytest.raises(Conflict, match="not asked"):
        decide(people["dan"], approval)
    held = deputies.make_deputy(people["ada"], deputy="dan", first_day=today, last_day=today)
    assert list(approvals.inbox(people["dan"])) == [approval]
    deputies.end_deputy(people["ada"], held.id)
    assert not approvals.inbox(people["dan"]).exists()
    deputies.make_deputy(people["ada"], deputy="dan", first_day=today, last_day=today)
    decide(people["dan"], approval)
    assert states(run)["run"] == "succeeded"
    [said] = output(run)["decisions"]
    assert (said["by"], said["in_place_of"]) == ("dan", "ada")


def test_nobody_names_deputies_for_others_unless_they_manage_that(people: People, alice: Actor) -> None:
    today = timezone.now().date()
    with pytest.raises(Forbidden):
        deputies.make_deputy(people["ben"], person="ada", deputy="ben", first_day=today, last_day=today)
    deputies.make_deputy(alice, person="ada", deputy="ben", first_day=today, last_day=today)


def test_a_decision_about_something_else_than_is_asked_is_refused(asked: Asked, people: People) -> None:
    run, approval = asked()
    with pytest.raises(Conflict, match="Look again"):
        decide(people["ada"], approval, digest="0" * 64)
    assert states(run)["ask"] == "waiting"


def test_what_changed_after_it_was_shown_is_looked_at_again_and_earlier_decisions_do_not_count(
    people: People, alice: Actor
) -> None:
    asked = approvals.ask(alice, question(stage("legal", "ada", "ben", need=2)))
    decide(people["ada"], asked)
    approvals.revise(alice, asked.id, show=[{"label": "Template", "value": "Another notice"}])
    with pytest.raises(Conflict, match="Look again"):
        decide(people["ben"], asked)
    now = approvals.get_approval(people["ben"], asked.id)
    decide(people["ben"], now)
    assert (list(approvals.inbox(people["ada"])), list(approvals.inbox(people["ben"]))) == ([now], [])
    assert approvals.get_approval(alice, asked.id).state == "open"
    decide(people["ada"], now)
    assert approvals.get_approval(alice, asked.id).state == "approved"
    assert ApprovalDecision.objects.count() == 3


def test_asking_anew_about_the_same_takes_the_older_question_back(people: People, alice: Actor) -> None:
    older = approvals.ask(alice, question(subject="emea-prod/R-17"))
    newer = approvals.ask(alice, question(subject="emea-prod/R-17"))
    with pytest.raises(Conflict, match="asked anew"):
        decide(people["ada"], older)
    assert list(approvals.inbox(people["ada"])) == [newer]


def test_when_the_run_is_cancelled_nobody_is_asked_any_more(asked: Asked, people: People, alice: Actor) -> None:
    run, approval = asked()
    runs.cancel_run(alice, run.id)
    work()
    with pytest.raises(Conflict, match="has ended"):
        decide(people["ada"], approval)
    tending.tend()
    approval.refresh_from_db()
    assert (approval.state, approval.why) == ("withdrawn", "The run that asked has ended.")


def test_a_worker_that_dies_after_asking_asks_nobody_twice(asked: Asked, people: People) -> None:
    run, approval = asked()
    # As if the step had been broken off after its question was stored, and another worker came.
    RunStep.objects.filter(run=run, step="ask").update(state="ready")
    Run.objects.filter(id=run.id).update(due_at=timezone.now())
    work()
    assert Approval.objects.count() == 1
    assert states(run)["ask"] == "waiting"
    decide(people["ada"], approval)
    assert states(run)["run"] == "succeeded"


def test_a_decision_made_while_the_step_looks_is_not_missed(
    asked: Asked, people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    run, approval = asked()
    waited = Journal.wait

    def wait(self: Journal, *args: Any, **more: Any) -> None:
        if approvals.get_approval(people["ada"], approval.id).state == "open":
            approvals.decide(
                people["ada"], approval.id, approve=True, digest=approval.digest, signed_in={"by": "test"}
            )
        waited(self, *args, **more)

    monkeypatch.setattr(Journal, "wait", wait)
    RunStep.objects.filter(run=run, step="ask").update(state="ready")
    Run.objects.filter(id=run.id).update(due_at=timezone.now())
    work()
    assert states(run)["run"] == "succeeded"
    assert not claim()


def test_for_each_asks_about_every_item(team: Workspace, people: People) -> None:
    actor = Actor.system(team)
    body = {"steps": [{"id": "ask", "kind": "approve", "settings": question(title="Publish {{item}}")}]}
    each = {"kind": "each", "settings": {"items": ["a", "b"], "concurrency": 2}, "body": body}
    create_workflow(actor, slug="asking", document=drawn("all", all=each))
    publish(actor, "asking", revision=1)
    run = start_run(actor, "asking", payload={})
    work()
    assert sorted(Approval.objects.values_list("title", flat=True)) == ["Publish a", "Publish b"]
    for approval in Approval.objects.all():
        decide(people["ada"], approval)
    assert states(run)["run"] == "succeeded"


def test_the_evidence_is_in_the_chain_and_no_decision_can_be_altered(
    asked: Asked, people: People, team: Workspace
) -> None:
    _, approval = asked()
    decide(people["ada"], approval, comment="Fine.")
    entry = AuditEntry.objects.get(workspace=team, verb="approval.decided")
    assert entry.actor_name == "Ada"
    assert entry.detail["shown"] == approval.shown
    assert (entry.detail["digest"], entry.detail["how"]["by"]) == (approval.digest, "password")
    assert entry.detail["comment"] == "Fine."
    asked_entry = AuditEntry.objects.get(workspace=team, verb="approval.asked")
    assert asked_entry.detail["asked"] == {"legal": ["ada", "ben"]}
    assert check_trail(team.id).whole
    for change in (lambda rows: rows.update(approve=False), lambda rows: rows.delete()):
        with pytest.raises(DatabaseError, match="never altered"), transaction.atomic():
            change(ApprovalDecision.objects.all())


def test_after_long_enough_others_are_asked_besides(asked: Asked, people: People) -> None:
    run, approval = asked(stage("legal", "ada"), escalation={"after_hours": 4, "approvers": {"people": ["dan"]}})
    with pytest.raises(Conflict, match="not asked"):
        decide(people["dan"], approval)
    Approval.objects.update(asked_at=timezone.now() - timedelta(hours=5), due_at=timezone.now())
    tending.tend()
    assert list(approvals.inbox(people["dan"])) == [approval]
    decide(people["dan"], approval)
    assert states(run)["run"] == "succeeded"


def test_another_workspace_sees_nothing_of_it(asked: Asked, charlie: Actor) -> None:
    from hub.api.errors import NotFound

    _, approval = asked()
    assert not approvals.list_approvals(charlie).exists()
    with pytest.raises(NotFound):
        decide(charlie, approval)


def test_the_same_is_asked_once_when_it_is_to_be(asked: Asked, people: People, alice: Actor) -> None:
    first, approval = asked(subject="R-17", once=True)
    second = start_run(alice, "asking", payload={})
    work()
    assert (states(second)["late"], output(second)["state"]) == ("succeeded", "asked")
    assert list(Approval.objects.all()) == [approval]
    decide(people["ada"], approval)
    assert states(first)["yes"] == "succeeded"


@pytest.mark.parametrize("before", [True, False])
def test_a_worker_that_dies_at_any_write_loses_no_approval_and_asks_nobody_twice(
    asked: Asked, people: People, alice: Actor, monkeypatch: pytest.MonkeyPatch, before: bool
) -> None:
    first, approval = asked()
    decide(people["ada"], approval)
    number = 0
    while True:
        number += 1
        run, died = start_run(alice, "asking", payload={}), False
        with dying_at(number, before=before, monkeypatch=monkeypatch, writes=(*WRITES, "wait", "rest")) as written:
            for _ in range(2):
                try:
                    work()
                except Died:
                    died = True
                    later(run)
                    work()
                [held] = Approval.objects.filter(step__run=run)
                if held.state == "open":
                    approvals.decide(people["ada"], held.id, approve=True, digest=held.digest, signed_in=BY_PASSWORD)
        later(run)
        work()
        assert states(run) == states(first), (number, written)
        assert held.decisions.count() == 1
        if not died:
            break
    assert number > 8
