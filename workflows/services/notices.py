"""What people do about notices: look what became of them, say what happened to one in doubt, opt out and in."""

from __future__ import annotations

import uuid

from django.core import signing
from django.db import transaction
from django.db.models import QuerySet

from hub.accounts.access import Actor, allow, fetch, visible
from hub.api.errors import Conflict, FieldProblem, Invalid, NotFound
from hub.audit import record
from hub.watch import clock
from workflows.engine import concluding, letters
from workflows.models import Delivery, DeliveryState, Notice, NoticeState, OptOut

_ROWS = Delivery.objects.select_related("notice__step")
MAY_BE_SETTLED = (DeliveryState.UNKNOWN, DeliveryState.REFUSED)


def list_deliveries(
    actor: Actor, *, notice: str = "", state: str = "", person: str = "", reason: str = ""
) -> QuerySet[Delivery]:
    """The newest first. `person` is the directory's id or an address, however it is written."""
    allow(actor, "notice.view")
    rows = visible(actor, _ROWS)
    if notice:
        rows = rows.filter(notice=fetch(actor, Notice, id=notice))
    named = {"state": state, "reason": reason, "person": person.strip().lower()}
    return rows.filter(**{name: value for name, value in named.items() if value})


def untold(actor: Actor) -> QuerySet[Notice]:
    """What somebody had to be told, and nobody was; the newest first."""
    allow(actor, "notice.view")
    return visible(actor, Notice).filter(state=NoticeState.NOBODY)


@transaction.atomic
def settle(actor: Actor, delivery_id: uuid.UUID | str, *, arrived: bool) -> Delivery:
    """Say of a delivery that is in doubt or was refused whether it arrived; if not, it is sent again.

    Raises Conflict for any other. The caller rings the bell after the commit.
    """
    allow(actor, "notice.settle")
    held = fetch(actor, Delivery, id=delivery_id, locked=True)
    if held.state not in MAY_BE_SETTLED:
        said = f"This delivery is {held.state}; only one that is unknown or was refused can be settled."
        raise Conflict(said, code="not-in-doubt")
    if arrived:
        held.state, held.message = DeliveryState.SENT, f"{actor.name} says that it arrived."
    else:
        held.state, held.message = DeliveryState.PLANNED, f"{actor.name} had it sent again."
        held.due_at, held.ended_at, held.tries = clock.now(), None, 0
    held.save()
    concluding.reopen(held.notice_id)
    record(actor, "delivery.settled", held, {"arrived": arrived, "person": held.person})
    return held


def list_opt_outs(actor: Actor) -> QuerySet[OptOut]:
    allow(actor, "notice.view")
    return visible(actor, OptOut.objects.select_related("made_by"))


@transaction.atomic
def opt_out(actor: Actor, *, person: str, kind: str = "") -> OptOut:
    """A person gets no more notices of a kind, or none at all."""
    allow(actor, "notice.opt-out")
    named = person.strip().lower()
    if not named:
        wrong: FieldProblem = {"pointer": "/person", "code": "required", "detail": "Name a person or an address."}
        raise Invalid(errors=[wrong])
    held, is_new = OptOut.objects.get_or_create(
        workspace=actor.workspace, person=named, kind=kind, defaults={"made_by": actor.person}
    )
    if is_new:
        record(actor, "notice.opted-out", held, {"person": named, "kind": kind})
    return held


@transaction.atomic
def opt_in(actor: Actor, opt_out_id: uuid.UUID | str) -> None:
    """A person gets notices again."""
    allow(actor, "notice.opt-out")
    held = fetch(actor, OptOut, id=opt_out_id, locked=True)
    record(actor, "notice.opted-in", held, {"person": held.person, "kind": held.kind})
    held.delete()


def delivery_behind(link: str) -> Delivery:
    """The delivery whose message held this link. Raises NotFound."""
    try:
        found = Delivery.objects.select_related("notice", "workspace").filter(id=letters.delivery_of(link)).first()
    except signing.BadSignature:
        found = None
    if found is None:
        raise NotFound("This link belongs to no message of ours. Copy it whole from the message.")
    return found


def opt_out_by(link: str) -> OptOut:
    """Whoever has the message wants no more like it. Needs no sign-in."""
    held = delivery_behind(link)
    return opt_out(Actor.system(held.workspace), person=held.person, kind=held.notice.kind)
