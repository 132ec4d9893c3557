"""How a notice ends. When nobody was told although somebody has to be, its fallback is told."""

from __future__ import annotations

import uuid
from datetime import datetime

import structlog
from django.db import transaction

from hub.accounts.access import Actor
from hub.audit import record
from hub.watch import clock
from workflows.engine import recipients
from workflows.engine.recipients import Recipient
from workflows.models import OPEN_DELIVERIES, Delivery, DeliveryState, Notice, NoticeState

log = structlog.get_logger(__name__)


@transaction.atomic
def conclude(notice_id: uuid.UUID) -> None:
    """Note what became of a notice once all of its deliveries have ended."""
    held = Notice.objects.select_for_update(of=("self",)).select_related("workspace").filter(id=notice_id).first()
    if held is None or held.state == NoticeState.NOBODY or _is_open(held):
        return
    if held.deliveries.filter(state=DeliveryState.SENT).exists():
        held.state = NoticeState.TOLD
    elif not held.must_reach:
        held.state = NoticeState.ENDED
    elif _fall_back(held):
        return
    else:
        held.state = NoticeState.NOBODY
        log.error("notice.nobody-told", notice=str(held.id), topic=held.topic)
        record(Actor.system(held.workspace), "notice.nobody-told", held, {"topic": held.topic})
    held.save(update_fields=["state"])


def reopen(notice_id: uuid.UUID) -> None:
    """Somebody said what happened to a delivery, or had it sent again: look anew at what became of the notice."""
    Notice.objects.filter(id=notice_id).update(state=NoticeState.OPEN)
    conclude(notice_id)


def delivery_for(notice: Notice, each: Recipient, due_at: datetime, *, digest: bool = False) -> Delivery:
    """The row for one who is meant, also when they are not told."""
    made = Delivery(
        workspace_id=notice.workspace_id, notice=notice, person=each.person, name=each.name, address=each.address,
        connection=notice.mail, from_directory=each.from_directory, digest=digest, due_at=due_at,
    )  # fmt: skip
    if each.reason:
        made.state, made.reason, made.message = DeliveryState.WITHHELD, each.reason, recipients.WHY[each.reason]
        made.due_at, made.ended_at = None, clock.now()
    return made


def _is_open(notice: Notice) -> bool:
    return notice.deliveries.filter(state__in=OPEN_DELIVERIES).exists()


def _fall_back(notice: Notice) -> bool:
    """Whether somebody is told now."""
    meant = recipients.sorted_out(notice.workspace, {}, notice.fallback, notice.kind)
    rows = [delivery_for(notice, each, clock.now()) for each in meant]
    Delivery.objects.bulk_create(rows, ignore_conflicts=True)
    return _is_open(notice)
