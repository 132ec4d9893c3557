"""What people do to plans."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction
from django.db.models import Count, QuerySet
from django.utils import timezone

from hub.accounts.access import Actor, allow, fetch, visible
from hub.api.errors import AtWork, Changed, Conflict
from hub.audit import record
from hub.sdk import Misconfigured
from workflows.engine import halts, plan_questions
from workflows.engine.journal import wake_waiting_for
from workflows.engine.plans import Busy, begin
from workflows.models import Approval, ChangeState, Plan, PlanState
from workflows.planning.approvals import ApprovalState
from workflows.reconcile import applier, leavers
from workflows.reconcile.planner import digest_of
from workflows.reconcile.undo import lines_back, plan_undo
from workflows.services.plan_changes import left_out_by

UNDOABLE = frozenset({PlanState.APPLIED, PlanState.SUPERSEDED})
"""One that another took the place of may have been applied in part."""


def list_plans(actor: Actor, *, state: str = "") -> QuerySet[Plan]:
    """The newest first."""
    allow(actor, "plan.view")
    rows = visible(actor, Plan.objects.select_related("step", "approval", "created_by", "decided_by"))
    return rows.filter(state=state) if state else rows


def get_plan(actor: Actor, plan_id: uuid.UUID | str) -> Plan:
    """Raises NotFound."""
    allow(actor, "plan.view")
    return fetch(actor, Plan.objects.select_related("step", "decided_by", "approval"), id=plan_id)


@transaction.atomic
def decide(
    actor: Actor, plan_id: uuid.UUID | str, *, approve: bool, digest: str, comment: str = "",
    leave_out: Sequence[Mapping[str, Any]] = (),
) -> Plan:  # fmt: skip
    """Approve or reject exactly the plan with this digest. Raises Conflict, also for the one who made the plan.

    `leave_out` says which changes are not approved with the others: they are not made, and a digest of what is left
    is kept with the decision. A next plan finds them again.
    """
    allow(actor, "plan.approve")
    plan = fetch(actor, Plan, id=plan_id, locked=True)
    if plan.state != PlanState.PROPOSED:
        raise Conflict(f"Only a proposed plan can be decided; this one is {plan.state}.", code="plan-not-proposed")
    asked = Approval.objects.filter(plan=plan, state=ApprovalState.OPEN).first()
    if asked is not None:
        message = "People are asked about this plan in stages. Decide there."
        title = "This plan is decided in stages."
        raise Conflict(message, code="plan-asked", title=title, extra={"approval": str(asked.id)})
    if digest != plan.digest:
        raise Changed("This is not the plan that you looked at. Load it again.", code="plan-differs")
    if approve and actor.id is not None and actor.id == plan.created_by_id:
        title = "Somebody else decides about this plan."
        raise Conflict("Whoever made a plan cannot approve it. Ask somebody else.", code="own-plan", title=title)
    if leave_out and not approve:
        raise Conflict("A plan is rejected as a whole. Approve it to leave parts out.", code="leave-out")
    left_out = _leave_out(plan, leave_out) if leave_out else {}
    plan.state = PlanState.APPROVED if approve else PlanState.REJECTED
    plan.decided_at, plan.decided_by, plan.comment = timezone.now(), actor.person, comment
    plan.save()
    wake_waiting_for(plan.id)
    told = {"digest": digest, "comment": comment, **left_out}
    record(actor, "plan.approved" if approve else "plan.rejected", plan, told)
    return plan


def _leave_out(plan: Plan, chosen: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Take changes out of what is approved; returns what the audit trail says of it."""
    count = left_out_by(plan, chosen).update(state=ChangeState.LEFT_OUT, message="")
    if not plan.changes.exclude(state=ChangeState.LEFT_OUT).exists():
        raise Conflict("Nothing would be left of the plan. Reject it instead.", code="nothing-left")
    plan.approved_digest = digest_of(plan, approved_only=True)
    return {"left_out": count, "approved_digest": plan.approved_digest}


@transaction.atomic
def release(
    actor: Actor, plan_id: uuid.UUID | str, *, resource: str, operation: str, digest: str, comment: str = ""
) -> Plan:
    """Let a plan make the changes of one kind that a guard holds. Raises Conflict, also for the one who made it.

    A plan that was applied keeps what was held in it; the next plan finds it again.
    """
    allow(actor, "plan.approve")
    plan = fetch(actor, Plan, id=plan_id, locked=True)
    if plan.state not in {PlanState.PROPOSED, PlanState.APPROVED}:
        raise Conflict(f"Nothing can be released in a plan that is {plan.state}. Make a new plan.", code="plan-ended")
    if digest != plan.digest:
        raise Conflict("This is not the plan that you looked at. Load it again.", code="plan-differs")
    if actor.id is not None and actor.id == plan.created_by_id:
        raise Conflict("Whoever made a plan cannot release what it holds. Ask somebody else.", code="own-plan")
    if Approval.objects.filter(plan=plan).exists():
        message = "People are asked about this plan in stages, without what is held. Raise the limit and plan again."
        raise Conflict(message, code="plan-asked")
    held = plan.changes.filter(resource=resource, operation=operation, state=ChangeState.HELD)
    count = held.update(state=ChangeState.PLANNED, message="")
    if not count:
        raise Conflict(f"Nothing of {resource} {operation} is held in this plan.", code="nothing-held")
    data = {"resource": resource, "operation": operation, "count": count, "comment": comment}
    record(actor, "plan.released", plan, data)
    return plan


