"""The rows of a workflow's triggers: made and brought up to date when a version is published or switched on."""

from __future__ import annotations

import secrets
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from hub.watch import clock
from workflows.graph.document import migrate
from workflows.models import Remembered, Trigger, Workflow
from workflows.planning.schedules import parse_rule


class PathTaken(Exception):
    """Another webhook of this hub has the address. The message names the address only."""


def bring_up_to_date(workflow: Workflow) -> None:
    """Make the rows those of the published version. Raises PathTaken. The caller holds the workflow's row."""
    document = migrate(workflow.published.document) if workflow.published else {}
    drawn = {trigger["id"]: trigger for trigger in document.get("triggers", [])}
    held = {row.name: row for row in Trigger.objects.select_for_update().filter(workflow=workflow)}
    for name, row in held.items():
        if name not in drawn and row.is_live:
            row.is_live, row.due_at, row.fence = False, None, row.fence + 1
            row.save()
    for name, trigger in drawn.items():
        row = held.get(name) or Trigger(workspace_id=workflow.workspace_id, workflow=workflow, name=name)
        _change(row, trigger["kind"], trigger.get("settings", {}))


def _change(row: Trigger, kind: str, settings: dict[str, Any]) -> None:
    is_same = row.kind == kind and row.settings == settings and row.is_live
    if row.kind == "event" and not _reads_the_same(row.settings, settings, kind):
        forget(row)
    row.kind, row.settings, row.is_live = kind, settings, True
    row.path = _path(row, settings) if kind == "webhook" else None
    if not is_same:
        row.fence += 1
        row.due_at = next_due(row, clock.now())
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError:
        raise PathTaken(row.path) from None


def _reads_the_same(old: dict[str, Any], new: dict[str, Any], kind: str) -> bool:
    return kind == "event" and all(old.get(name) == new.get(name) for name in ("source", "connection", "input"))


def forget(row: Trigger) -> None:
    """Begin anew: the next reading learns where things stand, and reports nothing that is already so."""
    if row.cursor is not None or row.asked_at is not None:
        Remembered.objects.filter(trigger=row).delete()
    row.cursor, row.error, row.failures, row.warnings, row.asked_at = None, None, 0, [], None
    row.fence, row.lease_until = row.fence + 1, None


def next_due(row: Trigger, now: datetime) -> datetime | None:
    """When a trigger that is switched on now has to be looked at next."""
    if row.kind == "schedule":
        return parse_rule(row.settings, anchor=now if row._state.adding else row.created_at).next_fire(now)
    return now if row.kind == "event" else None


def _path(row: Trigger, settings: dict[str, Any]) -> str:
    wanted = str(settings.get("path") or "")
    if not wanted:
        # The address is kept once it is made, unless it was one that somebody chose.
        return row.path if row.path and row.path.startswith("h_") else f"h_{secrets.token_urlsafe(24)}"
    return wanted


def switch(workflow: Workflow, *, on: bool) -> None:
    """Begin anew from now: what would have fired while it was switched off is not caught up."""
    bring_up_to_date(workflow)
    now = clock.now()
    for row in Trigger.objects.filter(workflow=workflow, is_live=True):
        row.due_at = next_due(row, now) if on else None
        row.fence, row.lease_until = row.fence + 1, None  # A reading under way counts for nothing.
        row.save(update_fields=["due_at", "fence", "lease_until"])
