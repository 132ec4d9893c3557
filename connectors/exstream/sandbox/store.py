"""How the sandbox keeps resources: one document per version, contents and history beside it."""

from __future__ import annotations

import uuid
from typing import Any

from connectors.exstream.sandbox.envelopes import now_ms, refuse
from connectors.exstream.sandbox.rights import need_domain
from hub.sdk.sandbox import Documents, Exchange

Json = dict[str, Any]


def version_key(resource_id: str, version: int) -> str:
    return f"{resource_id}|{version}"


def versions_of(data: Documents, resource_id: str) -> list[Json]:
    """All versions, oldest first."""
    return sorted(data.find("versions", id=resource_id), key=lambda row: int(row["version"]))


def approved_version(data: Documents, resource_id: str) -> Json | None:
    """The newest approved version, even when a newer draft exists (HELP)."""
    found = [row for row in versions_of(data, resource_id) if row["state"] == "APPROVED"]
    return found[-1] if found else None


def find(exchange: Exchange, domain: str, resource_id: str) -> Json:
    """The version that the query asks for, the latest by default. Refuses what the domain does not hold."""
    need_domain(exchange, domain)
    rows = [row for row in versions_of(exchange.data, resource_id) if {"id": domain} in row["domains"]]
    version, state = exchange.query.get("version", ""), exchange.query.get("state", "")
    if version.isdigit():
        rows = [row for row in rows if row["version"] == int(version)]
    if state:
        rows = [row for row in rows if row["state"] == state]
    if not rows:
        raise refuse(exchange, 404, f"There is no resource {resource_id} in the domain {domain}.")
    return rows[-1]


def save(exchange: Exchange, row: Json, *, history: str, operation: str = "UPDATE", comment: str = "") -> None:
    """Keep a changed version and write its history entry."""
    row["lastModifiedBy"], row["lastModifiedDate"] = exchange.caller.name, now_ms()
    exchange.data.put("versions", version_key(row["id"], row["version"]), row)
    record(exchange.data, row, history, operation, exchange.caller.name, comment, row["lastModifiedDate"])


def record(data: Documents, row: Json, history: str, operation: str, by: str, comment: str, at: int) -> None:
    """One history entry (SPEC): the only place that names the reviewer."""
    entry = {
        "id": row["id"],
        "type": row["type"],
        "version": row["version"],
        "revision": data.count("history", id=row["id"]) + 1,
        "state": row["state"],
        "historyType": history,
        "operation": operation,
        "modifiedBy": by,
        "modifiedDate": at,
        "auditedComment": comment,
    }
    data.add("history", str(uuid.uuid4()), entry)


def is_locked_by_other(exchange: Exchange, row: Json) -> bool:
    return bool(row["locked"]) and row["lockedBy"] != exchange.caller.name


def need_unlocked(exchange: Exchange, row: Json) -> None:
    if is_locked_by_other(exchange, row):
        raise refuse(exchange, 409, f"{row['name']} is locked by {row['lockedBy']}.")


def copy_version(data: Documents, row: Json, version: int, by: str, at: int) -> Json:
    """A new draft with content and links of another version."""
    made = {
        **row,
        "version": version,
        "state": "DRAFT",
        "stateComment": "",
        "approvalInfo": None,
        "latestVersion": True,
        "createdBy": by,
        "createdDate": at,
        "lastModifiedBy": by,
        "lastModifiedDate": at,
    }
    for other in versions_of(data, row["id"]):
        if other["latestVersion"]:
            data.put("versions", version_key(row["id"], other["version"]), {**other, "latestVersion": False})
    data.put("versions", version_key(row["id"], version), made)
    content = data.get("contents", version_key(row["id"], row["version"]))
    if content is not None:
        data.put("contents", version_key(row["id"], version), content)
    for link in data.find("resource_links", subjectId=row["id"]):
        if link["subjectVersion"] == row["version"]:
            add_link(data, row["id"], version, link["objectId"])
    return made


def add_link(data: Documents, subject: str, version: int, target: str) -> bool:
    link = {"subjectId": subject, "subjectVersion": version, "objectId": target}
    return data.put("resource_links", f"{subject}|{version}|{target}", link)


def children(data: Documents, row: Json) -> list[str]:
    """The resources that this version uses."""
    return [
        link["objectId"]
        for link in data.find("resource_links", subjectId=row["id"])
        if link["subjectVersion"] == row["version"]
    ]
