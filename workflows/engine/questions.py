"""Questions to people as rows: asked, settled by decisions and deadlines, ended. Everything holds the question's row.

A step that waits is woken in the transaction that ends its question.
"""

from __future__ import annotations

import hashlib
import json
import uuid
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from django.db import transaction
from jsonschema import Draft202012Validator

from hub.accounts.access import Actor
from hub.accounts.models import Person, Workspace
from hub.audit import record
from hub.sdk import Misconfigured
from hub.watch import clock
from workflows.engine import approvers, journal, plans, reminding
from workflows.graph.problem import complaint
from workflows.graph.questions import SCHEMA
from workflows.models import Approval, ApprovalTask, Plan, RunStep
from workflows.planning.approvals import ApprovalState, Decision, Rules, Stage, digest_parts, lacking, standing
from workflows.planning.calendars import DeadlineError, deadline


def check(values: Any, schema: dict[str, Any] = SCHEMA) -> None:
    """Raises Misconfigured with the field at fault."""
    _check(schema, values, ())
    names = [stage["name"] for stage in values["stages"]]
    if len(set(names)) < len(names):
        raise Misconfigured("Two stages have the same name.", field="stages")
    try:
        if "deadline" in values:
            deadline(values["deadline"], clock.now())
    except DeadlineError as wrong:
        raise Misconfigured(wrong.message, field=f"deadline/{wrong.field}".rstrip("/")) from None


def check_shown(lines: Any) -> None:
    """Raises Misconfigured with the field at fault."""
    _check(SCHEMA["properties"]["show"], lines, ("show",))


def _check(schema: dict[str, Any], values: Any, place: tuple[str, ...]) -> None:
    for error in Draft202012Validator(schema).iter_errors(values):
        path = "/".join(map(str, [*place, *error.absolute_path]))
        raise Misconfigured(f"{path or 'The question'} {complaint(error)}.", field=path)


def places_of(approval: Approval, *, strict: bool = False) -> list[frozenset[str]]:
    """Who may decide in each stage, as it is just now. May ask a directory; raises the connectors' errors."""
    beside: frozenset[str] = frozenset()
    if approval.escalated_at or strict:
        named = approval.escalation.get("approvers")
        beside = approvers.people_meant(approval.workspace, named, strict=strict) if named else beside
    made = []
    for number, stage in enumerate(approval.stages):
        try:
            meant = approvers.people_meant(approval.workspace, stage["approvers"], strict=strict)
        except Misconfigured as wrong:
            wrong.field = f"stages/{number}/approvers/{wrong.field}".rstrip("/")
            raise
        made.append(meant | beside if approval.escalated_at else meant)
    return made


def rules_of(approval: Approval, places: Sequence[frozenset[str]]) -> Rules:
    return Rules(
        [Stage(stage["name"], stage["need"], place) for stage, place in zip(approval.stages, places, strict=True)],
        approval.parallel,
        str(approval.requester_id or ""),
        approval.allow_same_person,
    )


def decisions_of(approval: Approval) -> list[Decision]:
    """Those about what is asked now."""
    rows = approval.decisions.filter(digest=approval.digest)
    return [Decision(row.stage, str(row.person_id), str(row.place_id), row.approve) for row in rows]


