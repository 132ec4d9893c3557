"""Schedules that are due start their runs. Any number of schedulers may do this at once; no fire starts two runs."""

from __future__ import annotations

from datetime import datetime
from math import inf
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from workflows.engine.timing import FIRED
from workflows.models import Trigger
from workflows.planning.schedules import ScheduleError, due, parse_rule
from workflows.triggers.starting import is_going, start

GRACE_SECONDS = 60.0
"""A fire that is at most so late was not missed."""
BATCH = 200


def fire_due(now: datetime | None = None) -> int:
    """Start what is due; returns how many runs. Rows that another scheduler holds are left to it."""
    now, started, waiting = now or timezone.now(), 0, set[UUID]()
    while True:
        with transaction.atomic():
            rows = list(_due(now).exclude(id__in=waiting)[:BATCH])
            for row in rows:
                started += _fire(row, now)
                if row.due_at is not None and row.due_at <= now:
                    waiting.add(row.id)
        if len(rows) < BATCH:
            return started


def _due(now: datetime) -> QuerySet[Trigger]:
    return (
        Trigger.objects.select_for_update(of=("self",), skip_locked=True)
        .select_related("workflow__published")
        .filter(kind="schedule", is_live=True, due_at__lte=now, workflow__is_active=True)
        .order_by("due_at")
    )


def _fire(row: Trigger, now: datetime) -> int:
    """Start the fires that are due and note when the next one is. A fire that has to wait leaves the row as it is."""
    assert row.due_at is not None  # noqa: S101 - the query says so
    try:
        rule = parse_rule(row.settings, anchor=row.created_at)
    except ScheduleError as wrong:
        # A newer time zone table may no longer know a name that it knew.
        row.due_at, row.error = None, {"code": "schedule", "message": wrong.message}
        row.save(update_fields=["due_at", "error"])
        return 0
    overlap = row.settings.get("overlap", "allow")
    going = overlap != "allow" and is_going(row)
    if going and overlap == "wait":
        return 0
    found = due(rule, row.due_at, now, grace_seconds=inf if overlap == "wait" else GRACE_SECONDS)
    fires = [] if going else found.start if overlap == "allow" else found.start[-1:]
    started = sum(_start(row, fire, now) for fire in fires)
    row.passed_over += found.passed_over + len(found.start) - len(fires)
    row.due_at = found.next_at
    row.save(update_fields=["due_at", "fired_at", "passed_over"])
    return started


def _start(row: Trigger, fire: datetime, now: datetime) -> bool:
    at = fire.isoformat()
    payload = {"scheduled_at": at, "fired_at": now.isoformat(), "input": row.settings.get("input", {})}
    FIRED.add(max((now - fire).total_seconds(), 0.0))
    return start(row, payload, key=f"schedule:{row.name}:{at}", cause={"scheduled_at": at})[1]
