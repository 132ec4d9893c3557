"""Seeing again what an event trigger has reported: its runs hold every happening, so it is known beforehand what."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from hub.accounts.access import Actor, allow, fetch, visible
from hub.accounts.models import new_id
from hub.api.errors import Changed, Conflict
from hub.audit import Ref, record
from workflows.models import Run, Trigger
from workflows.triggers.starting import start

MOST = 1000
MOST_SHOWN = 50


@dataclass(frozen=True)
class Rewind:
    """What would be seen again: the newest `happenings` of `count` deliveries."""

    count: int
    first_at: datetime | None
    happenings: list[dict[str, Any]]


def preview(actor: Actor, trigger_id: uuid.UUID | str, *, since: datetime) -> Rewind:
    """What was reported since then. Raises Conflict when the trigger is none of events."""
    allow(actor, "trigger.view")
    allow(actor, "run.view")
    rows = _reported(actor, _event_trigger(actor, trigger_id), since)
    shown = [{"at": run.created_at, "run": run.id, **_about(run)} for run in rows.order_by("-id")[:MOST_SHOWN]]
    return Rewind(rows.count(), rows.order_by("id").values_list("created_at", flat=True).first(), shown)


@transaction.atomic
def rewind(actor: Actor, trigger_id: uuid.UUID | str, *, since: datetime, count: int) -> int:
    """Report again what was reported since then, as new runs of the published version; returns how many.

    `count` is what the preview said. Raises Changed when it is another one now, and Conflict. The caller rings the
    bell after the commit.
    """
    allow(actor, "trigger.edit")
    allow(actor, "run.start")
    held = _event_trigger(actor, trigger_id, locked=True)
    if held.workflow.published is None:
        raise Conflict(f'"{held.workflow}" has no published version: nothing starts it.', code="not-published")
    rows = list(_reported(actor, held, since).order_by("id")[: MOST + 1])
    if len(rows) > MOST:
        detail = f"More than {MOST} deliveries would be seen again. Choose a later time."
        raise Conflict(detail, code="too-many", title="That is too much at once.")
    if len(rows) != count:
        raise Changed(f"There are {len(rows)} deliveries now, not {count}. Look again.", code="happenings-differ")
    again = new_id()
    for run in rows:
        cause = {name: value for name, value in run.cause.items() if name not in ("kind", "trigger")}
        start(
            held,
            run.payload,
            key=f"rewind:{again}:{run.id}",
            cause=cause | {"rewound": str(run.id), "by": actor.name},
        )
    held.save(update_fields=["fired_at"])
    data = {"since": since.isoformat(), "count": len(rows)}
    record(actor, "trigger.rewound", Ref("trigger", str(held.id), str(held)), data)
    return len(rows)


def _event_trigger(actor: Actor, trigger_id: uuid.UUID | str, *, locked: bool = False) -> Trigger:
    rows = Trigger.objects.select_related("workflow__published")
    held = fetch(actor, rows, id=trigger_id, is_live=True, locked=locked)
    if held.kind != "event":
        detail = "Only event triggers have happenings that can be seen again. Replay a received call from its run."
        raise Conflict(detail, code="not-an-event", title="This trigger reads nothing.")
    return held


def _reported(actor: Actor, trigger: Trigger, since: datetime) -> QuerySet[Run]:
    """The first runs of what the trigger reported since then: what was seen again before is not seen thrice."""
    rows = visible(actor, Run).filter(trigger=trigger, cause__kind="event", created_at__gte=since)
    return rows.exclude(cause__has_key="rewound")


def _about(run: Run) -> dict[str, Any]:
    many = run.cause.get("happenings")
    return {"event": str(run.cause.get("event", "")), "subject": str(run.cause.get("subject", "")),
            "happenings": int(many) if isinstance(many, int) else 1}  # fmt: skip
