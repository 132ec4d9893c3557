"""Plans as runs know them: stored together with what they remember, one at a time, and whoever waits is woken."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import timedelta
from functools import partial
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Count, JSONField, QuerySet, Value
from django.db.models.functions import Coalesce

from hub.accounts.models import Person, Workspace
from hub.connections.models import Connection
from hub.watch import clock
from workflows import leases
from workflows.engine import journal
from workflows.models import Change, ChangeState, Memory, Plan, PlanState, RunStep
from workflows.reconcile import applier
from workflows.reconcile.contract import Past
from workflows.reconcile.looking_back import leave_in_doubt
from workflows.reconcile.planner import Draft, store

OPEN = (PlanState.PROPOSED, PlanState.APPROVED)


class Busy(Exception):
    """Another plan of the same subject is being applied."""


def subject_of(workflow: str, step: str) -> str:
    """Whose plans belong together: those of one step of one workflow."""
    return f"{workflow}/{step}"


def past_of(workspace: Workspace, subject: str) -> Past:
    """What the next draft of this subject should know."""
    memory = Memory.objects.filter(workspace=workspace, subject=subject).first()
    applied = Plan.objects.filter(workspace=workspace, subject=subject, state=PlanState.APPLIED, undoes=None)
    applied = applied.exclude(readings__contains=[{"part": True}])
    readings = applied.order_by("-applied_at").values_list("readings", flat=True).first()
    last_count = readings[0]["count"] if readings else None
    remembered = memory.remembered if memory else {}
    return Past(remembered, last_count, partial(_applied, workspace, subject), partial(_last, workspace, subject))


def _last(
    workspace: Workspace, subject: str, connection: Connection, resource: str, keys: Sequence[str]
) -> dict[str, dict[str, Any] | None]:
    """How objects were left by the last change of this subject that was made, or was so already."""
    rows = Change.objects.filter(
        connection=connection, resource=resource, key__in=keys, plan__workspace=workspace, plan__subject=subject,
        state__in=[ChangeState.APPLIED, ChangeState.ALREADY],
    )  # fmt: skip
    # Of an object that was changed often only the last change is fetched.
    return dict(rows.order_by("key", "-ended_at").distinct("key").values_list("key", "after"))


def _applied(workspace: Workspace, subject: str, resource: str, operation: str, window: timedelta) -> dict[str, int]:
    """How many changes were really made in the window before now, by unit. What was taken back still counts."""
    plans = Plan.objects.filter(workspace=workspace, subject=subject, undoes=None)
    rows = Change.objects.filter(
        plan__in=plans, resource=resource, operation=operation, state=ChangeState.APPLIED,
        ended_at__gte=clock.now() - window,
    )  # fmt: skip
    return dict(rows.values_list(Coalesce("cause__unit", Value("", JSONField()))).annotate(count=Count("id")))


def may_be_part(workspace: Workspace, subject: str, past: Past) -> bool:
    """Whether a plan of some people will do: everybody was looked at before, and no plan waits to be decided or
    applied, which a plan of some would leave standing although it may be out of date."""
    waiting = Plan.objects.filter(workspace=workspace, subject=subject, undoes=None)
    return past.last_count is not None and not waiting.filter(state__in=[*OPEN, PlanState.APPLYING]).exists()


@transaction.atomic
def keep(
    draft: Draft, *, workspace: Workspace, subject: str, step: RunStep | None = None, made_by: Person | None = None
) -> Plan:
    """Store a draft as a plan. One that a guard refused changes nothing else; any other takes the place of older
    undecided ones: a simulation that of simulations, a run's plan that of all, a plan of some people that of none."""
    plan = store(draft, workspace=workspace, subject=subject, step=step, made_by=made_by)
    if plan.state != PlanState.REFUSED:
        if draft.remembered is not None:
            Memory.objects.update_or_create(
                workspace=workspace, subject=subject, defaults={"remembered": draft.remembered}
            )
        older = Plan.objects.filter(workspace=workspace, subject=subject, state__in=OPEN, undoes=None)
        older = older.exclude(id=plan.id)
        if draft.part:
            return plan
        give_way(older.filter(step=None) if step is None else older)
    return plan


@transaction.atomic
def begin(plan: Plan, *, parked_too: bool = False) -> int | None:
    """As `applier.begin`; plans of the same subject that are older, or were broken off, give way to this one.

    What was planned before another plan was applied would bring back what is no longer wanted: parked changes of a
    plan are not tried again then (None). Raises Busy.
    """
    held = Plan.objects.select_for_update().get(id=plan.id)
    same = Plan.objects.filter(workspace=held.workspace_id, subject=held.subject, undoes=None).exclude(id=held.id)
    if held.subject and held.state == PlanState.APPROVED and not held.is_part:
        give_way(same.filter(leases.is_free(), state=PlanState.APPLYING))
        if held.undoes_id is None:
            give_way(same.filter(id__lt=held.id, state__in=OPEN))
    newer = same.filter(id__gt=held.id, state__in=[PlanState.APPLYING, PlanState.APPLIED])
    if parked_too and held.subject and newer.exists():
        return None
    try:
        with transaction.atomic():
            return applier.begin(plan.id, parked_too=parked_too)
    except IntegrityError:
        raise Busy(str(plan)) from None


def decide(plan_id: uuid.UUID, *, approve: bool, comment: str) -> bool:
    """Settle a proposed plan; runs that wait for it go on. False when it is not proposed any more."""
    state = PlanState.APPROVED if approve else PlanState.REJECTED
    rows = Plan.objects.filter(id=plan_id, state=PlanState.PROPOSED)
    if not rows.update(state=state, decided_at=clock.now(), comment=comment):
        return False
    journal.wake_waiting_for(plan_id)
    return True


def give_way(plans: QuerySet[Plan]) -> None:
    """These plans are not applied any further; runs that wait for them go on. Needs a transaction."""
    ids = list(plans.select_for_update().values_list("id", flat=True))
    # Whoever still applies one of them finds that it is not theirs any more.
    Plan.objects.filter(id__in=ids).update(state=PlanState.SUPERSEDED, lease_until=None)
    leave_in_doubt(ids)
    for each in ids:
        journal.wake_waiting_for(each)
