"""A plan for one person on demand, with each step that led to it in a sentence."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from hub.accounts.access import Actor, allow
from hub.api.errors import Conflict, Invalid
from hub.audit import record
from workflows.engine import plans
from workflows.models import Plan, PlanState
from workflows.reconcile.contract import problems_of
from workflows.services.templates import PLAN_STEP, get_template, ready
from workflows.templates.starting import split

_DOING = {"create": "Would be made", "update": "Would be changed", "delete": "Would be taken away"}


@dataclass(frozen=True)
class Explained:
    """The plan of one person, and the way to it: [{"step", "said"}]."""

    plan: Plan
    steps: list[dict[str, Any]]


def plan_person(actor: Actor, slug: str, person: str) -> Explained:
    """Plan what would be changed for one person, and say why. Nothing is written to any service.

    The person is named by the id that the directory's records have. Raises Invalid, Conflict, NotFound, and the five
    classes of connector errors.
    """
    allow(actor, "plan.create")
    name = person.strip()
    if not name:
        raise Invalid("Name a person by id, such as amara.diallo@Northwind.", code="person-missing")
    held = ready(actor, slug)
    reconcile = get_template(actor, held.template).reconcile
    given, _ = split(held.parameters)
    if reconcile is None:
        raise Conflict(
            "This template makes no plan, so there is none for one person.",
            code="nothing-to-simulate",
            title="This template makes no plan.",
        )
    if wrong := problems_of(reconcile, actor, given):
        raise Invalid(errors=wrong)
    subject = plans.subject_of(slug, PLAN_STEP)
    title, past = f"{reconcile.title}: {slug}, {name}"[:200], plans.past_of(actor.workspace, subject)
    with reconcile.draft(actor, given, title=title, past=past, people=[name]) as draft, transaction.atomic():
        if not draft.part:
            raise Conflict(
                "This template looks at everybody at once, never at one person.",
                code="no-part",
                title="This template plans for everybody at once.",
            )
        plan = plans.keep(draft, workspace=actor.workspace, subject=subject, made_by=actor.person)
        record(actor, "plan.made", plan, {"installation": slug, "person": name, "counts": plan.counts})
        return Explained(plan, [*draft.explained, *_from_plan(plan)])


def _from_plan(plan: Plan) -> Iterator[dict[str, str]]:
    for reading in plan.readings:
        yield {"step": "read", "said": f"{reading['of']}: {' '.join([*reading['checks'], *reading['problems']])}"}
    for change in plan.changes.all():
        yield {"step": "change", "said": f"{_DOING[change.operation]}: {change.title} ({change.resource})."}
    if not plan.counts:
        yield {"step": "change", "said": "Everything is as it should be: there is nothing to change."}
    for guard in plan.guards:
        yield {"step": "guard", "said": guard["message"]}
    yield {"step": "outcome", "said": f"The plan is {plan.state}: {PlanState(plan.state).label}."}
