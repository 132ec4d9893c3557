"""What people do to triggers."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet

from hub.accounts.access import Actor, allow, fetch, visible
from hub.api.errors import Conflict, Invalid
from hub.audit import Ref, record
from hub.vault import seal
from hub.watch import clock
from workflows.models import Trigger, Workflow
from workflows.planning.schedules import ScheduleError, explain, parse_rule
from workflows.triggers import rows
from workflows.triggers.checks import CheckKind, new_secret
from workflows.triggers.intake import PREFIX

NEXT_FIRES = 10


@dataclass(frozen=True)
class Preview:
    """A schedule in plain words and its next fires."""

    words: str
    fires: list[datetime]


def list_triggers(actor: Actor, slug: str) -> QuerySet[Trigger]:
    """The triggers of the published version."""
    allow(actor, "trigger.view")
    workflow = fetch(actor, Workflow, slug=slug)
    return visible(actor, Trigger.objects.select_related("workflow")).filter(workflow=workflow, is_live=True)


def get_trigger(actor: Actor, trigger_id: uuid.UUID | str) -> Trigger:
    """Raises NotFound."""
    allow(actor, "trigger.view")
    return fetch(actor, Trigger.objects.select_related("workflow"), id=trigger_id, is_live=True)


def address_of(trigger: Trigger) -> str:
    """Where a webhook is called; empty for other triggers."""
    return f"{settings.PUBLIC_URL}{PREFIX}{trigger.path}" if trigger.path else ""


def preview_of(trigger: Trigger) -> Preview | None:
    """The next fires of a schedule that is switched on, beginning with the one that is noted."""
    if trigger.kind != "schedule":
        return None
    rule = parse_rule(trigger.settings, anchor=trigger.created_at)
    if trigger.due_at is None:
        return Preview(explain(rule), [])
    return Preview(explain(rule), [trigger.due_at, *rule.preview(trigger.due_at, NEXT_FIRES - 1)])


def preview(actor: Actor, given: dict[str, Any]) -> Preview:
    """What a schedule with these settings would do. Raises Invalid with the field at fault."""
    allow(actor, "trigger.view")
    try:
        rule = parse_rule(given)
    except ScheduleError as wrong:
        raise Invalid(
            errors=[{"pointer": f"/settings/{wrong.field}", "code": "schedule", "detail": wrong.message}]
        ) from None
    return Preview(explain(rule), rule.preview(clock.now(), NEXT_FIRES))


@transaction.atomic
def make_secret(actor: Actor, trigger_id: uuid.UUID | str) -> str:
    """A new secret for a webhook, shown this once; the old one ends now. Raises Conflict when none is needed."""
    allow(actor, "trigger.edit")
    held = fetch(actor, Trigger, id=trigger_id, is_live=True, locked=True)
    check = held.settings.get("check") or {}
    kind = CheckKind(check.get("kind", CheckKind.NONE))
    if held.kind != "webhook" or kind is CheckKind.NONE:
        detail = "This trigger checks no secret. Set a check and publish first."
        raise Conflict(detail, code="no-check", title="This trigger has no secret.")
    secret = new_secret(kind, own_header=bool(check.get("header")))
    held.sealed = seal({"secret": secret}, held.place)
    held.fence += 1  # What the intake keeps in memory is worthless from now on.
    held.save(update_fields=["sealed", "fence"])
    record(actor, "trigger.secret-made", _ref(held))
    return secret


@transaction.atomic
def reset(actor: Actor, trigger_id: uuid.UUID | str) -> Trigger:
    """Forget how far an event source was read: what is so at the next reading is not reported."""
    allow(actor, "trigger.edit")
    held = fetch(actor, Trigger.objects.select_related("workflow"), id=trigger_id, is_live=True, locked=True)
    if held.kind != "event":
        detail = "Only event triggers have a reading to forget."
        raise Conflict(detail, code="not-an-event", title="This trigger reads nothing.")
    rows.forget(held)
    held.due_at = clock.now() if held.workflow.is_active else None
    held.save()
    record(actor, "trigger.reset", _ref(held))
    return held


def _ref(trigger: Trigger) -> Ref:
    return Ref("trigger", str(trigger.id), str(trigger))
