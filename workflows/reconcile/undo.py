"""Undoing: a plan of its own, made of the before-images of what was really changed."""

from __future__ import annotations

from django.db.models import Q

from hub.accounts.access import Actor
from workflows.models import ChangeState, Plan, PlanState
from workflows.reconcile.differences import Difference
from workflows.reconcile.planner import Target, store

_BACK = {"create": "delete", "delete": "create", "update": "update"}


def plan_undo(actor: Actor, plan: Plan, *, needs_approval: bool) -> Plan:
    """The changes back, last one first. What never left is left alone; applying checks each object."""
    written = Q(state=ChangeState.APPLIED) | Q(state=ChangeState.PARKED, intended_at__isnull=False)
    lines = []
    for change in plan.changes.filter(written).select_related("connection").order_by("-position"):
        cause = {"reason": "Undo", "plan": str(plan.id), "change": change.position}
        target = Target(change.connection, change.resource, {}, ())
        back = Difference(_BACK[change.operation], change.key, change.after, change.before, cause)
        lines.append((target, change.title, back))
    state = PlanState.PROPOSED if needs_approval else PlanState.APPROVED
    return store(actor, title=f"Undo: {plan.title}", lines=lines, state=state, readings=[], guards=[], undoes=plan)
