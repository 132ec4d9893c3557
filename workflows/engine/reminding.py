"""What people are told of questions: a notice for each stage and each reminder. Sending them is `delivering`."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Max, QuerySet

from hub.accounts.models import Person
from hub.sdk import Misconfigured
from hub.watch import clock
from workflows.engine import approvers, channels, concluding, delivering, recipients, telling
from workflows.engine.recipients import Recipient
from workflows.models import Approval, Delivery, DeliveryState, Notice, NoticeState

KIND = "approvals"
"""What whoever is asked can opt out of."""
_MOST_REMINDERS = 3


def check(approval: Approval) -> None:
    """Raises Misconfigured when nobody could be told through the connection."""
    if name := approval.mail.get("connection"):
        try:
            channels.check(approval.workspace, name, "mail")
        except Misconfigured as wrong:
            raise Misconfigured(wrong.message, field="mail/connection") from None


def tell(approval: Approval, asked: Sequence[tuple[int, str]], number: int = 0) -> None:
    """Have these people and their deputies told, each once for a stage and number. The question's row is held."""
    if not approval.mail:
        return
    for stage in sorted({stage for stage, _ in asked}):
        people = {person for at, person in asked if at == stage}
        told = people | approvers.deputies_of(approval.workspace, people)
        told -= {str(approval.requester_id)}
        if told:
            _tell(approval, stage, number, Person.objects.filter(id__in=told))


def remind(approval: Approval) -> None:
    """Have whoever has not decided told once more."""
    asked = approval.tasks.filter(is_open=True).values_list("stage", "person_id")
    tell(approval, [(stage, str(person)) for stage, person in asked], reminders(approval) + 1)


def end(approval: Approval) -> None:
    """What was not sent yet needs not be. Needs a transaction that holds the question's row."""
    open_rows = deliveries_of(approval).filter(state=DeliveryState.PLANNED)
    notices = set(open_rows.values_list("notice_id", flat=True))
    open_rows.update(**delivering.withheld("ended"))
    for notice_id in notices:
        concluding.conclude(notice_id)


def deliveries_of(approval: Approval) -> QuerySet[Delivery]:
    return Delivery.objects.filter(notice__approval=approval)


def number_of(notice: Notice) -> int:
    """0 asks; 1 and more remind."""
    return int(notice.topic.rpartition("/")[2])


def reminders(approval: Approval) -> int:
    """How many times people were reminded."""
    return max(map(number_of, approval.notices.all()), default=0)


def next_reminder(approval: Approval, now: datetime) -> datetime | None:
    """When people are reminded next: never closer together than asked, however long the hub was stopped."""
    every, most = approval.mail.get("every_hours"), approval.mail.get("at_most", _MOST_REMINDERS)
    if not every or reminders(approval) >= most:
        return None
    last = deliveries_of(approval).aggregate(at=Max("made_at"))["at"]
    return (last or now) + timedelta(hours=every)


def address_of(approval_id: uuid.UUID) -> str:
    return f"{settings.PUBLIC_URL}/approvals/{approval_id}"


def _tell(approval: Approval, stage: int, number: int, people: Iterable[Person]) -> None:
    notice, is_new = Notice.objects.get_or_create(
        workspace=approval.workspace,
        topic=f"approval/{approval.id}/{stage}/{number}",
        defaults={
            "kind": KIND,
            "subject": _subject(approval, number),
            "text": _text(approval, stage),
            "mail": approval.mail["connection"],
            "step": approval.step,
            "approval": approval,
            "resolved_at": clock.now(),
        },
    )
    members = {each.username.lower(): _recipient(each) for each in people}
    meant = recipients.sorted_out(approval.workspace, members, (), KIND)
    # Whoever has a delivery is left alone here: the row may be held by somebody who waits for the notice.
    held = set(notice.deliveries.values_list("person", flat=True))
    taken = set(notice.deliveries.exclude(state=DeliveryState.WITHHELD).values_list("address", flat=True))
    new = [each for each in meant if each.person not in held and (each.reason or each.address not in taken)]
    if new and not is_new:
        Notice.objects.filter(id=notice.id).update(state=NoticeState.OPEN)
    if new:
        telling.deliver(notice, new)


def _recipient(person: Person) -> Recipient:
    name, address = person.username.lower(), person.email.strip()
    return Recipient(name, str(person), address, from_directory=False, reason="" if address else "no-address")


def _subject(approval: Approval, number: int) -> str:
    asked = "Your decision" if number == 0 else "Still waiting for your decision"
    return f"{asked}: {' '.join(approval.title.split())}"


def _text(approval: Approval, stage: int) -> str:
    """Names the question and nothing of what is shown: that is read on the page, after signing in."""
    until = f"Decide before {approval.deadline_at:%d %B %Y, %H:%M} UTC.\n" if approval.deadline_at else ""
    return (
        f'You are asked for a decision, in the stage "{approval.stages[stage]["name"]}":\n\n'
        f"    {approval.title}\n\n{until}"
        f"Look at it and decide here, after signing in:\n\n    {address_of(approval.id)}\n\n"
        "Opening the page decides nothing.\n"
    )
