"""Who somebody was at a time: department, groups and all that the directory said of them then."""

from __future__ import annotations

import uuid
from bisect import bisect_right
from collections.abc import Iterable
from datetime import datetime
from typing import Any

import orjson
from django.db import connection

PERSON, GROUP = "person", "group"
# Whoever is hired again has an entry of their own under the name of one that is gone.
_PERSON = """
SELECT number, seen_at, parts, gone FROM (
    SELECT DISTINCT ON (source, key) number, at, seen_at, parts, gone FROM audit_evidence
    WHERE workspace_id = %(workspace)s AND kind = 'person' AND person = %(person)s AND at <= %(at)s
    ORDER BY source, key, at DESC, number DESC
) AS last ORDER BY gone, at DESC, number DESC LIMIT 1
"""
_AFTER = """
SELECT number, seen_at, parts, gone FROM audit_evidence
WHERE workspace_id = %(workspace)s AND kind = 'person' AND person = %(person)s ORDER BY at, number LIMIT 1
"""
_GROUPS = """
SELECT DISTINCT ON (key) key, number, subject, parts, gone FROM audit_evidence
WHERE workspace_id = %s AND source = %s AND kind = 'group' AND key = ANY(%s) AND at <= %s
ORDER BY key, number DESC
"""
_READ = """
SELECT DISTINCT coverage.at FROM audit_evidencefeed AS feed JOIN audit_evidence AS coverage
    ON coverage.workspace_id = feed.workspace_id AND coverage.source = feed.source AND coverage.kind = 'coverage'
    AND coverage.key = feed.name
WHERE feed.workspace_id = %s AND feed.kind = ANY(%s) ORDER BY 1
"""
_SOURCE = "SELECT source, key FROM audit_evidence WHERE workspace_id = %s AND number = %s"


def context_of(workspace_id: uuid.UUID, person: str, at: datetime) -> dict[str, Any]:
    """What the directory said of a person when it was last read before this time, with all groups, nested ones too.

    When it was first read later, that is told, marked with `before` false. `known` is false when it never was.
    """
    with connection.cursor() as cursor:
        given: dict[str, Any] = {"workspace": workspace_id, "person": person, "at": at}
        cursor.execute(_PERSON, given)
        found, before = cursor.fetchone(), True
        if found is None:
            cursor.execute(_AFTER, given)
            found, before = cursor.fetchone(), False
        if found is None:
            return {"known": False, "person": person, "groups": []}
        number, seen_at, parts, gone = found
        cursor.execute(_SOURCE, [workspace_id, number])
        source = cursor.fetchone()[0]
    said = {name: value for part in _read(parts).values() for name, value in part.items()}
    groups = groups_at(workspace_id, source, said.get("member_of") or [], at if before else seen_at)
    return {
        "known": True, "person": person, "record": number, "read_at": seen_at.isoformat(), "before": before,
        "gone": gone, "source": source, "department": said.get("department") or "", "title": said.get("title") or "",
        "country": said.get("country") or "", "disabled": said.get("disabled"),
        "manager": (said.get("attributes") or {}).get("manager") or "", "groups": groups,
    }  # fmt: skip


def groups_at(workspace_id: uuid.UUID, source: str, direct: Iterable[str], at: datetime) -> list[dict[str, Any]]:
    """The groups that somebody was in, each once, with the way there."""
    ways: dict[str, list[str]] = {}
    made: list[dict[str, Any]] = []
    waiting = {key: list[str]() for key in direct}
    while waiting:
        with connection.cursor() as cursor:
            cursor.execute(_GROUPS, [workspace_id, source, list(waiting), at])
            found = cursor.fetchall()
        following: dict[str, list[str]] = {}
        for key, number, name, parts, gone in found:
            ways[key] = [*waiting[key], name]
            if gone:
                continue
            made.append({"group": name, "way": ways[key], "record": number})
            above = {each: value for part in _read(parts).values() for each, value in part.items()}.get("member_of")
            following |= {each: ways[key] for each in above or [] if each not in ways}
        ways |= {key: [] for key in waiting if key not in ways}
        waiting = {key: way for key, way in following.items() if key not in ways}
    return sorted(made, key=lambda each: str(each["group"]))


class Contexts:
    """Asks once for times between which the directory was not read: what is known of somebody is the same then."""

    def __init__(self, workspace_id: uuid.UUID) -> None:
        self._workspace_id = workspace_id
        with connection.cursor() as cursor:
            cursor.execute(_READ, [workspace_id, [PERSON, GROUP]])
            self._read = [row[0] for row in cursor.fetchall()]
        self._known: dict[tuple[str, int], dict[str, Any]] = {}

    def of(self, person: str, at: datetime) -> dict[str, Any]:
        place = (person, bisect_right(self._read, at))
        if place not in self._known:
            self._known[place] = context_of(self._workspace_id, person, at)
        return self._known[place]


def in_words(told: dict[str, Any]) -> str:
    if not told["known"]:
        return "not known to the directory"
    if told["gone"]:
        return f"no longer in the directory (read {told['read_at'][:16].replace('T', ' ')})"
    named = [each["group"].partition("@")[0] for each in told["groups"]]
    groups = ", ".join(named[:6]) + (f" and {len(named) - 6} more" if len(named) > 6 else "")
    parts = [told["title"], told["department"], f"in {groups}" if groups else "in no group"]
    first = "" if told["before"] else f" (first read {told['read_at'][:16].replace('T', ' ')})"
    return ", ".join(each for each in parts if each) + first


def _read(parts: Any) -> dict[str, dict[str, Any]]:

    if parts is None:
        return {}
    made: dict[str, dict[str, Any]] = orjson.loads(parts) if isinstance(parts, str | bytes) else parts
    return made
