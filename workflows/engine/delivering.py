"""Sends what is due. Each message is noted before it leaves, and none is sent twice.

Whoever left, was disabled or opted out since the message was planned is found out before it is sent. A message whose
sender died may have been sent: it is not sent again, and says so, unless the receiver tells messages apart itself.
"""

from __future__ import annotations

import time
import uuid
from datetime import datetime, timedelta

import structlog
from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q

from hub.connections.models import Connection
from hub.sdk import ConnectorError, Misconfigured, SignInRefused, TryLater
from hub.watch import clock
from workflows.engine import channels, concluding, recipients
from workflows.engine.halts import stopped_workspaces
from workflows.models import Delivery, DeliveryState, Notice

log = structlog.get_logger(__name__)

MOST_TRIES = 8
MOST_IN_ONE = 200
LEASE = timedelta(minutes=5)
FRESH = timedelta(minutes=1)
"""So old may be what the directory said when a message leaves."""
AGAIN = timedelta(minutes=5)
DRAIN_SECONDS = 20.0
BROKEN_OFF = "The sender ended before it could note whether it was sent."


def is_due() -> bool:
    """Whether there is something to send, or something whose sender is believed to have died."""
    return Delivery.objects.filter(
        Q(state=DeliveryState.SENDING) | Q(state=DeliveryState.PLANNED) & ~Q(workspace__in=stopped_workspaces()),
        due_at__lte=clock.now(),
    ).exists()


def send_due(*, seconds: float = DRAIN_SECONDS) -> int:
    """Send what is due, for so long at the most; returns how many deliveries were taken on."""
    _give_up_the_lapsed()
    count, until = 0, time.monotonic() + seconds
    while time.monotonic() < until:
        first = _next()
        if first is None:
            break
        if (stale := _stale(first)) is not None:
            _look_again(stale)
            continue
        taken = _claim(first)
        if taken:
            _send(taken)
        count += len(taken)
    return count


def _next() -> Delivery | None:
    due = Delivery.objects.filter(state=DeliveryState.PLANNED, due_at__lte=clock.now())
    due = due.exclude(workspace__in=stopped_workspaces())
    # Those that another sender holds just now are not waited for.
    with transaction.atomic():
        return (
            due.select_for_update(of=("self",), skip_locked=True).select_related("notice").order_by("due_at").first()
        )


# Before it is sent


def _is_fresh(delivery: Delivery) -> bool:
    return not delivery.from_directory or delivery.notice.resolved_at > clock.now() - FRESH


def _together(first: Delivery) -> Q:
    """What goes out as one message with this one."""
    if not first.digest:
        return Q(id=first.id)
    return Q(
        digest=True, address=first.address, connection=first.connection, workspace=first.workspace_id,
        due_at__lte=clock.now(),
    )  # fmt: skip


def _stale(first: Delivery) -> Notice | None:
    """A notice whose people have to be looked up again before this message leaves."""
    rows = Delivery.objects.filter(_together(first), state=DeliveryState.PLANNED).select_related("notice__workspace")
    return next((each.notice for each in rows[:MOST_IN_ONE] if not _is_fresh(each)), None)


def _look_again(notice: Notice) -> None:
    """Ask the directories again who is meant; whoever is not any more is not told."""
    open_rows = notice.deliveries.filter(state=DeliveryState.PLANNED, from_directory=True)
    try:
        members = recipients.members_of(notice.workspace, notice.sources)
    except ConnectorError as trouble:
        log.warning("notice.directory-not-asked", notice=str(notice.id), error=trouble.code)
        now = clock.now()
        due = open_rows.filter(due_at__lte=now)
        due.filter(tries__gte=MOST_TRIES).update(**withheld("no-directory"))
        due.update(due_at=now + AGAIN, tries=F("tries") + 1, message=trouble.message[:400])
        concluding.conclude(notice.id)
        return
    wanted = {person: each.reason for person, each in members.items()}
    gone: dict[str, list[uuid.UUID]] = {}
    for key, person in open_rows.values_list("id", "person"):
        if reason := wanted.get(person, "left"):
            gone.setdefault(reason, []).append(key)
    for reason, keys in gone.items():
        open_rows.filter(id__in=keys).update(**withheld(reason))
    Notice.objects.filter(id=notice.id).update(resolved_at=clock.now())
    concluding.conclude(notice.id)


