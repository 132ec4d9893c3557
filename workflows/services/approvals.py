"""What people do about questions: ask, look, decide, take back."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet, Value
from django.db.models.functions import Concat, Upper

from hub.accounts.access import Actor, allow, fetch, visible, workspaces_of
from hub.accounts.models import Person
from hub.api.errors import Changed, Conflict, Forbidden, Invalid
from hub.audit import record
from hub.sdk import Misconfigured
from hub.watch import clock
from workflows.engine import approvers, questions, reminding
from workflows.models import Approval, ApprovalDecision, ApprovalTask, Delivery, PlanState
from workflows.planning.approvals import ApprovalState, May, may_decide, standing
from workflows.planning.states import OPEN_STEPS

_ROWS = Approval.objects.select_related("step__run__workflow", "plan", "workspace", "requester")


def inbox(actor: Actor, *, search: str = "") -> QuerySet[Approval]:
    """The open questions that the actor is asked now, themselves or as a deputy; the newest first."""
    allow(actor, "approval.view")
    if actor.person is None:
        return visible(actor, _ROWS).none()
    people = [actor.person.id, *map(uuid.UUID, _stands_in_for(actor))]
    asked = ApprovalTask.objects.filter(is_open=True, person_id__in=people)
    rows = visible(actor, _ROWS).filter(state=ApprovalState.OPEN, id__in=asked.values("approval_id"))
    decided = ApprovalDecision.objects.filter(approval=OuterRef("id"), digest=OuterRef("digest"), person=actor.person)
    return _found(rows, search).exclude(requester=actor.person).exclude(Exists(decided), allow_same_person=False)


def list_approvals(
    actor: Actor, *, state: str = "", run: uuid.UUID | None = None, search: str = ""
) -> QuerySet[Approval]:
    """Every question of the workspace, the newest first; with a run only those that it asks."""
    allow(actor, "approval.view")
    rows = visible(actor, _ROWS)
    if run is not None:
        rows = rows.filter(step__run=run)
    return _found(rows.filter(state=state) if state else rows, search)


def _found(rows: QuerySet[Approval], search: str) -> QuerySet[Approval]:
    """Those with these words in the title, the subject or the name of whoever asks, in any order."""
    if not search.strip():
        return rows
    # One text, so that each row is looked through once for a word, not three times.
    rows = rows.alias(text=Upper(Concat("title", Value(" "), "subject", Value(" "), "requester_name")))
    for word in search.upper().split():
        rows = rows.filter(text__contains=word)
    return rows


def get_approval(actor: Actor, approval_id: uuid.UUID | str) -> Approval:
    """Raises NotFound."""
    allow(actor, "approval.view")
    return fetch(actor, _ROWS, id=approval_id)


def at_home(actor: Actor, approval_id: uuid.UUID | str) -> Actor:
    """The same person in the workspace of this question, when they belong to it: a mail's link names no workspace."""
    if actor.person is None:
        return actor
    held = Approval.objects.select_related("workspace").filter(
        id=approval_id, workspace__in=workspaces_of(actor.person)
    )
    found = held.first()
    return Actor.member(actor.person, found.workspace) if found else actor


def decisions_of(approval: Approval) -> QuerySet[ApprovalDecision]:
    """The oldest first, also those about what was shown before."""
    return approval.decisions.select_related("person", "place")


def deliveries_of(approval: Approval) -> QuerySet[Delivery]:
    """Whom the notices about it go to; the oldest first."""
    return reminding.deliveries_of(approval).select_related("notice").order_by("id")


@dataclass(frozen=True)
class StageSeen:
    """One stage as somebody looks at it."""

    name: str
    need: int
    asked: list[str]
    decisions: list[ApprovalDecision]
    is_open: bool
    may: May | None