def apply_plan(actor: Actor, plan_id: uuid.UUID | str) -> Plan:
    """Apply an approved plan, or go on with one that was broken off. Raises Conflict or the connector's errors."""
    allow(actor, "plan.apply")
    plan = fetch(actor, Plan, id=plan_id)
    connections = set(plan.changes.values_list("connection_id", flat=True))
    if (halt := halts.of_connections(plan.workspace_id, connections)) is not None:
        raise Conflict(
            f"{halt.sentence} Apply the plan when that is lifted.", code="halted", title="Somebody has stopped this."
        )
    try:
        fence = begin(plan)
    except Busy:
        message = "Another plan of the same workflow is being applied. Apply this one when that has ended."
        raise AtWork(message, code="plan-busy") from None
    except applier.Altered:
        message = "The plan's rows are not those that it was made of. It is not applied; look at the audit trail."
        raise Conflict(message, code="plan-altered", title="The plan is not what it was.") from None
    if fence is None and plan.state == PlanState.APPLYING:
        raise AtWork("Somebody is applying this plan just now.", code="plan-taken")
    if fence is None:
        raise Conflict(f"Only an approved plan can be applied; this one is {plan.state}.", code="plan-not-approved")
    record(actor, "plan.applying", plan)
    try:
        applier.apply(plan.id, fence, wanted=lambda: halts.of_connections(plan.workspace_id, connections) is None)
    except applier.Interrupted as broken:
        raise broken.trouble from None
    except applier.Stopped:
        raise Conflict(
            "Somebody stopped it. What is open is applied when the plan is applied again.",
            code="halted",
            title="Somebody has stopped this.",
        ) from None
    except applier.NotYours:
        raise AtWork("Somebody else is applying this plan.", code="plan-taken") from None
    plan.refresh_from_db()
    record(actor, "plan.applied", plan, summary(plan))
    return plan


def undo_plan(actor: Actor, plan_id: uuid.UUID | str) -> Plan:
    """A new plan that takes back what this one changed; it needs the approval that this one needed, stage by stage.
    It warns when it lets somebody in who has left.

    Raises Conflict when it was not applied, and when too few people could decide about taking it back.
    """
    allow(actor, "plan.undo")
    held = _undoable(fetch(actor, Plan, id=plan_id))
    question, warnings = _question_again(actor, held), leavers.warnings_of(lines_back(held))
    with transaction.atomic():
        plan = _undoable(fetch(actor, Plan, id=plan_id, locked=True))
        made = plan_undo(actor, plan, needs_approval=plan.decided_at is not None, warnings=warnings)
        if question is not None and made.state == PlanState.PROPOSED:
            plan_questions.ask(actor, question, made)
        record(actor, "plan.undo-planned", made, {"undoes": str(plan.id)})
    return made


def _undoable(plan: Plan) -> Plan:
    if plan.state not in UNDOABLE:
        raise Conflict(f"Only an applied plan can be undone; this one is {plan.state}.", code="plan-not-applied")
    return plan


def _question_again(actor: Actor, plan: Plan) -> plan_questions.Prepared | None:
    """What was asked about this plan, for whoever takes it back; may ask a directory who decides."""
    asked = Approval.objects.filter(plan=plan).first()
    try:
        return plan_questions.prepare_again(asked, actor.person) if asked else None
    except Misconfigured as wrong:
        detail = f"Taking this back asks the same people as the plan did, and that cannot be: {wrong.message}"
        raise Conflict(detail, code="plan-cannot-ask", title="Too few people can decide about this.") from None


def held_in(plan: Plan) -> list[dict[str, Any]]:
    """What guards hold in a plan: [{"resource", "operation", "count"}]."""
    rows = plan.changes.filter(state=ChangeState.HELD).order_by("resource", "operation")
    counted = rows.values_list("resource", "operation").annotate(count=Count("id"))
    return [{"resource": resource, "operation": operation, "count": count} for resource, operation, count in counted]


def summary(plan: Plan) -> dict[str, Any]:
    """How many changes are in which state."""
    counted = dict(plan.changes.order_by().values_list("state").annotate(Count("id")))
    return {state: counted[state] for state in ChangeState.values if state in counted}
