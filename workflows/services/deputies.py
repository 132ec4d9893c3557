"""Whose deputy somebody is, on which days."""

from __future__ import annotations

import uuid
from datetime import date, timedelta

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from hub.accounts.access import Actor, allow, fetch, visible
from hub.api.errors import FieldProblem, Forbidden, Invalid
from hub.audit import record
from workflows.engine import approvers
from workflows.models import Deputy

LONGEST = timedelta(days=366)


def list_deputies(actor: Actor) -> QuerySet[Deputy]:
    """Those in force or to come: one's own, or everybody's for whoever manages them."""
    allow(actor, "approval.view")
    rows = visible(actor, Deputy.objects.select_related("person", "deputy"))
    rows = rows.filter(ended_at=None, last_day__gte=timezone.now().date())
    return rows if actor.may("approval.manage") else rows.filter(Q(person=actor.person) | Q(deputy=actor.person))


@transaction.atomic
def make_deputy(actor: Actor, *, deputy: str, first_day: date, last_day: date, person: str = "") -> Deputy:
    """Let somebody decide in one's place on these days; in another's only for whoever manages that.

    Raises Invalid with the field at fault.
    """
    allow(actor, "approval.delegate")
    given = approvers.person_called(actor.workspace, person) if person else actor.person
    if given != actor.person and not actor.may("approval.manage"):
        raise Forbidden("You can name deputies of your own only.")
    stands_in = approvers.person_called(actor.workspace, deputy)
    wrong: list[FieldProblem] = []
    if given is None:
        wrong.append(_problem("person", f'Nobody in this workspace is called "{person}".'))
    if stands_in is None:
        wrong.append(_problem("deputy", f'Nobody in this workspace is called "{deputy}".'))
    elif stands_in == given:
        wrong.append(_problem("deputy", "Nobody is their own deputy."))
    if last_day < first_day:
        wrong.append(_problem("last_day", "The last day comes before the first."))
    elif last_day - first_day > LONGEST:
        wrong.append(_problem("last_day", "A deputy is named for at most a year."))
    if wrong or given is None or stands_in is None:
        raise Invalid(errors=wrong)
    made = Deputy.objects.create(
        workspace=actor.workspace,
        person=given,
        deputy=stands_in,
        first_day=first_day,
        last_day=last_day,
        created_by=actor.person,
    )
    record(actor, "deputy.made", made, {"first_day": first_day, "last_day": last_day})
    return made


@transaction.atomic
def end_deputy(actor: Actor, deputy_id: uuid.UUID | str) -> None:
    """Take it back at once. What was decided stays decided."""
    allow(actor, "approval.delegate")
    held = fetch(actor, Deputy, id=deputy_id, locked=True)
    if held.person_id != actor.id and not actor.may("approval.manage"):
        raise Forbidden("You can take back deputies of your own only.")
    if held.ended_at is None:
        held.ended_at = timezone.now()
        held.save()
        record(actor, "deputy.ended", held)


def _problem(name: str, detail: str) -> FieldProblem:
    return {"pointer": f"/{name}", "code": name, "detail": detail}
