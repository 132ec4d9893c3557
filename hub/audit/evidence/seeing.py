"""What somebody could see at a time, and why: from what was read of groups, assignments, roles and resources then.

A person is in groups; a group has a role in a domain; any role in a domain lets read everything in it. The answer
names for each step the record that says so.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterable
from datetime import datetime
from typing import Any

import orjson
from django.db import connection

from hub.audit.evidence.context import context_of

MOST_LISTED = 200
WATCHES_JOBS = frozenset({"MONITOR", "ALL"})
_BY_SUBJECT = """
SELECT source, domain, subject, number, parts FROM (
    SELECT DISTINCT ON (source, key) source, domain, subject, number, parts, gone FROM audit_evidence
    WHERE workspace_id = %s AND subject = ANY(%s) AND at <= %s AND kind = %s ORDER BY source, key, number DESC
) AS last WHERE NOT gone ORDER BY number
"""
# A domain's keys begin with its name: "|" is followed by "}" in the order of the keys' collation.
_RESOURCES = """
SELECT number, parts, count(*) OVER () FROM (
    SELECT DISTINCT ON (key) number, key, subject, parts, gone FROM audit_evidence
    WHERE workspace_id = %(workspace)s AND source = %(source)s AND kind = 'resource'
        AND key >= %(domain)s || '|' AND key < %(domain)s || '}' AND at <= %(at)s
    ORDER BY key, number DESC
) AS last WHERE NOT gone AND (%(subject)s = '' OR subject = %(subject)s) ORDER BY key LIMIT %(limit)s
"""
_READ_AT = """
SELECT feed.kind, max(read.at) FROM audit_evidencefeed AS feed CROSS JOIN LATERAL (
    SELECT at FROM audit_evidence WHERE workspace_id = feed.workspace_id AND source = feed.source
        AND kind = 'coverage' AND key = feed.name AND at <= %s ORDER BY number DESC LIMIT 1
) AS read WHERE feed.workspace_id = %s AND feed.kind = ANY(%s) GROUP BY feed.kind
"""
_NEEDED = ("person", "group", "group-role", "role", "role-permission", "resource")


def could_see(workspace_id: uuid.UUID, person: str, at: datetime, *, subject: str = "") -> dict[str, Any]:
    """By domain: because of which groups and roles, what they could do there, and what there was.

    `subject` asks about one template only. What was not read before that time is not known: `read_at` says when each
    kind was read last, and `not_read` which kinds never were.
    """
    told = context_of(workspace_id, person, at)
    read_at = _read_at(workspace_id, at)
    made: dict[str, Any] = {
        "person": person, "at": at.isoformat(), "known": told["known"] and told.get("before", False),
        "context": told, "read_at": read_at, "not_read": sorted(set(_NEEDED) - set(read_at)), "domains": [],
    }  # fmt: skip
    if not made["known"]:
        return made
    for domain in _domains(workspace_id, told, at):
        found = _resources(workspace_id, domain["source"], domain["domain"], at, subject)
        if found["count"] or not subject:
            made["domains"].append({**domain, "resources": found})
    return made


def roles_of(
    workspace_id: uuid.UUID, told: dict[str, Any], at: datetime, *, domain: str = ""
) -> list[dict[str, Any]]:
    """Which roles somebody had where, each with the group it came by and the way into that."""
    ways = {each["group"]: each for each in told["groups"]}
    made = []
    for source, of_domain, group, number, parts in _last(workspace_id, list(ways), at, "group-role"):
        if domain in ("", of_domain):
            held = {"source": source, "domain": of_domain, "role": _said(parts)["role"], "record": number}
            made.append({**held, "group": group, "way": ways[group]["way"]})
    return made


def _domains(workspace_id: uuid.UUID, told: dict[str, Any], at: datetime) -> list[dict[str, Any]]:
    held = roles_of(workspace_id, told, at)
    names = sorted({each["role"] for each in held})
    apps = {subject: _words(_said(parts).get("appPermissions")) for _, _, subject, _, parts in
            _last(workspace_id, names, at, "role")}  # fmt: skip
    rights: dict[str, dict[str, list[str]]] = {}
    for _, _, role, _, parts in _last(workspace_id, names, at, "role-permission"):
        said = _said(parts)
        rights.setdefault(role, {})[str(said.get("type"))] = _words(said.get("permissions"))
    made: dict[tuple[str, str], dict[str, Any]] = {}
    for each in held:
        place = (each.pop("source"), each.pop("domain"))
        domain = made.setdefault(
            place, {"source": place[0], "domain": place[1], "because": [], "may": {}, "sees_jobs": False}
        )
        domain["because"].append(each)
        domain["sees_jobs"] |= not WATCHES_JOBS.isdisjoint(apps.get(each["role"], ()))
        for kind, words in rights.get(each["role"], {}).items():
            domain["may"][kind] = sorted({*domain["may"].get(kind, ()), *words})
    return [made[place] for place in sorted(made)]


def _resources(workspace_id: uuid.UUID, source: str, domain: str, at: datetime, subject: str) -> dict[str, Any]:
    given: dict[str, Any] = {
        "workspace": workspace_id, "source": source, "domain": domain, "at": at, "subject": subject,
        "limit": MOST_LISTED,
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(_RESOURCES, given)
        rows = cursor.fetchall()
    names = ("id", "name", "type", "version", "state")
    listed = [{"record": number, **{name: _said(parts).get(name) for name in names}} for number, parts, _ in rows]
    return {"count": rows[0][2] if rows else 0, "listed": listed}


def _last(workspace_id: uuid.UUID, subjects: list[str], at: datetime, kind: str) -> Iterable[tuple[Any, ...]]:
    if not subjects:
        return []
    with connection.cursor() as cursor:
        cursor.execute(_BY_SUBJECT, [workspace_id, subjects, at, kind])
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows


def _read_at(workspace_id: uuid.UUID, at: datetime) -> dict[str, str]:
    with connection.cursor() as cursor:
        cursor.execute(_READ_AT, [at, workspace_id, list(_NEEDED)])
        return {kind: moment.isoformat() for kind, moment in cursor.fetchall()}


def _said(parts: Any) -> dict[str, Any]:
    held = orjson.loads(parts) if isinstance(parts, str | bytes) else parts or {}
    return {name: value for part in held.values() for name, value in part.items()}


def _words(given: Any) -> list[str]:
    found = re.split(r"[,;|\s]+", given) if isinstance(given, str) else [str(each) for each in given or ()]
    return sorted({each for each in found if each})
