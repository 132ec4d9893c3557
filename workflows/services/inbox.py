"""What waits for somebody's decision: questions that they are asked, and plans that they may approve."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from hub.accounts.access import Actor, allow, visible
from hub.api.paging import Page
from workflows.models import Approval, Plan, PlanState
from workflows.planning.approvals import ApprovalState
from workflows.services import approvals

MOST_COUNTED = 1000


@dataclass(frozen=True)
class Waiting:
    """One thing that waits. `kind` says where it is decided: among the approvals or the plans."""

    kind: str
    id: uuid.UUID
    title: str
    by: str
    """Whoever asks; empty when a run does that nobody started by hand."""
    since: datetime
    until: datetime | None
    run: uuid.UUID | None
    counts: dict[str, Any]
    """Of a plan: its changes by resource and operation."""


def inbox(actor: Actor, *, limit: int, before: uuid.UUID | None = None, search: str = "") -> Page[Waiting]:
    """Both kinds in one list, the newest first: the identifiers of both sort by time."""
    allow(actor, "approval.view")
    asked, planned = approvals.inbox(actor, search=search), _planned(actor, search)
    if before is not None:
        asked, planned = asked.filter(id__lt=before), planned.filter(id__lt=before)
    found = [
        *map(_of_approval, asked.order_by("-id")[: limit + 1]),
        *map(_of_plan, planned.order_by("-id")[: limit + 1]),
    ]
    found.sort(key=lambda each: each.id, reverse=True)
    return Page(found[:limit], str(found[limit - 1].id) if len(found) > limit else None)


def waiting(actor: Actor) -> int:
    """How many things wait for the actor; more than `MOST_COUNTED` are not counted further."""
    allow(actor, "approval.view")
    asked = approvals.inbox(actor).order_by()[:MOST_COUNTED].count()
    return min(MOST_COUNTED, asked + _planned(actor).order_by()[:MOST_COUNTED].count())


def _planned(actor: Actor, search: str = "") -> QuerySet[Plan]:
    """Those that nobody is asked about in stages, and that the actor did not make."""
    rows = visible(actor, Plan.objects.select_related("step", "created_by")).filter(state=PlanState.PROPOSED)
    if actor.person is None or not actor.may("plan.approve"):
        return rows.none()
    for word in search.split():
        rows = rows.filter(title__icontains=word)
    in_stages = Approval.objects.filter(plan__isnull=False, state=ApprovalState.OPEN)
    return rows.exclude(created_by=actor.person).exclude(id__in=in_stages.values("plan_id"))


def _of_approval(row: Approval) -> Waiting:
    run = row.step.run_id if row.step else None
    counts = row.plan.counts if row.plan else {}
    return Waiting("approval", row.id, row.title, row.requester_name, row.asked_at, row.deadline_at, run, counts)


def _of_plan(row: Plan) -> Waiting:
    run = row.step.run_id if row.step else None
    by = str(row.created_by) if row.created_by else ""
    return Waiting("plan", row.id, row.title, by, row.created_at, None, run, row.counts)
