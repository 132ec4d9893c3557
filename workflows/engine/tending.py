"""What the scheduler does about open questions: deadlines, reminders, escalation, and questions whose run ended."""

from __future__ import annotations

import uuid
from datetime import timedelta

import structlog
from django.db import transaction

from hub.accounts.access import Actor
from hub.audit import record
from hub.sdk import ConnectorError
from hub.watch import clock
from workflows.engine import questions, reminding
from workflows.models import Approval, PlanState
from workflows.planning.approvals import ApprovalState
from workflows.planning.states import OPEN_STEPS

log = structlog.get_logger(__name__)

MOST_AT_ONCE = 200
AGAIN = timedelta(minutes=5)
"""When a directory does not say who is asked, it is asked again after so long."""


def tend() -> int:
    """See to every question that is due; returns how many were looked at."""
    opened = Approval.objects.filter(state=ApprovalState.OPEN)
    orphans = opened.filter(step__isnull=False).exclude(step__state__in=OPEN_STEPS)
    outdated = opened.filter(plan__isnull=False).exclude(plan__state=PlanState.PROPOSED)
    for held in outdated.values_list("id", flat=True)[:MOST_AT_ONCE]:
        _take_back(held, "A newer plan took the place of this one.")
    for held in orphans.values_list("id", flat=True)[:MOST_AT_ONCE]:
        _take_back(held, "The run that asked has ended.")
    due = list(opened.filter(due_at__lte=clock.now()).order_by("due_at").values_list("id", flat=True)[:MOST_AT_ONCE])
    for each in due:
        _see_to(each)
    return len(due)


@transaction.atomic
def _take_back(approval_id: uuid.UUID, why: str) -> None:
    approval = _held(approval_id)
    if approval is not None:
        questions.end(_hub(approval), approval, ApprovalState.WITHDRAWN, why)


def _see_to(approval_id: uuid.UUID) -> None:
    """1. Is it late? It ends. 2. Is it time to escalate? More people are asked. 3. Is it time to remind? They are."""
    looked_at = Approval.objects.select_related("workspace").filter(id=approval_id).first()
    if looked_at is None:
        return
    now = clock.now()
    late = looked_at.deadline_at is not None and looked_at.deadline_at <= now
    escalates = _escalates(looked_at)
    if escalates:
        looked_at.escalated_at = now
    try:
        places = [frozenset[str]()] * len(looked_at.stages) if late else questions.places_of(looked_at)
    except ConnectorError as trouble:
        log.warning("approval.nobody-found", approval=str(approval_id), error=trouble.code)
        Approval.objects.filter(id=approval_id, state=ApprovalState.OPEN).update(due_at=now + AGAIN)
        return
    with transaction.atomic():
        approval = _held(approval_id)
        if approval is None or approval.due_at is None or approval.due_at > now:
            return
        if escalates and not late:
            approval.escalated_at = now
            approval.save(update_fields=["escalated_at"])
            record(_hub(approval), "approval.escalated", approval, {"asked": questions.names_of(approval, places)})
        reminder = reminding.next_reminder(approval, now)
        questions.settle(_hub(approval), approval, places)
        if approval.state == ApprovalState.OPEN and reminder is not None and reminder <= now:
            reminding.remind(approval)
            questions.look_again(approval)


def _escalates(approval: Approval) -> bool:
    after = approval.escalation.get("after_hours")
    if after is None or approval.escalated_at is not None:
        return False
    return bool(approval.asked_at + timedelta(hours=after) <= clock.now())


def _held(approval_id: uuid.UUID) -> Approval | None:
    rows = Approval.objects.select_for_update(of=("self",), skip_locked=True).select_related("workspace")
    return rows.filter(id=approval_id, state=ApprovalState.OPEN).first()


def _hub(approval: Approval) -> Actor:
    return Actor.system(approval.workspace)
