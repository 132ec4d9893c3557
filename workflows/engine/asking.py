"""The step *approve*: asks people once, and goes on when their question has ended. Waiting has no life limit."""

from __future__ import annotations

from typing import Any

from django.db import IntegrityError, transaction

from hub.accounts.access import Actor
from hub.sdk import ConnectorError, TryLater
from workflows.engine import questions, reminding
from workflows.engine.calling import Later, error_of
from workflows.engine.journal import Journal
from workflows.engine.starter import starter_of
from workflows.models import Approval, Attempt, Run, RunStep
from workflows.planning.approvals import ApprovalState

_PORTS = {ApprovalState.APPROVED: "approved", ApprovalState.REJECTED: "rejected"}


class _AskedAlready(Exception):
    """Another step asks the same, and waits for the answer."""

    def __init__(self, same: Approval) -> None:
        super().__init__()
        self.output = shown(same) | {"state": "asked", "why": "The same is asked already."}


def carry_out(journal: Journal, run: Run, row: RunStep, attempt: Attempt, values: dict[str, Any]) -> Later | None:
    """Ask, wait, or go on, and note it; a Later is the caller's to note."""
    actor = Actor.system(run.workspace)
    try:
        approval = _looked_at(row) or _ask(actor, journal, run, row, values)
    except _AskedAlready as same:
        journal.succeed(row, attempt, same.output, "expired")
        return None
    except TryLater as trouble:
        return Later(error_of(trouble), trouble.after_seconds)
    except ConnectorError as trouble:
        error = error_of(trouble)
        journal.fail(row, attempt, error | {"field": f"settings/{error.get('field', '')}".rstrip("/")})
        return None
    if approval.state == ApprovalState.OPEN:
        message = f'Waits for people to decide about "{approval.title}".'
        # The deadline is the scheduler's to keep: it ends the question, and that wakes this step.
        journal.wait(row, attempt, shown(approval) | {"message": message})
    else:
        journal.succeed(row, attempt, shown(approval), _PORTS.get(ApprovalState(approval.state), "expired"))
    return None


def is_decided(row: RunStep) -> bool:
    """Whether a waiting step need not wait any more."""
    return not Approval.objects.filter(step=row, state=ApprovalState.OPEN).exists()


def shown(approval: Approval) -> dict[str, Any]:
    """A question as the step's output has it."""
    decisions = approval.decisions.filter(digest=approval.digest).select_related("person", "place")
    return {
        "id": str(approval.id),
        "state": str(approval.state),
        "why": approval.why,
        "url": reminding.address_of(approval.id),
        "digest": approval.digest,
        "requester": approval.requester_name,
        "asked_at": approval.asked_at.isoformat(),
        "ended_at": approval.ended_at.isoformat() if approval.ended_at else None,
        "decisions": [
            {
                "stage": approval.stages[each.stage]["name"],
                "by": each.person.username,
                "name": str(each.person),
                "in_place_of": each.place.username if each.place_id != each.person_id else None,
                "approve": each.approve,
                "comment": each.comment,
                "at": each.at.isoformat(),
                "signed_in": each.signed_in,
                "digest": each.digest,
            }
            for each in decisions
        ],
    }


@transaction.atomic
def _looked_at(row: RunStep) -> Approval | None:
    """The step's question as it is once nobody is just deciding: whoever decides later finds that we wait."""
    return Approval.objects.select_for_update(of=("self",)).filter(step=row).first()


def _ask(actor: Actor, journal: Journal, run: Run, row: RunStep, values: dict[str, Any]) -> Approval:
    questions.check(values)
    person = starter_of(run)
    approval = questions.drafted(run.workspace, values, person=person)
    if values.get("once") and (same := questions.same_as(approval)):
        raise _AskedAlready(same)
    places = questions.ready(approval)
    questions.take_back_older(actor, approval)
    try:
        with journal.together():
            return questions.ask(actor, approval, places, row)
    except IntegrityError:
        raise TryLater("Something about the same is asked just now.", after_seconds=1, sent=False) from None
