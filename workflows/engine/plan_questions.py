"""Plans that people decide about in stages: the question is stored together with the plan."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings

from hub.accounts.access import Actor
from hub.accounts.models import Person
from hub.sdk import Misconfigured
from workflows.engine import questions
from workflows.engine.starter import starter_of
from workflows.graph.questions import OF_A_PLAN
from workflows.models import Approval, Plan, Run

MOST_COUNTS = 50


@dataclass(frozen=True)
class Prepared:
    """Who will be asked, found before the plan is made."""

    approval: Approval
    places: Sequence[frozenset[str]]


def prepare(run: Run, asked: Any) -> Prepared:
    """Raises Misconfigured with the field at fault, and what a directory raises that does not tell who is asked."""
    try:
        questions.check(asked, OF_A_PLAN)
        approval = questions.drafted(run.workspace, {"title": "", **asked}, person=starter_of(run))
        return Prepared(approval, questions.ready(approval))
    except Misconfigured as wrong:
        wrong.field = f"settings/ask/{wrong.field}".rstrip("/")
        raise


def prepare_again(asked: Approval, person: Person | None) -> Prepared:
    """The same question for another plan: by this person, who then does not decide, and without a deadline.

    Raises Misconfigured, and what a directory raises that does not tell who is asked.
    """
    approval = Approval(
        workspace=asked.workspace,
        stages=asked.stages,
        parallel=asked.parallel,
        allow_same_person=asked.allow_same_person,
        requester=person,
        requester_name=str(person) if person else "",
        mail=asked.mail,
        escalation=asked.escalation,
    )
    return Prepared(approval, questions.ready(approval))


def ask(actor: Actor, prepared: Prepared, plan: Plan) -> Approval:
    """Ask about this plan. Needs the transaction that stores it."""
    approval = prepared.approval
    approval.title, approval.plan = plan.title, plan
    approval.shown = [
        {"label": "Plan", "value": f"{settings.PUBLIC_URL}/plans/{plan.id}"},
        *({"label": what, "value": count} for what, count in list(plan.counts.items())[:MOST_COUNTS]),
        {"label": "Digest of every change", "value": plan.digest},
    ]
    approval.digest = questions.digest_of(approval.title, approval.shown, approval.stages)
    return questions.ask(actor, approval, prepared.places)
