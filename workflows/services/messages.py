"""Bringing a message to the run that waits for it."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from hub.accounts.access import Actor, allow
from hub.audit import record
from workflows.engine import receiving
from workflows.models import Message


@transaction.atomic
def send_message(actor: Actor, *, event: str, key: str, payload: Any = None, identity: str | None = None) -> Message:
    """Keep it for whoever waits for this event and key, now or later. The caller rings the bell after the commit."""
    allow(actor, "run.start")
    made = receiving.deliver(actor.workspace.id, event, key, payload, identity)
    record(actor, "message.sent", made, {"event": event})
    return made
