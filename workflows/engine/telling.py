"""Notices of the hub's own, which no step of a run makes: told to addresses, once for each topic."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction

from hub.accounts.models import Workspace
from hub.watch import clock
from workflows.engine import concluding, recipients
from workflows.engine.recipients import Recipient
from workflows.models import Delivery, Notice


@transaction.atomic
def tell(
    workspace: Workspace, topic: str, *, kind: str, subject: str, text: str, mail: str, to: Sequence[str]
) -> bool:
    """Have people told, who have to be reached. False when the topic was told before."""
    notice, is_new = Notice.objects.get_or_create(
        workspace=workspace,
        topic=topic[:200],
        defaults={
            "kind": kind,
            "subject": " ".join(subject.split())[:400],
            "text": text,
            "mail": mail,
            "fallback": list(to),
            "must_reach": True,
            "resolved_at": clock.now(),
        },
    )
    if not is_new:
        return False
    deliver(notice, recipients.sorted_out(workspace, {}, to, notice.kind))
    return True


def deliver(notice: Notice, meant: Sequence[Recipient]) -> None:
    """A delivery for everybody who has none, due at once."""
    rows = [concluding.delivery_for(notice, each, clock.now()) for each in meant]
    Delivery.objects.bulk_create(rows, ignore_conflicts=True)
    concluding.conclude(notice.id)
