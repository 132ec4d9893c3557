"""Event sources that are due are asked, and what they report starts runs.

The cursor, what the source remembers and the runs are saved in one transaction: a reading that is broken off
anywhere is repeated from the same cursor, and reports the same happenings under the same ids.
"""

from __future__ import annotations

import hashlib
from datetime import timedelta
from typing import Any
from uuid import UUID

import structlog
from django.db import DatabaseError, InterfaceError, transaction
from django.db.models import F

from hub.accounts.access import Actor, visible
from hub.connections import open_connection
from hub.connections.models import Connection
from hub.registry import EventSourceEntry, UnknownEntry, catalog
from hub.sdk import ConnectorError, Happening, Misconfigured, Poll, TryLater
from hub.watch import clock
from workflows import leases
from workflows.engine import halts
from workflows.models import Trigger
from workflows.triggers.memory import StoredMemory
from workflows.triggers.starting import LONGEST_KEY, start

log = structlog.get_logger(__name__)

LONGEST_PAUSE_SECONDS = 900.0


def due_sources(limit: int = 50) -> list[UUID]:
    """The event triggers to ask now: due, switched on, and not being asked."""
    now = clock.now()
    rows = Trigger.objects.filter(
        leases.is_free(), kind="event", is_live=True, due_at__lte=now, workflow__is_active=True
    )
    for halt in halts.known():
        if halt.connection is not None and not halt.writes_only:
            rows = rows.exclude(workspace=halt.workspace_id, settings__connection=halt.connection.slug)
    return list(rows.order_by("due_at").values_list("id", flat=True)[:limit])


def ask(trigger_id: UUID) -> int | None:
    """Ask one source, again at once while it has more; returns how many runs were started.

    None when it is not due, or somebody else asks it.
    """
    started = None
    while (claimed := _claim(trigger_id)) is not None:
        with leases.keeper.keeping(leases.Lease(leases.SOURCES, claimed.id, claimed.fence)):
            count, more = _ask(claimed)
        started = (started or 0) + count
        if not more:
            break
    return started


def _claim(trigger_id: UUID) -> Trigger | None:
    now = clock.now()
    rows = Trigger.objects.filter(
        leases.is_free(), id=trigger_id, kind="event", is_live=True, due_at__lte=now, workflow__is_active=True
    )
    if not rows.update(fence=F("fence") + 1, lease_until=leases.fresh()):
        return None
    return Trigger.objects.select_related("workflow__published", "workspace").get(id=trigger_id)


def _ask(trigger: Trigger) -> tuple[int, bool]:
    memory = StoredMemory(trigger)
    try:
        entry, poll = _poll(trigger, memory)
    except ConnectorError as error:
        _note_failure(trigger, error)
        return 0, False
    except (DatabaseError, InterfaceError):
        raise
    except Exception as error:
        log.exception("trigger.source-failed", trigger=str(trigger.id))
        _note_failure(trigger, Misconfigured(f"The event source made a mistake: {type(error).__name__}."))
        return 0, False
    now = clock.now()
    every = trigger.settings.get("every_seconds") or entry.every_seconds
    with transaction.atomic():
        held = Trigger.objects.select_for_update().filter(id=trigger.id, fence=trigger.fence).first()
        if held is None:
            return 0, False  # Reset, changed or asked anew in the meantime: this reading counts for nothing.
        held.workflow = trigger.workflow
        memory.save()
        started = _start(held, poll.happenings)
        held.cursor, held.warnings = poll.cursor, list(poll.warnings)
        held.error, held.failures, held.lease_until, held.asked_at = None, 0, None, now
        held.due_at = now if poll.more else now + timedelta(seconds=every)
        held.save()
    return started, poll.more


def _poll(trigger: Trigger, memory: StoredMemory) -> tuple[EventSourceEntry, Poll]:
    settings = trigger.settings
    try:
        entry = catalog().event_source(settings["source"])
    except UnknownEntry as error:
        raise Misconfigured(str(error)) from None
    held = visible(Actor.system(trigger.workspace), Connection).filter(slug=settings["connection"]).first()
    if held is None:
        raise Misconfigured(f'There is no connection "{settings["connection"]}" any more. Choose another.')
    source = entry.implementation
    try:
        given = source.Input.model_validate(settings.get("input", {}))
    except ValueError as error:
        raise Misconfigured(f"The trigger's input no longer fits {entry.name}: {str(error)[:300]}.") from None
    with open_connection(held) as opened:
        return entry, source.poll(given, opened.client, trigger.cursor, memory)


def _note_failure(trigger: Trigger, error: ConnectorError) -> None:
    now = clock.now()
    failures = trigger.failures + 1
    pause = min(10.0 * 2 ** min(failures, 10), LONGEST_PAUSE_SECONDS)
    if isinstance(error, TryLater) and error.after_seconds is not None:
        pause = max(pause, error.after_seconds)
    Trigger.objects.filter(id=trigger.id, fence=trigger.fence).update(
        error={"code": error.code, "message": str(error)},
        failures=failures,
        lease_until=None,
        asked_at=now,
        due_at=now + timedelta(seconds=pause),
    )


def _start(trigger: Trigger, happenings: list[Happening]) -> int:
    if not happenings:
        return 0
    if trigger.settings.get("deliver") == "together":
        payload = {"happenings": [_plain(each) for each in happenings], "count": len(happenings)}
        key = _key(trigger, "\n".join(each.id for each in happenings))
        started = start(trigger, payload, key=key, cause={"happenings": len(happenings)})[1]
        return int(started)
    return sum(
        start(trigger, _plain(each), key=_key(trigger, each.id), cause={"event": each.type, "subject": each.subject})[
            1
        ]
        for each in happenings
    )


def _plain(happening: Happening) -> dict[str, Any]:
    """Its fields as they are; what they hold is plain JSON already."""
    return dict(vars(happening))


def _key(trigger: Trigger, happening: str) -> str:
    key = f"event:{trigger.name}:{happening}"
    return (
        key if len(key) <= LONGEST_KEY else f"event:{trigger.name}:{hashlib.sha256(happening.encode()).hexdigest()}"
    )
