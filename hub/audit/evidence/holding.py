"""Rules for how long content is kept, and holds that nothing overrules."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from hub.accounts.access import Actor, allow, fetch, visible
from hub.audit.evidence.models import EvidenceHead, EvidenceRule, LegalHold
from hub.audit.evidence.services import checked
from hub.audit.recording import record


def list_holds(actor: Actor) -> QuerySet[LegalHold]:
    allow(actor, "evidence.view")
    return visible(actor, LegalHold.objects.select_related("placed_by"))


@transaction.atomic
def place_hold(actor: Actor, *, name: str, reason: str, chosen: Mapping[str, Any]) -> LegalHold:
    """From now on nothing that fits is emptied. Raises Invalid for a time that is none."""
    allow(actor, "evidence.keep")
    EvidenceHead.objects.select_for_update().filter(workspace=actor.workspace).first()
    held = LegalHold.objects.create(
        workspace=actor.workspace, name=name, reason=reason, chosen=checked(chosen), placed_by=actor.person
    )
    record(actor, "evidence.hold-placed", held, {"reason": reason, "chosen": held.chosen})
    return held


@transaction.atomic
def release_hold(actor: Actor, hold: str) -> LegalHold:
    """Raises NotFound."""
    allow(actor, "evidence.keep")
    held = fetch(actor, LegalHold, id=hold, locked=True)
    if held.released_at is None:
        held.released_at = timezone.now()
        held.save(update_fields=["released_at"])
        record(actor, "evidence.hold-released", held)
    return held


def list_rules(actor: Actor) -> QuerySet[EvidenceRule]:
    allow(actor, "evidence.view")
    return visible(actor, EvidenceRule)


@transaction.atomic
def set_rule(actor: Actor, *, kind: str, keep_days: int | None) -> EvidenceRule | None:
    """How long the content of a kind is kept, or with "" of every kind without a rule; None: for ever."""
    allow(actor, "evidence.keep")
    if keep_days is None:
        visible(actor, EvidenceRule).filter(kind=kind).delete()
        made = None
    else:
        made, _ = EvidenceRule.objects.update_or_create(
            workspace=actor.workspace, kind=kind, defaults={"keep_days": keep_days}
        )
    record(actor, "evidence.rule-set", made, {"kind": kind, "keep_days": keep_days})
    return made