def stages_of(actor: Actor, approval: Approval) -> list[StageSeen]:
    """The stages, and whether the actor may decide in each, by who was asked; deciding finds it anew."""
    tasks = list(approval.tasks.select_related("person"))
    places = [
        frozenset(str(task.person_id) for task in tasks if task.stage == number)
        for number in range(len(approval.stages))
    ]
    offered = _offered(actor, approval, places)
    made = [each for each in decisions_of(approval) if each.digest == approval.digest]
    return [
        StageSeen(
            stage["name"],
            stage["need"],
            sorted(str(task.person) for task in tasks if task.stage == number),
            [each for each in made if each.stage == number],
            any(task.is_open for task in tasks if task.stage == number),
            offered[number] if offered else None,
        )
        for number, stage in enumerate(approval.stages)
    ]


def ask(actor: Actor, values: Mapping[str, Any]) -> Approval:
    """Ask people something that no run waits for. Raises Invalid with the field at fault."""
    allow(actor, "approval.ask")
    try:
        questions.check(values)
        approval = questions.drafted(actor.workspace, values, person=actor.person)
        if actor.person is not None and values.get("requester") not in (None, "", actor.person.username):
            raise Misconfigured("You ask this yourself; nobody else can be named.", field="requester")
        places = questions.ready(approval)
    except Misconfigured as wrong:
        raise _invalid(wrong, "/question") from None
    questions.take_back_older(actor, approval)
    return questions.ask(actor, approval, places)


def decide(
    actor: Actor,
    approval_id: uuid.UUID | str,
    *,
    approve: bool,
    digest: str,
    signed_in: Mapping[str, Any],
    stage: str = "",
    comment: str = "",
) -> Approval:
    """Say yes or no to exactly what has this digest. Raises Conflict with the reason in words.

    Who may decide is found anew: somebody who left the group since they were asked does not.
    """
    allow(actor, "approval.decide")
    if actor.person is None:
        raise Forbidden("Only a person decides.")
    places = questions.places_of(get_approval(actor, approval_id))
    with transaction.atomic():
        approval = fetch(actor, Approval.objects.select_related("workspace"), id=approval_id, locked=True)
        late = approval.deadline_at is not None and approval.deadline_at <= clock.now()
        if late and approval.state == ApprovalState.OPEN:
            questions.settle(actor.system(actor.workspace), approval, places)
            decided = None
        else:
            decided = _decided(actor, approval, places, stage, digest)
            _store(actor, actor.person, approval, decided, approve=approve, comment=comment, signed_in=signed_in)
            questions.settle(actor, approval, places)
    if decided is None:
        raise Conflict("The deadline has passed: this is not asked any more.", code="approval-expired")
    return get_approval(actor, approval_id)


def revise(actor: Actor, approval_id: uuid.UUID | str, *, show: list[dict[str, Any]]) -> Approval:
    """Show something else in a question of one's own. Decisions about what was shown before do not count any more."""
    allow(actor, "approval.ask")
    try:
        questions.check_shown(show)
    except Misconfigured as wrong:
        raise _invalid(wrong, "") from None
    places = questions.places_of(get_approval(actor, approval_id))
    with transaction.atomic():
        approval = fetch(actor, Approval.objects.select_related("workspace"), id=approval_id, locked=True)
        _is_ones_own(actor, approval)
        before = approval.digest
        approval.shown = show
        approval.digest = questions.digest_of(approval.title, show, approval.stages)
        approval.save(update_fields=["shown", "digest"])
        questions.settle(actor, approval, places)
        reminding.remind(approval)
        record(actor, "approval.revised", approval, {"before": before, "digest": approval.digest, "shown": show})
    return get_approval(actor, approval_id)


@transaction.atomic
def withdraw(actor: Actor, approval_id: uuid.UUID | str) -> Approval:
    """Take back a question of one's own."""
    allow(actor, "approval.ask")
    approval = fetch(actor, Approval.objects.select_related("workspace"), id=approval_id, locked=True)
    _is_ones_own(actor, approval)
    questions.end(actor, approval, ApprovalState.WITHDRAWN, f"{actor.name} took it back."[:400])
    return get_approval(actor, approval_id)


