"""Private hosts that a workspace's connections may reach all the same."""

from __future__ import annotations

import uuid

from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from hub.accounts.access import Actor, allow, fetch, visible
from hub.api.errors import Invalid, Taken
from hub.audit import record
from hub.connections.models import EgressRule
from hub.sdk.addresses import read_rule


def list_rules(actor: Actor) -> QuerySet[EgressRule]:
    allow(actor, "egress.view")
    return visible(actor, EgressRule).select_related("created_by")


def add_rule(actor: Actor, *, target: str, note: str) -> EgressRule:
    """Allow a host name, host:port, address or range. Raises Invalid when it is none of these."""
    allow(actor, "egress.edit")
    target = target.strip().lower()
    try:
        read_rule(target)
    except ValueError as trouble:
        raise Invalid(
            str(trouble), errors=[{"pointer": "/target", "code": "target", "detail": str(trouble)}]
        ) from None
    try:
        with transaction.atomic():
            rule = EgressRule.objects.create(
                workspace=actor.workspace, target=target, note=note, created_by=actor.person
            )
            record(actor, "egress.allowed", rule, {"target": target, "note": note})
    except IntegrityError:
        raise Taken(f'"{target}" is allowed already.', code="allowed-already") from None
    return rule


def get_rule(actor: Actor, *, rule: str | uuid.UUID) -> EgressRule:
    """Raises NotFound."""
    allow(actor, "egress.view")
    return fetch(actor, EgressRule, id=rule)


def change_note(actor: Actor, *, rule: str | uuid.UUID, note: str) -> EgressRule:
    """Say anew why it is allowed. What is allowed stays: another target is another rule."""
    allow(actor, "egress.edit")
    with transaction.atomic():
        held = fetch(actor, EgressRule, locked=True, id=rule)
        before, held.note = held.note, note
        held.save(update_fields=["note"])
        record(actor, "egress.explained", held, {"target": held.target, "before": before, "note": note})
    return held


def remove_rule(actor: Actor, *, rule: str | uuid.UUID) -> None:
    """Allow it no longer. Connections notice at their next use."""
    allow(actor, "egress.edit")
    with transaction.atomic():
        held = fetch(actor, EgressRule, locked=True, id=rule)
        record(actor, "egress.removed", held, {"target": held.target})
        held.delete()
