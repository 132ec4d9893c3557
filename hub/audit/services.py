"""Reading the audit trail, and checking that it is whole."""

from __future__ import annotations

import uuid
from datetime import datetime

from django.db.models import QuerySet

from hub.accounts.access import Actor, allow
from hub.audit.chain import Verdict
from hub.audit.chains import check_trail
from hub.audit.models import AuditEntry


def list_entries(
    actor: Actor,
    *,
    verb: str = "",
    by: uuid.UUID | None = None,
    target_type: str = "",
    target: str = "",
    since: datetime | None = None,
    until: datetime | None = None,
) -> QuerySet[AuditEntry]:
    """The entries of the actor's workspace. `verb` may end in a dot: "connection." is all about connections."""
    allow(actor, "audit.view")
    rows = AuditEntry.objects.filter(workspace_id=actor.workspace.id).order_by("-number")
    if verb:
        rows = rows.filter(verb__startswith=verb) if verb.endswith(".") else rows.filter(verb=verb)
    if by is not None:
        rows = rows.filter(actor_id=by)
    if target_type:
        rows = rows.filter(target_type=target_type)
    if target:
        rows = rows.filter(target_id=target)
    if since is not None:
        rows = rows.filter(at__gte=since)
    return rows.filter(at__lt=until) if until is not None else rows


def verify_trail(actor: Actor, *, noted: str = "") -> Verdict:
    """Recompute the workspace's chain. `noted` is a head from an earlier check that must still be part of it."""
    allow(actor, "audit.view")
    return check_trail(actor.workspace.id, noted=noted)