def _invalid(wrong: Misconfigured, within: str) -> Invalid:
    pointer = f"{within}/{wrong.field}" if wrong.field else within
    return Invalid(errors=[{"pointer": pointer, "code": wrong.code, "detail": wrong.message}])


def _is_ones_own(actor: Actor, approval: Approval) -> None:
    if approval.plan_id is not None:
        detail = "A plan asks this: it is decided, or gives way to a newer one."
        raise Conflict(detail, code="approval-of-a-plan", title="This is not for a person to take back.")
    if approval.step_id is not None:
        detail = "A run asks this. Cancel the run to take it back."
        raise Conflict(detail, code="approval-of-a-run", title="This is not for a person to take back.")
    if approval.created_by_id != actor.id and not actor.may("approval.manage"):
        raise Forbidden("Somebody else asked this.")
    if approval.state != ApprovalState.OPEN:
        raise Conflict(f"This is {approval.state}: it is not asked any more.", code="approval-ended")


def _offered(actor: Actor, approval: Approval, places: list[frozenset[str]]) -> list[May]:
    if actor.person is None:
        return []
    rules, made = questions.rules_of(approval, places), questions.decisions_of(approval)
    return may_decide(rules, made, str(actor.id), _stands_in_for(actor))


def _stands_in_for(actor: Actor) -> list[str]:
    held = approvers.stands_in_for(actor.workspace, [actor.person.id] if actor.person else [])
    return held.get(str(actor.id), [])


def _decided(actor: Actor, approval: Approval, places: list[frozenset[str]], stage: str, digest: str) -> May:
    if approval.state != ApprovalState.OPEN:
        said = approval.why or f"It is {approval.state}."
        raise Conflict(f"This is not asked any more. {said}", code="approval-ended")
    if approval.step is not None and approval.step.state not in OPEN_STEPS:
        raise Conflict("The run that asked this has ended: nothing would follow from it.", code="approval-ended")
    if approval.plan is not None and approval.plan.state != PlanState.PROPOSED:
        raise Conflict("A newer plan took the place of this one: nothing would follow.", code="approval-ended")
    if digest != approval.digest:
        raise Changed("What is asked is not what you looked at. Look again.", code="approval-differs")
    offered = _offered(actor, approval, places)
    wanted = [may for may in offered if not stage or approval.stages[may.stage]["name"] == stage]
    if not wanted:
        names = ", ".join(f'"{each["name"]}"' for each in approval.stages)
        detail = f'There is no stage "{stage}". There are: {names}.'
        raise Invalid(errors=[{"pointer": "/stage", "code": "unknown", "detail": detail}])
    allowed = next((may for may in wanted if may.allowed), None)
    if allowed is None:
        now = standing(questions.rules_of(approval, places), questions.decisions_of(approval)).open_stages
        reason = next((may.reason for may in wanted if may.stage in now), wanted[0].reason)
        raise Conflict(reason, code="approval-refused", title="You cannot decide here.")
    return allowed


def _store(
    actor: Actor,
    person: Person,
    approval: Approval,
    may: May,
    *,
    approve: bool,
    comment: str,
    signed_in: Mapping[str, Any],
) -> None:
    decision = ApprovalDecision.objects.create(
        approval=approval,
        stage=may.stage,
        person=person,
        place_id=may.place,
        approve=approve,
        comment=comment,
        digest=approval.digest,
        shown=approval.shown,
        signed_in=dict(signed_in),
        at=clock.now(),
    )
    evidence = {
        "decision": str(decision.id),
        "stage": approval.stages[may.stage]["name"],
        "approve": approve,
        "in_place_of": str(decision.place) if decision.place_id != decision.person_id else None,
        "comment": comment,
        "digest": approval.digest,
        "shown": approval.shown,
        "how": dict(signed_in),
        "at": decision.at,
    }
    record(actor, "approval.decided", approval, evidence)
