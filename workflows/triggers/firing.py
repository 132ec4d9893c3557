"""Schedules that are due start their runs. Any number of schedulers may do this at once; no fire starts two runs."""

from __future__ import annotations

import json
from datetime import datetime
from math import inf
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.db.models import QuerySet

from hub.watch import clock
from workflows.engine.bell import ring_unless_rung
from workflows.engine.queueing import queue_runs
from workflows.engine.timing import FIRED
from workflows.models import Run, Trigger
from workflows.planning.schedules import ScheduleError, due, parse_rule
from workflows.triggers.starting import is_going, run_of

GRACE_SECONDS = 60.0
"""A fire that is at most so late was not missed."""
BATCH = 500
_NOTE = """
UPDATE workflows_trigger held
SET due_at = given.due_at, fired_at = given.fired_at, passed_over = given.passed_over, error = given.error
FROM unnest(%s::uuid[], %s::timestamptz[], %s::timestamptz[], %s::int[], %s::jsonb[])
    AS given(id, due_at, fired_at, passed_over, error)
WHERE held.id = given.id
"""


def fire_due(now: datetime | None = None) -> int:
    """Start what is due; returns how many runs. Rows that another scheduler holds are left to it."""
    now, started, waiting = now or clock.now(), 0, set[UUID]()
    while True:
        with transaction.atomic():
            rows = list(_due(now).exclude(id__in=waiting)[:BATCH])
            begun = queue_runs([run for row in rows for run in _fire(row, now)])
            for run in begun:
                assert run.trigger is not None  # noqa: S101 - `run_of` says so
                run.trigger.fired_at = clock.now()
            _note(rows)
            waiting |= {row.id for row in rows if row.due_at is not None and row.due_at <= now}
        started += len(begun)
        if begun:
            ring_unless_rung()
        if len(rows) < BATCH:
            return started


def _note(rows: list[Trigger]) -> None:
    """Say where these stand now, in one statement."""
    columns: list[list[Any]] = [
        [row.id for row in rows],
        [row.due_at for row in rows],
        [row.fired_at for row in rows],
        [row.passed_over for row in rows],
        [json.dumps(row.error) if row.error else None for row in rows],
    ]
    if rows:
        with connection.cursor() as cursor:
            cursor.execute(_NOTE, columns)


def _due(now: datetime) -> QuerySet[Trigger]:
    return (
        Trigger.objects.select_for_update(of=("self",), skip_locked=True)
        .select_related("workflow__published")
        .filter(kind="schedule", is_live=True, due_at__lte=now, workflow__is_active=True)
        .order_by("due_at")
    )


def _fire(row: Trigger, now: datetime) -> list[Run]:
    """The runs of the fires that are due; the row says when the next one is. A fire that has to wait leaves it as it
    is."""
    assert row.due_at is not None  # noqa: S101 - the query says so
    try:
        rule = parse_rule(row.settings, anchor=row.created_at)
    except ScheduleError as wrong:
        # A newer time zone table may no longer know a name that it knew.
        row.due_at, row.error = None, {"code": "schedule", "message": wrong.message}
        return []
    overlap = row.settings.get("overlap", "allow")
    going = overlap != "allow" and is_going(row)
    if going and overlap == "wait":
        return []
    found = due(rule, row.due_at, now, grace_seconds=inf if overlap == "wait" else GRACE_SECONDS)
    fires = [] if going else found.start if overlap == "allow" else found.start[-1:]
    row.passed_over += found.passed_over + len(found.start) - len(fires)
    row.due_at = found.next_at
    return [_run(row, fire, now) for fire in fires]


def _run(row: Trigger, fire: datetime, now: datetime) -> Run:
    at = fire.isoformat()
    payload = {"scheduled_at": at, "fired_at": now.isoformat(), "input": row.settings.get("input", {})}
    FIRED.add(max((now - fire).total_seconds(), 0.0))
    return run_of(row, payload, key=f"schedule:{row.name}:{at}", cause={"scheduled_at": at})
