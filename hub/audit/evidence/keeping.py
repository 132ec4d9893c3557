"""How long the content of evidence is kept, and what is held back from that."""

from __future__ import annotations

import uuid
from typing import Any

from django.db import connection, transaction

from hub.accounts.access import Actor
from hub.accounts.models import Workspace
from hub.audit.evidence.models import EvidenceHead, EvidenceRule, LegalHold
from hub.audit.recording import Ref, record

EMPTIED = "evidence.emptied"
FIELDS = ("kind", "source", "person", "domain", "subject", "job")
BATCH = 10_000
# What is still so is not old, whenever it was read: the last record of each key stays when it says a state.
_EMPTY = """
WITH old AS (
    SELECT e.id FROM audit_evidence AS e
    WHERE e.workspace_id = %(workspace)s AND e.parts IS NOT NULL AND e.kind NOT IN ('coverage', 'gap')
        AND e.at < now() - make_interval(days => %(days)s) AND ({of_kind}) AND NOT ({held})
        AND (NOT EXISTS (
            SELECT 1 FROM audit_evidencefeed AS feed WHERE feed.workspace_id = e.workspace_id
            AND feed.source = e.source AND feed.kind = e.kind AND feed.is_state
        ) OR EXISTS (
            SELECT 1 FROM audit_evidence AS newer WHERE newer.workspace_id = e.workspace_id
            AND newer.source = e.source AND newer.kind = e.kind AND newer.key = e.key AND newer.number > e.number
            AND newer.at < now() - make_interval(days => %(days)s)
        ))
    ORDER BY e.number LIMIT %(limit)s
)
UPDATE audit_evidence AS e SET parts = NULL, salts = NULL, emptied_at = now() FROM old WHERE e.id = old.id
RETURNING e.number
"""


def empty_old(workspace: Workspace) -> int:
    """Empty what the rules let go; returns how many records. Without a rule everything is kept."""
    rules = {each.kind: each.keep_days for each in EvidenceRule.objects.filter(workspace=workspace)}
    return sum(_empty(workspace, kind, days, [each for each in rules if each]) for kind, days in rules.items())


def empty_all() -> int:
    """For the scheduler. Safe to run twice at once."""
    held = EvidenceRule.objects.order_by("workspace_id").values_list("workspace_id", flat=True).distinct()
    return sum(empty_old(each) for each in Workspace.objects.filter(id__in=list(held)))


def _empty(workspace: Workspace, kind: str, days: int, named: list[str]) -> int:
    count = 0
    if not EvidenceHead.objects.filter(workspace=workspace).exists():
        return 0
    while True:
        with transaction.atomic(), connection.cursor() as cursor:
            # Whoever places a hold waits for the same row: no hold comes in between.
            EvidenceHead.objects.select_for_update().get(workspace=workspace)
            held, given = _held(workspace.id)
            of_kind = "e.kind = %(kind)s" if kind else "e.kind <> ALL(%(named)s)"
            cursor.execute("SET LOCAL lockgate.emptying = 'on'")
            values = {"workspace": workspace.id, "days": days, "kind": kind, "named": named, "limit": BATCH, **given}
            cursor.execute(_EMPTY.format(of_kind=of_kind, held=held), values)
            numbers = [row[0] for row in cursor.fetchall()]
            cursor.execute("SET LOCAL lockgate.emptying = 'off'")
            if numbers:
                about = {
                    "records": len(numbers),
                    "first": min(numbers),
                    "last": max(numbers),
                    "older_than_days": days,
                }
                record(Actor.system(workspace), EMPTIED, Ref("evidence", kind, kind or "every kind"), about)
        count += len(numbers)
        if len(numbers) < BATCH:
            return count


def _held(workspace_id: uuid.UUID) -> tuple[str, dict[str, Any]]:
    """What is held, as a condition. Names are ours; values are given apart."""
    terms, given = ["false"], dict[str, Any]()
    rows = LegalHold.objects.filter(workspace_id=workspace_id, released_at=None)
    for number, hold in enumerate(rows):
        parts = ["true"]
        for name in FIELDS:
            if hold.chosen.get(name):
                given[f"{name}_{number}"] = hold.chosen[name]
                parts.append(f"e.{name} = %({name}_{number})s")
        for name, sign in (("since", ">="), ("until", "<")):
            if hold.chosen.get(name):
                given[f"{name}_{number}"] = hold.chosen[name]
                parts.append(f"e.at {sign} %({name}_{number})s::timestamptz")
        terms.append(f"({' AND '.join(parts)})")
    return " OR ".join(terms), given
