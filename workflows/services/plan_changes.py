"""The lines of a plan: narrowed, sorted, counted in groups, and chosen to be left out."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import Count, F, Q, QuerySet, TextField, Value
from django.db.models.fields.json import KT
from django.db.models.functions import Cast, Coalesce

from hub.accounts.access import Actor, allow, fetch
from hub.api.errors import Invalid
from workflows.models import Change, ChangeState, Plan

UNIT, RULE, REASON = "unit", "rule", "reason"
OF_CAUSE = (UNIT, RULE, REASON)
"""What a cause may say, by which lines are grouped: whose unit, which rule row, or the reason in words."""
GROUPS = ("kind", *OF_CAUSE, "state")
SORTS = {"position": "position", "title": "title", "kind": "resource", "state": "state", UNIT: KT("cause__unit")}
MOST_GROUPS = 500


def changes_of(actor: Actor, plan_id: uuid.UUID | str, *, sort: str = "", **wanted: Any) -> QuerySet[Change]:
    """A plan's lines that are as wanted; in their order, or by another column, downwards with "-" before it."""
    allow(actor, "plan.view")
    rows = fetch(actor, Plan, id=plan_id).changes.select_related("connection").filter(like(wanted))
    field: Any = SORTS[sort.removeprefix("-") or "position"]
    by = F(field) if isinstance(field, str) else field
    return rows.order_by(by.desc() if sort.startswith("-") else by.asc(), "position")


def like(wanted: Mapping[str, Any]) -> Q:
    """Lines that are as wanted. `search` looks in what the object is called, `cause` in what is said of the cause."""
    found = Q()
    for name in ("state", "operation", "resource"):
        if wanted.get(name):
            found &= Q(**{name: wanted[name]})
    for name in OF_CAUSE:
        if wanted.get(name):
            found &= _of_cause(name, wanted[name])
    if without := wanted.get("without"):
        found &= ~Q(cause__has_key=without)
    if search := wanted.get("search"):
        found &= Q(title__icontains=search) | Q(key__icontains=search)
    if words := wanted.get("cause"):
        found &= Q(cause__icontains=words)
    if wanted.get("positions"):
        found &= Q(position__in=wanted["positions"])
    return found


def _of_cause(name: str, value: str) -> Q:
    # A rule row is a number in most causes, and text in some.
    return Q(**{f"cause__{name}": value}) | (Q(**{f"cause__{name}": int(value)}) if value.isdecimal() else Q())


def groups_of(actor: Actor, plan_id: uuid.UUID | str, *, by: str, **wanted: Any) -> list[dict[str, Any]]:
    """How many of these lines are in which group, the largest first: [{"value", "operation", "count"}]. What has no
    value is the group "". The operation is told of groups by kind."""
    rows = changes_of(actor, plan_id, **wanted).order_by()
    if by == "kind":
        counted = rows.values("resource", "operation").annotate(count=Count("id"))
        found = [(each["resource"], each["operation"], each["count"]) for each in counted]
    else:
        field: Any = F("state") if by == "state" else KT(f"cause__{by}")
        named = rows.annotate(group=Coalesce(Cast(field, TextField()), Value(""), output_field=TextField()))
        found = [(value, "", count) for value, count in named.values_list("group").annotate(count=Count("id"))]
    found.sort(key=lambda each: (-each[2], each[0], each[1]))
    return [
        {"value": value, "operation": operation, "count": count} for value, operation, count in found[:MOST_GROUPS]
    ]


def left_out_by(plan: Plan, chosen: Iterable[Mapping[str, Any]]) -> QuerySet[Change]:
    """The lines that any of these choices means. Raises Invalid for a choice that means every line, or none."""
    found = Q(pk__in=[])
    for number, each in enumerate(chosen):
        if not like(each):
            raise Invalid(errors=[_wrong(number, "Say which changes: a choice without any field would mean all.")])
        found |= like(each)
    rows = plan.changes.filter(found, state__in=[ChangeState.PLANNED, ChangeState.HELD])
    if not rows.exists():
        raise Invalid(errors=[_wrong(0, "No change of this plan is like this.")])
    return rows


def count_left_out(actor: Actor, plan_id: uuid.UUID | str, *, leave_out: Iterable[Mapping[str, Any]]) -> int:
    """How many changes these choices mean."""
    allow(actor, "plan.view")
    return left_out_by(fetch(actor, Plan, id=plan_id), leave_out).count()


def _wrong(number: int, detail: str) -> Any:
    return {"pointer": f"/leave_out/{number}", "code": "leave-out", "detail": detail}
