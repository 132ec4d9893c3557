"""Collecting a stream: what it holds is kept, then how far it was read, and what can have been lost before."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from hub.accounts.models import Workspace
from hub.audit.evidence.appending import append
from hub.audit.evidence.facts import ACTS, FACT, PEOPLE, Fact, parted
from hub.audit.evidence.gaps import Gap, forgotten
from hub.audit.evidence.models import EvidenceFeed
from hub.sdk import Proof, Record, UnexpectedReply

COVERAGE, GAP = "coverage", "gap"
_LIVE = """
SELECT key, domain, subject, person FROM (
    SELECT DISTINCT ON (key) key, domain, subject, person, gone FROM audit_evidence
    WHERE workspace_id = %s AND source = %s AND kind = %s ORDER BY key, number DESC
) AS last WHERE NOT gone
"""


@dataclass(frozen=True)
class Collection:
    """What is collected from where, and how a record of the stream is read."""

    name: str
    source: str
    stream: str
    scope: dict[str, Any]
    kind: str
    is_state: bool = False
    """It lists what is, not what happened: what it lists no more is kept as gone."""
    of_people: bool = False
    fields: Mapping[str, str] = field(default_factory=dict)
    """Which field of a record says at, person, domain, subject or job."""
    classes: Mapping[str, str] = field(default_factory=dict)
    """The class of personal data of further fields."""
    leave_out: frozenset[str] = frozenset()
    kept_hours: float | None = None
    wipes: list[dict[str, Any]] | None = None
    late_after_hours: float | None = None
    tell: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Collected:
    """What came of it."""

    read: int
    added: int
    gone: int
    since: datetime | None
    until: datetime
    gap: Gap | None


def collected_until(workspace: Workspace, wanted: Collection) -> datetime | None:
    """How far it was collected, when it was asked for the same; None: from the beginning."""
    held = EvidenceFeed.objects.filter(workspace=workspace, name=wanted.name).first()
    same = held is not None and (held.source, held.stream, held.scope) == (wanted.source, wanted.stream, wanted.scope)
    return held.collected_until if held is not None and same else None


def collect(
    workspace: Workspace, wanted: Collection, records: Iterable[Record], proof: Proof, *, began: datetime
) -> Collected:
    """Keep what the stream holds. Raises UnexpectedReply when it did not come whole: then only what came is kept,
    and the next collection begins where this one did."""
    since, seen = collected_until(workspace, wanted), set[str]()
    gap = forgotten(since, began, kept_hours=wanted.kept_hours, wipes=wanted.wipes)

    def facts() -> Iterator[Fact]:
        for each in records:
            seen.add(each.key)
            yield fact_of(wanted, each)

    added = append(workspace.id, wanted.source, facts(), seen_at=began)
    if not proof.complete:
        said = " ".join(proof.problems[:3]) or "It is not established that everything came."
        raise UnexpectedReply(f"{wanted.stream} did not come whole. {said}", detail={"kept": added})
    with transaction.atomic():
        gone = append(workspace.id, wanted.source, _gone(workspace, wanted, seen), seen_at=began)
        append(workspace.id, wanted.source, _about(wanted, proof, since, began, gap, added), seen_at=began)
        _note(workspace, wanted, began)
    return Collected(len(seen), added, gone, since, began, gap)


def fact_of(wanted: Collection, record: Record) -> Fact:
    body = {name: value for name, value in record.body.items() if name not in wanted.leave_out}
    named = {name: str(record.body.get(place) or "") for name, place in wanted.fields.items()}
    classes = {**(PEOPLE if wanted.of_people else ACTS), **wanted.classes}
    return Fact(
        kind=wanted.kind, key=record.key, parts=parted(body, classes, named.get("person", "")),
        at=_time(named.get("at", "")), domain=named.get("domain", ""), subject=named.get("subject", ""),
        job=named.get("job", ""),
    )  # fmt: skip


def live_keys(workspace: Workspace, wanted: Collection) -> set[str]:
    """What was there when the state was last read."""
    with connection.cursor() as cursor:
        cursor.execute(_LIVE, [workspace.id, wanted.source, wanted.kind])
        return {row[0] for row in cursor.fetchall()}


def _gone(workspace: Workspace, wanted: Collection, seen: set[str]) -> Iterator[Fact]:
    if not wanted.is_state:
        return
    domains = set(wanted.scope.get("domains") or ())
    with connection.cursor() as cursor:
        cursor.execute(_LIVE, [workspace.id, wanted.source, wanted.kind])
        known = cursor.fetchall()
    for key, domain, subject, person in known:
        if key not in seen and (not domains or domain in domains):
            parts = parted({}, {}, person or "")
            yield Fact(wanted.kind, key, parts, domain=domain, subject=subject, gone=True)


def _about(
    wanted: Collection, proof: Proof, since: datetime | None, until: datetime, gap: Gap | None, added: int
) -> Iterator[Fact]:
    """How far it was read is evidence too."""
    about: dict[str, Any] = {
        "feed": wanted.name, "stream": wanted.stream, "of": wanted.kind, "scope": wanted.scope,
        "since": since.isoformat() if since else None, "until": until.isoformat(), "read": proof.count,
        "added": added, "checks": proof.checks,
    }  # fmt: skip
    if gap is not None:
        yield Fact(GAP, f"{wanted.name}|{gap.since.isoformat()}", {FACT: {**about, **gap.as_json()}}, at=gap.since)
    yield Fact(COVERAGE, wanted.name, {FACT: about}, at=until)


def _note(workspace: Workspace, wanted: Collection, until: datetime) -> None:
    late = until + timedelta(hours=wanted.late_after_hours) if wanted.late_after_hours else None
    held = {
        "source": wanted.source, "stream": wanted.stream, "kind": wanted.kind, "scope": wanted.scope,
        "is_state": wanted.is_state, "collected_until": until, "late_at": late, "tell": wanted.tell,
    }  # fmt: skip
    EvidenceFeed.objects.update_or_create(workspace=workspace, name=wanted.name, defaults=held)


def _time(text: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo else timezone.make_aware(moment)
