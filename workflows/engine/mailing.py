"""Mails about questions: each is a row before it is sent, and none is sent twice.

A mail whose sender died may have been sent: it is not sent again, and says so.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from hub.sdk import Call, ConnectorError, Misconfigured, TryLater
from workflows.engine import approvers, calling
from workflows.models import Approval, ApprovalMail, MailState

ACTION = "email.send"
MOST_TRIES = 8
LEASE = timedelta(minutes=5)
_TIMEOUT_SECONDS = 30.0


def check(approval: Approval) -> None:
    """Raises Misconfigured when mails could not be sent through the connection."""
    if name := approval.mail.get("connection"):
        try:
            calling.prepare(approval.workspace, ACTION, name, {})
        except Misconfigured as wrong:
            raise Misconfigured(wrong.message, field="mail/connection") from None


def plan(approval: Approval, asked: Sequence[tuple[int, str]], number: int = 0) -> None:
    """Note that these people and their deputies are to be told, once for each stage and number."""
    if not approval.mail:
        return
    rows = []
    for stage in sorted({stage for stage, _ in asked}):
        people = {person for at, person in asked if at == stage}
        told = people | approvers.deputies_of(approval.workspace, people)
        told -= {str(approval.requester_id)}
        rows += [
            ApprovalMail(approval=approval, stage=stage, person_id=person, number=number, due_at=timezone.now())
            for person in sorted(told)
        ]
    ApprovalMail.objects.bulk_create(rows, ignore_conflicts=True)


def remind(approval: Approval) -> None:
    """Note that whoever has not decided is told once more."""
    asked = approval.tasks.filter(is_open=True).values_list("stage", "person_id")
    plan(approval, [(stage, str(person)) for stage, person in asked], reminders(approval) + 1)


def drop(approval: Approval) -> None:
    """What was not sent yet needs not be."""
    approval.mails.filter(state=MailState.PLANNED).update(
        state=MailState.REFUSED, message="It was decided before.", ended_at=timezone.now(), due_at=None
    )


def reminders(approval: Approval) -> int:
    """How many times people were reminded."""
    last = approval.mails.order_by("-number").values_list("number", flat=True).first()
    return last or 0


def next_reminder(approval: Approval, now: datetime) -> datetime | None:
    """When people are reminded next: never closer together than asked, however long the hub was stopped."""
    every, most = approval.mail.get("every_hours"), approval.mail.get("at_most", 3)
    if not every or reminders(approval) >= most:
        return None
    last = approval.mails.order_by("-created_at").values_list("created_at", flat=True).first()
    return (last or now) + timedelta(hours=every)


def is_due() -> bool:
    """Whether there is a mail to send, or one whose sender is believed to have died."""
    return ApprovalMail.objects.filter(
        state__in=[MailState.PLANNED, MailState.SENDING], due_at__lte=timezone.now()
    ).exists()


def send_due() -> int:
    """Send what is to be sent, and note what nobody knows of; returns how many were taken on."""
    now = timezone.now()
    ApprovalMail.objects.filter(state=MailState.SENDING, due_at__lte=now).update(
        state=MailState.UNKNOWN,
        message="The sender ended before it could note whether it was sent.",
        due_at=None,
        ended_at=now,
    )
    count = 0
    while (mail := _claim()) is not None:
        _send(mail)
        count += 1
    return count


def _claim() -> ApprovalMail | None:
    """One mail that nobody else sends, noted as being sent before anything leaves."""
    with transaction.atomic():
        due = Q(state=MailState.PLANNED, due_at__lte=timezone.now())
        mail = ApprovalMail.objects.select_for_update(skip_locked=True).filter(due).order_by("due_at").first()
        if mail is None:
            return None
        mail.state, mail.tries, mail.due_at = MailState.SENDING, mail.tries + 1, timezone.now() + LEASE
        mail.save()
        return mail


def _send(mail: ApprovalMail) -> None:
    approval, person = mail.approval, mail.person
    if not person.email:
        return _note(mail, MailState.REFUSED, f"{person} has no e-mail address here.")
    letter = {"to": [person.email], "subject": subject_of(mail), "text": text_of(mail)}
    try:
        prepared = calling.prepare(approval.workspace, ACTION, approval.mail["connection"], letter)
        call = Call(key=f"approval-mail/{mail.id}", attempt=mail.tries, timeout_seconds=_TIMEOUT_SECONDS)
        prepared.entry.implementation.run(prepared.input, prepared.opened.client, call)
    except TryLater as trouble:
        if trouble.sent:
            return _note(mail, MailState.UNKNOWN, trouble.message)
        if mail.tries >= MOST_TRIES:
            return _note(mail, MailState.REFUSED, trouble.message)
        pause = max(trouble.after_seconds or 0, 30 * 2**mail.tries)
        return _note(mail, MailState.PLANNED, trouble.message, timezone.now() + timedelta(seconds=pause))
    except ConnectorError as trouble:
        return _note(mail, MailState.REFUSED, trouble.message)
    return _note(mail, MailState.SENT)


def _note(mail: ApprovalMail, state: MailState, message: str = "", due_at: datetime | None = None) -> None:
    ended = None if state == MailState.PLANNED else timezone.now()
    ApprovalMail.objects.filter(id=mail.id, state=MailState.SENDING).update(
        state=state, message=message[:400], due_at=due_at, ended_at=ended
    )


def subject_of(mail: ApprovalMail) -> str:
    asked = "Your decision" if mail.number == 0 else "Still waiting for your decision"
    return f"{asked}: {' '.join(mail.approval.title.split())}"


def text_of(mail: ApprovalMail) -> str:
    """Names the question and nothing of what is shown: that is read on the page, after signing in."""
    approval = mail.approval
    stage = approval.stages[mail.stage]["name"]
    until = f"Decide before {approval.deadline_at:%d %B %Y, %H:%M} UTC.\n" if approval.deadline_at else ""
    return (
        f"Hello {mail.person},\n\n"
        f'you are asked for a decision, in the stage "{stage}":\n\n'
        f"    {approval.title}\n\n{until}"
        f"Look at it and decide here, after signing in:\n\n    {address_of(approval.id)}\n\n"
        "Opening the page decides nothing.\n"
    )


def address_of(approval_id: uuid.UUID) -> str:
    return f"{settings.PUBLIC_URL}/approvals/{approval_id}"
