"""From readings to a plan."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

import orjson
from django.db import transaction

from hub.accounts.access import Actor
from hub.connections import open_connection
from hub.connections.models import Connection
from hub.registry import ResourceEntry, catalog
from hub.sdk import Proof
from workflows.models import Change, Plan, PlanState
from workflows.reconcile.differences import Difference, Wanted, differences
from workflows.reconcile.guards import Limits, Source, judge

_BATCH = 2000


@dataclass(frozen=True)
class Target:
    """Objects to keep as they are wanted: all that `scope` (the resource's input) covers, and nothing else."""

    connection: Connection
    resource: str
    scope: dict[str, Any]
    wanted: Iterable[Wanted]
    gone: dict[str, Any] = field(default_factory=dict)
    """The cause given for what is removed."""
    covers: Callable[[dict[str, Any]], bool] = lambda body: True
    """Whether an object of the scope is ours to remove. Others are left alone."""


@dataclass
class _Collected:
    target: Target
    proof: Proof
    lines: list[tuple[Target, str, Difference]]


def make_plan(
    actor: Actor,
    *,
    title: str,
    sources: Callable[[], list[Source]],
    targets: list[Target],
    limits: Limits,
    needs_approval: bool = True,
) -> Plan:
    """Read the targets, compare, judge, and store the plan; nothing is written to any service.

    `sources` is asked after the targets' wanted objects were consumed, because their proofs grow with the reading.
    Raises the five classes of connector errors: a reading that breaks makes no plan.
    """
    collected = [_collect(target) for target in targets]
    lines = [line for each in collected for line in each.lines]
    removals = sum(1 for *_, difference in lines if difference.operation == "delete")
    managed = sum(each.proof.count for each in collected)
    judged = [*sources(), *(Source(f"{each.target.resource}", each.proof) for each in collected if each.proof.count)]
    unread = [each for each in collected if not each.proof.count and not each.proof.complete]
    judged += [Source(each.target.resource, each.proof) for each in unread]
    verdicts = judge(judged, limits, removals=removals, managed=managed)
    passed = all(verdict.passed for verdict in verdicts)
    state = PlanState.REFUSED if not passed else PlanState.PROPOSED if needs_approval else PlanState.APPROVED
    readings = [
        {"of": source.name, "complete": source.proof.complete, "count": source.proof.count,
         "checks": source.proof.checks, "problems": source.proof.problems}
        for source in judged
    ]  # fmt: skip
    guards = [{"guard": each.guard, "passed": each.passed, "message": each.message} for each in verdicts]
    return store(actor, title=title, lines=lines, state=state, readings=readings, guards=guards)


def _collect(target: Target) -> _Collected:
    entry = catalog().resource(target.resource)
    resource = entry.implementation
    wanted = {resource.key_of(each.body): each for each in target.wanted}
    with open_connection(target.connection) as opened:
        reading = resource.read(resource.Input.model_validate(target.scope), opened.client)
        ours = (record for record in reading.records if record.key in wanted or target.covers(record.body))
        found = list(differences(wanted, ours, gone=target.gone or None))
    lines = [(target, _title(entry, each), each) for each in found if each.operation in entry.operations]
    return _Collected(target, reading.proof, lines)


def _title(entry: ResourceEntry, difference: Difference) -> str:
    return entry.implementation.describe(difference.key, difference.after or difference.before or {})[:600]


@transaction.atomic
def store(
    actor: Actor,
    *,
    title: str,
    lines: list[tuple[Target, str, Difference]],
    state: PlanState,
    readings: list[dict[str, Any]],
    guards: list[dict[str, Any]],
    undoes: Plan | None = None,
) -> Plan:
    """Write a plan with its changes. Creations come before removals, so that nobody is without access between."""
    order = {"create": 0, "update": 1, "delete": 2}
    ordered = sorted(lines, key=lambda line: order[line[2].operation])
    digest = hashlib.sha256()
    for target, _, each in ordered:
        line = [str(target.connection.id), target.resource, each.operation, each.key, each.before, each.after]
        digest.update(orjson.dumps(line, option=orjson.OPT_SORT_KEYS))
    counts = Counter(f"{target.resource} {each.operation}" for target, _, each in ordered)
    plan = Plan.objects.create(
        workspace=actor.workspace, title=title[:200], state=state, readings=readings, guards=guards,
        counts=dict(counts), digest=digest.hexdigest(), undoes=undoes, created_by=actor.person,
    )  # fmt: skip
    Change.objects.bulk_create(_rows(plan, ordered), batch_size=_BATCH)
    return plan


def _rows(plan: Plan, lines: list[tuple[Target, str, Difference]]) -> Iterator[Change]:
    for position, (target, title, each) in enumerate(lines, 1):
        yield Change(
            plan=plan, position=position, connection=target.connection, resource=target.resource,
            operation=each.operation, key=each.key, title=title, before=each.before, after=each.after,
            cause=each.cause,
        )  # fmt: skip
