"""From readings to a plan."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count, islice
from typing import Any

import orjson
from django.db import transaction
from django.utils import timezone

from hub.accounts.models import Person, Workspace
from hub.connections import open_connection
from hub.connections.models import Connection
from hub.registry import ResourceEntry, catalog
from hub.sdk import Proof
from workflows.models import Change, ChangeState, Plan, PlanState
from workflows.reconcile.differences import Difference, Unit, Wanted
from workflows.reconcile.drift import Last, Policy, nothing_known, settle
from workflows.reconcile.guards import Limits, Source, Verdict, judge
from workflows.reconcile.staging import Staging, staging
from workflows.reconcile.thresholds import Count, Held, History, no_history

_BATCH = 2000


@dataclass(frozen=True)
class Target:
    """Objects to keep as they are wanted: all that `scope` (the resource's input) covers, and nothing else."""

    connection: Connection
    resource: str
    scope: dict[str, Any]
    wanted: Iterable[Wanted | Unit]
    gone: dict[str, Any] = field(default_factory=dict)
    """The cause given for what is removed."""
    covers: Callable[[dict[str, Any]], bool] = lambda body: True
    """Whether an object of the scope is ours to remove. Others are left alone."""
    subject: str = ""
    """The field of a body that names the person whom the object is about."""
    policies: Mapping[str, Policy] = field(default_factory=dict)
    """What becomes of drift, by attribute; without one it is changed back."""


@dataclass(frozen=True)
class Line:
    """One line of a plan to be."""

    connection: Connection
    resource: str
    title: str
    difference: Difference
    held: str = ""
    """Why it is not applied although the plan is; empty when it is."""


@dataclass(frozen=True)
class Draft:
    """Everything a plan will hold, worked out and not stored yet."""

    title: str
    lines: Iterable[Line]
    """They stream by once, while whoever drafted keeps the draft open."""
    state: PlanState
    readings: list[dict[str, Any]] = field(default_factory=list)
    guards: list[dict[str, Any]] = field(default_factory=list)
    remembered: dict[str, Any] | None = None
    """What the next draft of the same subject should know, once this one is stored and not refused."""
    undoes: Plan | None = None
    part: bool = False
    """Whether only some were looked at. Such a plan proves nothing about how many there are, and replaces none."""
    explained: list[dict[str, str]] = field(default_factory=list)
    """Each step of the way from the reading to what is wanted, when one person was looked at."""


@contextmanager
def draft_plan(
    *,
    title: str,
    sources: Callable[[], list[Source]],
    targets: list[Target],
    limits: Limits,
    needs_approval: bool = True,
    part: bool = False,
    findings: Callable[[], list[Verdict]] = list,
    history: History = no_history,
    last: Last = nothing_known,
) -> Iterator[Draft]:
    """Read the targets, compare and judge; nothing is stored, and nothing is written to any service.

    `sources` and `findings` are asked after the targets' wanted objects were consumed, because they grow with the
    reading. Findings are what a reconcile itself has to say; one that did not pass refuses the plan.
    What a target wants is consumed before it is read, one target after another.
    Raises the five classes of connector errors: a reading that breaks makes no plan.
    """
    entries = [catalog().resource(target.resource) for target in targets]
    with staging() as staged:
        proofs = [_collect(staged, *each) for each in zip(count(), targets, entries)]
        read = [Source(target.resource, proof) for target, proof in zip(targets, proofs, strict=True)]
        # A target that is empty, and was read to its end, says nothing.
        judged = [*sources(), *(each for each in read if each.proof.count)]
        judged += [each for each in read if not each.proof.count and not each.proof.complete]
        staged.compare()
        managed = {number: source.proof.count for number, source in enumerate(read)}
        verdicts = judge(judged, limits, _counts(staged, targets, entries), managed, history)
        verdicts += findings()
        refused = any(not each.passed and each.holds is None for each in verdicts)
        state = PlanState.REFUSED if refused else PlanState.PROPOSED if needs_approval else PlanState.APPROVED
        guards = [
            {"guard": each.guard, "passed": each.passed, "message": each.message, "warning": each.warning}
            for each in verdicts
        ]
        holding = [(each.holds, each.message) for each in verdicts if each.holds and not refused]
        readings = [each | ({"part": True} if part else {}) for each in _readings(judged)]
        yield Draft(title, _lines(staged, targets, entries, holding, last), state, readings, guards, part=part)


def _collect(staged: Staging, number: int, target: Target, entry: ResourceEntry) -> Proof:
    resource = entry.implementation
    staged.want(number, target.wanted, resource.key_of, target.subject)
    with open_connection(target.connection) as opened:
        reading = resource.read(resource.Input.model_validate(target.scope), opened.client)
        staged.hold(number, reading.records, target.covers, target.subject)
    return reading.proof


def _counts(staged: Staging, targets: list[Target], entries: list[ResourceEntry]) -> list[Count]:
    """Each operation that a target can have, also those of which there are none."""
    found = [
        Count(target, targets[target].resource, operation, unit, count)
        for target, operation, unit, count in staged.counts()
        if operation in entries[target].operations
    ]
    return found + [Count(number, target.resource, "delete", "", 0) for number, target in enumerate(targets)]


def _readings(judged: list[Source]) -> list[dict[str, Any]]:
    return [
        {"of": source.name, "complete": source.proof.complete, "count": source.proof.count,
         "checks": source.proof.checks, "problems": source.proof.problems, "warnings": source.proof.warnings}
        for source in judged
    ]  # fmt: skip


def _lines(
    staged: Staging,
    targets: list[Target],
    entries: list[ResourceEntry],
    holding: list[tuple[Held, str]],
    last: Last,
) -> Iterator[Line]:
    gone = {number: target.gone for number, target in enumerate(targets) if target.gone}
    rest = staged.differences(gone)
    while batch := list(islice(rest, _BATCH)):
        keys: dict[int, list[str]] = {}
        for number, difference in batch:
            keys.setdefault(number, []).append(difference.key)
        known = {
            number: last(targets[number].connection, targets[number].resource, named)
            for number, named in keys.items()
        }
        for number, difference in batch:
            target, entry = targets[number], entries[number]
            found, drifted = settle(difference, known[number], target.policies)
            if found is None or found.operation not in entry.operations:
                continue
            unit = found.cause.get("unit", "")
            held = next((why for each, why in holding if each.covers(number, found.operation, unit)), drifted)
            yield Line(target.connection, target.resource, _title(entry, found), found, held)


def _title(entry: ResourceEntry, difference: Difference) -> str:
    return entry.implementation.describe(difference.key, difference.after or difference.before or {})[:600]


@transaction.atomic
def store(draft: Draft, *, workspace: Workspace, made_by: Person | None = None, **origin: Any) -> Plan:
    """Write a plan with its changes, in the order of the lines, as they stream by.

    Creations should come before removals, so that nobody is without access between. A plan without a change is
    applied as it is made: there is nothing to decide about. `origin` says where it comes from: `subject` and `step`.
    """
    plan = Plan.objects.create(
        workspace=workspace, title=draft.title[:200], state=draft.state, readings=draft.readings,
        guards=draft.guards, counts={}, digest="", undoes=draft.undoes, created_by=made_by, **origin,
    )  # fmt: skip
    counts: Counter[str] = Counter()
    rows = (_row(plan, position, line, counts) for position, line in enumerate(draft.lines, 1))
    while batch := list(islice(rows, _BATCH)):
        Change.objects.bulk_create(batch)
    plan.counts = dict(counts)
    plan.digest = digest_of(plan)
    if not counts and plan.state != PlanState.REFUSED:
        plan.state, plan.applied_at = PlanState.APPLIED, timezone.now()
    plan.save(update_fields=["counts", "digest", "state", "applied_at"])
    return plan


def digest_of(plan: Plan, *, approved_only: bool = False) -> str:
    """What an approval is for: every line of a plan, in order, with its cause, as the database holds it; or only
    those that were not left out."""
    digest = hashlib.sha256()
    names = ("position", "connection_id", "resource", "operation", "key", "before", "after", "cause")
    lines = plan.changes.exclude(state=ChangeState.LEFT_OUT) if approved_only else plan.changes
    rows = lines.order_by("position").values_list(*names)
    for position, connection_id, *line in rows.iterator(chunk_size=_BATCH):
        digest.update(orjson.dumps([position, str(connection_id), *line], option=orjson.OPT_SORT_KEYS))
    return digest.hexdigest()


def _row(plan: Plan, position: int, line: Line, counts: Counter[str]) -> Change:
    each = line.difference
    counts[f"{line.resource} {each.operation}"] += 1
    return Change(
        plan=plan, position=position, connection=line.connection, resource=line.resource, operation=each.operation,
        key=each.key, title=line.title, before=each.before, after=each.after, cause=each.cause,
        state=ChangeState.HELD if line.held else ChangeState.PLANNED, message=line.held[:2000],
    )  # fmt: skip
