"""Taking runs that are due. Each goes to one worker, until its lease lapses."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from hub.accounts.models import Workspace
from hub.operations import pools
from workflows import leases
from workflows.engine import generations
from workflows.engine.contents.json import dumps, loads
from workflows.engine.contents.places import AGAIN_SECONDS, StoreAway
from workflows.engine.timing import QUEUED
from workflows.models import Run, Workflow

_NEEDED = frozenset(
    {"id", "fence", "workspace_id", "workflow_id", "version_id", "trigger_id", "parent_id", "replay_of_id", "cause",
     "payload", "key", "lapses", "cancel_asked", "lane", "admitted_at", "created_at",
     "sealed"}
)  # fmt: skip
_COLUMNS = tuple(each.attname for each in Run._meta.concrete_fields if each.attname in _NEEDED)
_PAYLOAD, _CAUSE = _COLUMNS.index("payload"), _COLUMNS.index("cause")
_DUE = """due_{number} AS (
    SELECT id FROM workflows_run WHERE state IN ('queued', 'waiting') AND due_at <= clock_timestamp()
        AND pool = %(pool_{number})s AND generation <= %(generation)s AND version_id <> ALL(%(without)s::uuid[])
    ORDER BY due_at LIMIT %(limit)s FOR UPDATE SKIP LOCKED
)"""
"""A pool has its own part of the index, so that what is due in a pool without workers keeps no other waiting."""
_CLAIM = f"""
WITH {{due}}, lapsed AS (
    SELECT id FROM workflows_run WHERE state = 'running' AND lease_until < clock_timestamp()
        AND pg_postmaster_start_time() < clock_timestamp() - make_interval(secs => %(grace)s)
        AND pool = ANY(%(pools)s) AND generation <= %(generation)s AND version_id <> ALL(%(without)s::uuid[])
    ORDER BY lease_until LIMIT %(limit)s FOR UPDATE SKIP LOCKED
)
UPDATE workflows_run run SET state = 'running', fence = fence + 1, due_at = NULL,
    lapses = CASE WHEN state = 'running' THEN lapses + 1 ELSE lapses END,
    lease_until = clock_timestamp() + make_interval(secs => %(lease)s), generation = %(generation)s,
    started_at = coalesce(started_at, clock_timestamp()),
    error = CASE WHEN error ->> 'code' = 'store-away' THEN NULL ELSE error END
FROM workflows_workflow workflow
WHERE run.id IN ({{any_due}} UNION ALL SELECT id FROM lapsed) AND workflow.id = run.workflow_id
RETURNING {", ".join(f"run.{name}" for name in _COLUMNS)}, workflow.slug,
    run.fence = 1 OR run.lapses = 0 AND NOT EXISTS (SELECT 1 FROM workflows_runstep step WHERE step.run_id = run.id)
"""  # noqa: S608 - names of ours
_GIVE_BACK = """
UPDATE workflows_run run SET state = 'queued', lease_until = NULL, due_at = clock_timestamp()
FROM unnest(%s::uuid[], %s::int[]) AS held(id, fence)
WHERE run.id = held.id AND run.fence = held.fence AND run.state = 'running'
"""
_PUT_OFF = """
UPDATE workflows_run SET state = 'queued', lease_until = NULL, error = %s::jsonb,
    due_at = clock_timestamp() + make_interval(secs => %s)
WHERE id = %s AND fence = %s AND state = 'running'
"""


class LeaseLost(Exception):
    """Another worker carries out this run now. What this one wanted to write is not written."""


@dataclass(frozen=True)
class Claim:
    """The right to carry out a run, until the lease lapses or somebody else claims it."""

    run_id: uuid.UUID
    fence: int
    run: Run | None = field(default=None, compare=False)
    """The run as it was when it was claimed."""
    is_new: bool = field(default=False, compare=False)
    """Nobody has begun to carry it out: at most it was claimed and given back."""

    @property
    def lease(self) -> leases.Lease:
        return leases.Lease(leases.RUNS, self.run_id, self.fence)


def claim(limit: int = 1, *, without: Iterable[uuid.UUID] = ()) -> list[Claim]:
    """Take runs that are due in a pool of this process, and runs whose worker has not been heard of for too long; at
    most so many of each pool, and of those, in the order in which they were made; `without` those of these versions,
    and those that an engine of a newer generation has written about.

    Their leases are renewed until they are let go of.
    """
    given: dict[str, Any] = {
        "lease": leases.LEASE_SECONDS,
        "grace": leases.GRACE_SECONDS,
        "limit": limit,
        "without": list(without),
        "generation": generations.OURS,
        "pools": list(pools.ours()),
    }
    given |= {f"pool_{number}": pool for number, pool in enumerate(given["pools"])}
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_claim_of(len(given["pools"])), given)
        workflows: dict[uuid.UUID, Workflow] = {}
        claims = sorted((_claim(row, workflows) for row in cursor.fetchall()), key=lambda each: each.run_id)
    if claims:
        now = timezone.now()
        for each in claims:
            if each.fence == 1 and each.run is not None:
                QUEUED.add(max((now - each.run.created_at).total_seconds(), 0.0))
        leases.keeper.hold(each.lease for each in claims)
    return claims


@cache
def _claim_of(pools: int) -> str:
    numbers = range(pools)
    return _CLAIM.format(
        due=", ".join(_DUE.format(number=number) for number in numbers),
        any_due=" UNION ALL ".join(f"SELECT id FROM due_{number}" for number in numbers),  # noqa: S608 - numbers
    )


@contextmanager
def held(claimed: Claim) -> Iterator[None]:
    """Carry out the run in the block. Ends quietly when the lease is lost; in any case it is renewed no more."""
    try:
        with leases.keeper.keeping(claimed.lease):
            yield
    except LeaseLost:
        return


def let_go(claimed: Claim) -> None:
    """Renew its lease no more."""
    leases.keeper.let_go(claimed.lease)


def give_back(claims: Collection[Claim]) -> None:
    """Let others have runs that were claimed and of which nothing was written."""
    if not claims:
        return
    try:
        with connection.cursor() as cursor:
            cursor.execute(_GIVE_BACK, [[each.run_id for each in claims], [each.fence for each in claims]])
    finally:
        for each in claims:
            let_go(each)


def put_off(claimed: Claim, away: StoreAway) -> None:
    """Let others go on with a run when the store of large values may be back; until then the run says so."""
    try:
        with connection.cursor() as cursor:
            error = dumps(away.as_error()).decode()
            cursor.execute(_PUT_OFF, [error, AGAIN_SECONDS, claimed.run_id, claimed.fence])
    except leases.AWAY:
        leases.keeper.give_up(claimed.lease)
    finally:
        let_go(claimed)


def _claim(row: Sequence[Any], workflows: dict[uuid.UUID, Workflow]) -> Claim:
    *values, slug, is_new = row
    values[_PAYLOAD], values[_CAUSE] = loads(values[_PAYLOAD]), loads(values[_CAUSE])
    run = Run.from_db("default", _COLUMNS, values)
    if run.workflow_id not in workflows:
        workflow = Workflow.from_db("default", ("id", "slug"), (run.workflow_id, slug))
        workflow.workspace = Workspace.from_db("default", ("id",), (run.workspace_id,))
        workflows[run.workflow_id] = workflow
    run.workflow = workflows[run.workflow_id]
    run.workspace = run.workflow.workspace
    return Claim(run.id, run.fence, run, is_new)
