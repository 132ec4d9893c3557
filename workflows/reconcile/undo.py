"""Undoing: a plan of its own, made of the before-images of what was really changed."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Case, Q, QuerySet, Value, When

from hub.accounts.access import Actor
from workflows.models import Change, ChangeState, Plan, PlanState
from workflows.reconcile.differences import Difference
from workflows.reconcile.planner import Draft, Line, store

_BACK = {"delete": "create", "update": "update", "create": "delete"}
_CHUNK = 2000
_WRITTEN = (ChangeState.APPLIED, ChangeState.IN_DOUBT)
"""What is in doubt may have been written; applying looks at it."""


def plan_undo(actor: Actor, plan: Plan, *, needs_approval: bool, warnings: list[dict[str, object]]) -> Plan:
    """The changes back, last one first. What never left is left alone; applying checks each object."""
    state = PlanState.PROPOSED if needs_approval else PlanState.APPROVED
    draft = Draft(f"Undo: {plan.title}", lines_back(plan), state, guards=warnings, undoes=plan)
    return store(draft, workspace=plan.workspace, made_by=actor.person, subject=plan.subject)


def lines_back(plan: Plan) -> Iterator[Line]:
    """What the plan really changed, the other way round."""
    for change in _written(plan).iterator(chunk_size=_CHUNK):
        cause = {"reason": "Undo", "plan": str(plan.id), "change": change.position}
        back = Difference(_BACK[change.operation], change.key, change.after, change.before, cause)
        yield Line(change.connection, change.resource, change.title, back)


def _written(plan: Plan) -> QuerySet[Change]:
    """What removed something comes first, because it is created again; what created something comes last."""
    written = Q(state__in=_WRITTEN) | Q(state=ChangeState.PARKED, intended_at__isnull=False)
    turn = Case(*(When(operation=name, then=Value(place)) for place, name in enumerate(_BACK)))
    return plan.changes.filter(written).select_related("connection").order_by(turn, "-position")
