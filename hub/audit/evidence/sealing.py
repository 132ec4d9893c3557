"""Sealing: the head of the evidence is written into the trail, so that neither can be rewritten alone."""

from __future__ import annotations

from django.db import transaction

from hub.accounts.access import Actor
from hub.accounts.models import Workspace
from hub.audit.evidence.models import EvidenceHead
from hub.audit.models import AuditEntry
from hub.audit.recording import Ref, record

SEALED = "evidence.sealed"


@transaction.atomic
def seal(workspace: Workspace) -> bool:
    """Seal what was added since the last seal. False when nothing was."""
    head = EvidenceHead.objects.select_for_update().filter(workspace=workspace).first()
    if head is None or not head.number:
        return False
    last = AuditEntry.objects.filter(workspace=workspace, verb=SEALED).order_by("-number").first()
    if last is not None and last.detail["number"] == head.number:
        return False
    since = last.detail["number"] if last is not None else 0
    about = {"number": head.number, "digest": head.digest, "records": head.number - since}
    record(Actor.system(workspace), SEALED, Ref("evidence", str(head.number), f"Record {head.number}"), about)
    return True


def seal_all() -> int:
    """For the scheduler: every workspace in which evidence was added. Safe to run twice at once."""
    heads = EvidenceHead.objects.filter(number__gt=0).select_related("workspace")
    return sum(seal(head.workspace) for head in heads)
