"""Removes what the rules of retention let go: in small batches, never of what is open, held or tied to such.

A run whose time is over may be tied to others: those that replay it, those that its steps started. What one of them
has written must not be written again by a replay of another, so that such a family goes together or not at all.
"""

from __future__ import annotations

import json
import time
import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import Q
from django.utils import timezone

from hub.accounts.access import Actor
from hub.accounts.models import Workspace
from hub.audit import Ref, record
from workflows.engine import holding
from workflows.engine.removal import ENDED, FITS, OLD, OPEN, REMOVE, SHARED
from workflows.models import KeepMark, KeepRule, Run, Workflow
from workflows.planning.keeping import OF_RUNS, OF_WORKSPACES, DataClass, days_of, first_id_at

BATCH = 500
LARGEST_FAMILY = 2000
LOOKED_AT_AGAIN = timedelta(days=1)
"""What had to stay, such as a run in doubt, is looked at again after so long."""
REMOVED = "retention.removed"


@dataclass(frozen=True)
class Rules:
    """The rules of one workspace."""

    workspace: dict[str, int | None]
    workflows: dict[uuid.UUID, dict[str, int | None]]

    @classmethod
    def of(cls, workspace_id: uuid.UUID) -> Rules:
        made = cls({}, {})
        for rule in KeepRule.objects.filter(workspace=workspace_id):
            held = made.workflows.setdefault(rule.workflow_id, {}) if rule.workflow_id else made.workspace
            held[rule.data] = rule.days
        return made

    def days(self, workflow_id: uuid.UUID, data: DataClass) -> int | None:
        return days_of(data, self.workflows.get(workflow_id, {}), self.workspace)


def remove_all(*, seconds: float = 60.0, now: datetime | None = None) -> int:
    """For the scheduler: goes on for so long at most, and later from where it stopped. Safe to run twice at once."""
    until = time.monotonic() + seconds
    held = KeepRule.objects.order_by("workspace_id").values_list("workspace_id", flat=True).distinct()
    count = 0
    for workspace in Workspace.objects.filter(id__in=list(held)):
        count += sum(remove_old(workspace, until=until, now=now).values())
    return count


def remove_old(workspace: Workspace, *, until: float | None = None, now: datetime | None = None) -> dict[str, int]:
    """Remove what the rules of a workspace let go; returns how many of each class."""
    at, rules = now or timezone.now(), Rules.of(workspace.id)
    counts = dict.fromkeys(DataClass, 0)

    def is_over() -> bool:
        return until is not None and time.monotonic() > until

    for workflow in Workflow.objects.filter(workspace=workspace).defer("draft").order_by("id"):
        for data in OF_RUNS:
            days = rules.days(workflow.id, data)
            if days is not None:
                counts[data] += _remove_of(_Sweep(workspace, rules, workflow, data, days, at), is_over)
    for data in OF_WORKSPACES:
        days = rules.workspace.get(data)
        while days is not None and not is_over():
            removed = _remove_shared(workspace, data, days, at)
            counts[data] += removed
            if removed < BATCH:
                break
    return {str(data): count for data, count in counts.items()}


@dataclass(frozen=True)
class _Sweep:
    """One class of data of one workflow."""

    workspace: Workspace
    rules: Rules
    workflow: Workflow
    data: DataClass
    days: int
    now: datetime

    @property
    def cutoff(self) -> datetime:
        return self.now - timedelta(days=self.days)


def _remove_of(sweep: _Sweep, is_over: Callable[[], bool]) -> int:
    mark, _ = KeepMark.objects.get_or_create(
        workflow=sweep.workflow, data=sweep.data, defaults={"begun_at": sweep.now}
    )
    if sweep.now - mark.begun_at > LOOKED_AT_AGAIN:
        mark.through, mark.begun_at = None, sweep.now
    count = 0
    while not is_over():
        looked_at, last, removed = _batch(sweep, mark.through)
        count += removed
        if last is not None:
            mark.through = last
        mark.save(update_fields=["through", "begun_at"])
        if looked_at < BATCH:
            break
    return count


@transaction.atomic
def _batch(sweep: _Sweep, after: uuid.UUID | None) -> tuple[int, uuid.UUID | None, int]:
    """How many runs were found, the last of them, and how many were dealt with."""
    holding.alone(sweep.workspace.id, placing=False)
    held, given = holding.condition(sweep.workspace.id)
    given |= {
        "workflow": sweep.workflow.id, "after": after or uuid.UUID(int=0), "before": first_id_at(sweep.cutoff),
        "cutoff": sweep.cutoff, "limit": BATCH,
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(OLD.format(fits=FITS[sweep.data], held=held), given)
        found = cursor.fetchall()
        single = {run for run, tied in found if not tied}
        tied = _families(sweep, (run for run, tied in found if tied))
        runs = sorted(single | tied)
        if runs:
            noted = {str(sweep.data): {"at": timezone.now().isoformat(timespec="seconds"), "days": sweep.days}}
            for statement in REMOVE[sweep.data]:
                cursor.execute(statement, {"runs": runs, "noted": json.dumps(noted)})
    if runs:
        about = {"data": str(sweep.data), "runs": len(runs), "older_than_days": sweep.days}
        record(Actor.system(sweep.workspace), REMOVED, sweep.workflow, about)
    return len(found), found[-1][0] if found else None, len(runs)


def _families(sweep: _Sweep, runs: Iterable[uuid.UUID]) -> set[uuid.UUID]:
    """Of runs that are tied to others, those that may go, with the others."""
    made: set[uuid.UUID] = set()
    seen: set[uuid.UUID] = set()
    for run in runs:
        if run in seen:
            continue
        family = _family(run)
        seen |= family
        if len(family) <= LARGEST_FAMILY and _may_go(sweep, family):
            made |= family
    return made


def _family(run: uuid.UUID) -> set[uuid.UUID]:
    made, new = {run}, {run}
    while new and len(made) <= LARGEST_FAMILY:
        tied = Q(replays__in=new) | Q(replay_of__in=new) | Q(steps__child__in=new) | Q(parent__run__in=new)
        new = set(Run.objects.filter(tied).order_by().values_list("id", flat=True)) - made
        made |= new
    return made


def _may_go(sweep: _Sweep, family: set[uuid.UUID]) -> bool:
    """Whether the time of each of them is over, and nothing of them is open or held."""
    held, given = holding.condition(sweep.workspace.id)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT run.workflow_id, run.ended_at FROM workflows_run run WHERE run.id = ANY(%(family)s) "  # noqa: S608
            f"AND run.state IN ({ENDED}) AND NOT ({held}) AND NOT ({OPEN}) FOR UPDATE OF run",
            given | {"family": list(family)},
        )
        found = cursor.fetchall()
    if len(found) < len(family):
        return False
    for workflow, ended_at in found:
        days = sweep.rules.days(workflow, sweep.data)
        if days is None or ended_at is None or ended_at >= sweep.now - timedelta(days=days):
            return False
    return True


@transaction.atomic
def _remove_shared(workspace: Workspace, data: DataClass, days: int, now: datetime) -> int:
    holding.alone(workspace.id, placing=False)
    if holding.holds_all(workspace.id):
        return 0
    given: dict[str, Any] = {
        "workspace": workspace.id,
        "before": first_id_at(now - timedelta(days=days)),
        "limit": BATCH,
    }
    with connection.cursor() as cursor:
        cursor.execute(SHARED[data], given)
        count = int(cursor.rowcount)
    if count:
        about = {"data": str(data), "count": count, "older_than_days": days}
        record(Actor.system(workspace), REMOVED, Ref("workspace", str(workspace.id), workspace.name), about)
    return count