def _claim(first: Delivery) -> list[Delivery]:
    """What goes out as one message, noted as being sent before anything leaves. Opt-outs are looked up here."""
    with transaction.atomic():
        rows = Delivery.objects.select_for_update(of=("self",), skip_locked=True)
        rows = rows.select_related("notice__workspace", "notice__step")
        held = list(rows.filter(_together(first), state=DeliveryState.PLANNED).order_by("id")[:MOST_IN_ONE])
        taken = [each for each in held if _is_fresh(each) and not _has_opted_out(each)]
        left = {each.id for each in held} - {each.id for each in taken}
        out = [each for each in held if each.id in left and _is_fresh(each)]
        Delivery.objects.filter(id__in=[each.id for each in out]).update(**withheld("opted-out"))
        key = f"delivery/{taken[0].id}" if taken else ""
        for each in taken:
            each.state, each.sent_as, each.tries = DeliveryState.SENDING, key, each.tries + 1
        Delivery.objects.filter(id__in=[each.id for each in taken]).update(
            state=DeliveryState.SENDING, sent_as=key, tries=F("tries") + 1, due_at=clock.now() + LEASE
        )
    for notice_id in {each.notice_id for each in out}:
        concluding.conclude(notice_id)
    return taken


def _has_opted_out(delivery: Delivery) -> bool:
    who = recipients.Recipient(delivery.person, "", delivery.address, delivery.from_directory)
    return bool(recipients.opted_out(delivery.notice.workspace, [who], delivery.notice.kind))


# Sending it


def _send(taken: list[Delivery]) -> None:
    first = taken[0]
    tries = max(each.tries for each in taken)
    try:
        ready = channels.prepared(first.notice.workspace, taken)
    except Misconfigured as trouble:
        return _later_or_refused(taken, trouble.message, tries)
    try:
        channels.send(ready, first.sent_as, tries)
    except TryLater as trouble:
        if trouble.sent and not channels.may_repeat(ready):
            return _note(taken, DeliveryState.UNKNOWN, trouble.message)
        return _later_or_refused(taken, trouble.message, tries, trouble.after_seconds)
    except SignInRefused as trouble:
        return _later_or_refused(taken, trouble.message, tries)
    except ConnectorError as trouble:
        return _note(taken, DeliveryState.REFUSED, trouble.message)
    return _note(taken, DeliveryState.SENT)


def _later_or_refused(taken: list[Delivery], message: str, tries: int, after: float | None = None) -> None:
    if tries >= MOST_TRIES:
        return _note(taken, DeliveryState.REFUSED, message)
    pause = timedelta(seconds=max(after or 0, 30 * 2**tries))
    return _note(taken, DeliveryState.PLANNED, message, clock.now() + pause)


def _note(taken: list[Delivery], state: DeliveryState, message: str = "", due_at: datetime | None = None) -> None:
    ended = None if state == DeliveryState.PLANNED else clock.now()
    Delivery.objects.filter(id__in=[each.id for each in taken], state=DeliveryState.SENDING).update(
        state=state, message=message[:400], due_at=due_at, ended_at=ended
    )
    if ended:
        for notice_id in {each.notice_id for each in taken}:
            concluding.conclude(notice_id)


def _give_up_the_lapsed() -> None:
    """Deliveries whose sender has not been heard of for too long."""
    now = clock.now()
    lapsed = Delivery.objects.filter(state=DeliveryState.SENDING, due_at__lte=now)
    # Who tells messages apart by their id may be sent them again.
    held = Connection.objects.filter(workspace=OuterRef("workspace"), slug=OuterRef("connection"))
    again = lapsed.filter(Exists(held.filter(connector__in=channels.repeatable())))
    again.update(state=DeliveryState.PLANNED, message=BROKEN_OFF, due_at=now)
    notices = list(lapsed.values_list("notice_id", flat=True).distinct())
    lapsed.update(state=DeliveryState.UNKNOWN, message=BROKEN_OFF, due_at=None, ended_at=now)
    for notice_id in notices:
        concluding.conclude(notice_id)


def withheld(reason: str) -> dict[str, object]:
    """What is noted of deliveries that are not sent."""
    return {
        "state": DeliveryState.WITHHELD,
        "reason": reason,
        "message": recipients.WHY[reason],
        "due_at": None,
        "ended_at": clock.now(),
    }
