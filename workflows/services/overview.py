"""The list of workflows as people look at it: what starts each, when next, how it last went, what it talks to."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from hub.accounts.access import Actor, allow, visible
from hub.watch import clock
from workflows.models import Run, Trigger, Workflow
from workflows.services import runs

LATE = timedelta(minutes=5)
"""A schedule that was due so long ago, and has started nothing, is late."""


@dataclass(frozen=True)
class Line:
    """One workflow of the list."""

    workflow: Workflow
    last_run: Run | None
    triggers: list[Trigger]
    connectors: list[str]

    @property
    def description(self) -> str:
        held = self.workflow.draft.get("description") if isinstance(self.workflow.draft, dict) else ""
        return held if isinstance(held, str) else ""

    @property
    def starts(self) -> list[str]:
        """The kinds of what starts it."""
        return sorted({each.kind for each in self.triggers})

    @property
    def next_at(self) -> datetime | None:
        """When a schedule fires next."""
        due = [each.due_at for each in self.triggers if each.kind == "schedule" and each.due_at]
        return min(due) if due and self.workflow.is_active else None


def search(
    rows: QuerySet[Workflow], *, words: str = "", active: bool | None = None, late: bool | None = None
) -> QuerySet[Workflow]:
    """Those called like this, switched on or off, late or not."""
    if words:
        rows = rows.filter(
            Q(name__icontains=words) | Q(slug__icontains=words) | Q(draft__description__icontains=words)
        )
    if active is not None:
        rows = rows.filter(is_active=active)
    if late is None:
        return rows
    due = Trigger.objects.filter(workflow=OuterRef("id"), is_live=True, kind="schedule")
    is_late = Q(Exists(due.filter(due_at__lt=clock.now() - LATE)), is_active=True)
    return rows.filter(is_late) if late else rows.exclude(is_late)


def lines_of(actor: Actor, workflows: Sequence[Workflow]) -> list[Line]:
    allow(actor, "workflow.view")
    last = runs.last_runs(actor, [each.id for each in workflows])
    triggers = defaultdict(list)
    for row in visible(actor, Trigger).filter(workflow__in=workflows, is_live=True):
        triggers[row.workflow_id].append(row)
    return [
        Line(each, last.get(each.id), triggers[each.id], sorted(set(_connectors(each.draft)))) for each in workflows
    ]


def _connectors(document: Any) -> Iterator[str]:
    steps = document.get("steps") if isinstance(document, dict) else None
    for step in steps if isinstance(steps, list) else []:
        if not isinstance(step, dict):
            continue
        action = step.get("action")
        if isinstance(action, str) and "." in action:
            yield action.split(".")[0]
        yield from _connectors(step.get("body"))