def digest_of(title: str, shown: Sequence[Mapping[str, Any]], stages: Sequence[Mapping[str, Any]]) -> str:
    text = json.dumps(digest_parts(title, shown, stages), sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def drafted(
    workspace: Workspace, values: Mapping[str, Any], requester: str = "", person: Person | None = None
) -> Approval:
    """A question that is not stored yet. `requester` is a user name; `person` asks when nobody is named."""
    now = clock.now()
    named = str(values.get("requester") or requester)
    asks = approvers.person_called(workspace, named) if named else person
    stages = [{"need": 1, **stage} for stage in values["stages"]]
    shown = list(values.get("show", []))
    return Approval(
        workspace=workspace,
        title=values["title"],
        subject=str(values.get("subject", "")),
        shown=shown,
        stages=stages,
        digest=digest_of(values["title"], shown, stages),
        parallel=bool(values.get("parallel", False)),
        allow_same_person=bool(values.get("allow_same_person", False)),
        requester=asks,
        requester_name=named or (str(asks) if asks else ""),
        deadline_at=deadline(values["deadline"], now) if "deadline" in values else None,
        mail=values.get("mail", {}),
        escalation=values.get("escalation", {}),
    )


def ready(approval: Approval) -> list[frozenset[str]]:
    """Who is asked. Raises Misconfigured for names that are nobody's, and when too few people could decide."""
    reminding.check(approval)
    places = places_of(approval, strict=True)
    if said := lacking(rules_of(approval, places)):
        raise Misconfigured(said, field="stages")
    return places


def same_as(approval: Approval) -> Approval | None:
    """An open question of the same subject that asks exactly the same."""
    if not approval.subject:
        return None
    rows = Approval.objects.filter(workspace=approval.workspace, subject=approval.subject, digest=approval.digest)
    return rows.filter(state=ApprovalState.OPEN).first()


@transaction.atomic
def take_back_older(actor: Actor, approval: Approval) -> None:
    """An open question of the same subject gives way to this one, which is stored next.

    In a transaction of its own: whoever holds a run and then a question would meet those who decide coming the other
    way.
    """
    older = Approval.objects.filter(workspace=approval.workspace, subject=approval.subject, state=ApprovalState.OPEN)
    for each in older.exclude(subject="").select_for_update():
        end(actor, each, ApprovalState.WITHDRAWN, "It was asked anew.")


@transaction.atomic
def ask(actor: Actor, approval: Approval, places: Sequence[frozenset[str]], step: RunStep | None = None) -> Approval:
    """Store the question, and who is asked."""
    approval.step, approval.created_by = step, actor.person
    approval.save()
    settle(actor, approval, places)
    detail = {"digest": approval.digest, "shown": approval.shown, "stages": approval.stages,
              "requester": approval.requester_name, "asked": names_of(approval, places)}  # fmt: skip
    record(actor, "approval.asked", approval, detail)
    return approval


def names_of(approval: Approval, places: Sequence[frozenset[str]]) -> dict[str, list[str]]:
    """The user names of the people of each stage, as evidence of who was asked."""
    names = dict(Person.objects.filter(id__in=frozenset().union(*places)).values_list("id", "username"))
    return {
        stage["name"]: sorted(names[uuid.UUID(person)] for person in place)
        for stage, place in zip(approval.stages, places, strict=True)
    }


def settle(actor: Actor, approval: Approval, places: Sequence[frozenset[str]]) -> None:
    """Note what the decisions and the time come to. Needs a transaction that holds the row."""
    late = approval.deadline_at is not None and approval.deadline_at <= clock.now()
    rules, made = rules_of(approval, places), decisions_of(approval)
    found = standing(rules, made, late=late)
    if found.state is not ApprovalState.OPEN:
        end(actor, approval, found.state, "The deadline passed." if found.state is ApprovalState.EXPIRED else "")
        return
    acted = {(each.stage, who) for each in made for who in (each.person, each.place)}
    gone = set() if rules.allow_same_person else {who for _, who in acted}
    wanted = sorted(
        (number, person)
        for number in found.open_stages
        for person in rules.stages[number].places - {rules.requester} - gone
        if (number, person) not in acted
    )
    approval.tasks.update(is_open=False)
    ApprovalTask.objects.bulk_create(
        [ApprovalTask(approval=approval, stage=number, person_id=person, is_open=True) for number, person in wanted],
        update_conflicts=True,
        unique_fields=["approval", "stage", "person"],
        update_fields=["is_open"],
    )
    reminding.tell(approval, wanted)
    look_again(approval)


def end(actor: Actor, approval: Approval, state: ApprovalState, why: str = "") -> None:
    """The question is not asked any more; the step that waits goes on. Needs a transaction that holds the row."""
    approval.state, approval.why, approval.ended_at, approval.due_at = state, why, clock.now(), None
    approval.save()
    approval.tasks.update(is_open=False)
    reminding.end(approval)
    if approval.step_id:
        journal.wake_run_of(approval.step_id)
    if approval.plan is not None and state is not ApprovalState.WITHDRAWN:
        _decide_plan(actor, approval, approval.plan, approved=state is ApprovalState.APPROVED)
    record(
        actor,
        f"approval.{state}",
        approval,
        {"digest": approval.digest, "why": why} if why else {"digest": approval.digest},
    )


def _decide_plan(actor: Actor, approval: Approval, plan: Plan, *, approved: bool) -> None:
    said = approval.decisions.filter(digest=approval.digest).exclude(comment="").last()
    comment = said.comment if said else approval.why
    if plans.decide(plan.id, approve=approved, comment=comment):
        detail = {"digest": plan.digest, "approval": str(approval.id)}
        record(actor, "plan.approved" if approved else "plan.rejected", plan, detail)


def look_again(approval: Approval) -> None:
    """Note when the scheduler looks at it next."""
    times = [approval.deadline_at, reminding.next_reminder(approval, clock.now())]
    if approval.escalation and not approval.escalated_at:
        times.append(approval.asked_at + timedelta(hours=approval.escalation["after_hours"]))
    approval.due_at = min((at for at in times if at is not None), default=None)
    approval.save(update_fields=["due_at"])
