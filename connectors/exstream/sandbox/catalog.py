"""Resources: list, read, create, content, change, delete, history (SPEC, SDK)."""

from __future__ import annotations

import base64
import uuid
from typing import Any

from connectors.exstream.sandbox.envelopes import done, now_ms, paged, refuse, single, sort
from connectors.exstream.sandbox.filters import asked, has, within
from connectors.exstream.sandbox.kinds import is_known, selects
from connectors.exstream.sandbox.rights import need, need_domain, permissions
from connectors.exstream.sandbox.store import (
    children,
    find,
    is_locked_by_other,
    need_unlocked,
    record,
    save,
    version_key,
    versions_of,
)
from hub.sdk.sandbox import Exchange, Reply, Routes

routes = Routes()
_NAMES = {
    "ids": "id",
    "name": "name",
    "locked": "locked",
    "lockedBy": "lockedBy",
    "hidden": "hidden",
    "createdBy": "createdBy",
    "lastModifiedBy": "lastModifiedBy",
}
_CHANGEABLE = ("name", "description", "categories", "metadata", "effectiveStart", "effectiveEnd")


def view(exchange: Exchange, domain: str, row: dict[str, Any], *, whole: bool = False) -> dict[str, Any]:
    """A version with what the fetch flags ask for."""
    made = dict(row)
    wants = {name for name, value in exchange.query.items() if name.startswith("fetch") and value == "true"}
    if "fetchApproval" not in wants:
        made.pop("approvalInfo", None)
    if not whole and "fetchDomains" not in wants:
        made.pop("domains")
    if not whole and "fetchCategories" not in wants:
        made.pop("categories")
    if "fetchPermissions" in wants:
        made["permissions"] = sorted(permissions(exchange, domain, row["type"]))
    return made


def select(exchange: Exchange, domain: str, wanted: dict[str, list[str]]) -> list[dict[str, Any]]:
    """The versions that a filter means. APPROVED with latestVersion finds the latest approved one (HELP)."""
    states = wanted.get("states", [])
    rows = [
        row
        for row in exchange.data.find("versions")
        if {"id": domain} in row["domains"]
        and selects(wanted.get("types", []), row["type"])
        and (not states or row["state"] in states)
        and has(row, wanted, names=_NAMES)
        and within(row, wanted, "lastModifiedDate")
    ]
    if wanted.get("latestVersion") == ["true"]:
        newest: dict[str, dict[str, Any]] = {}
        for row in rows:
            if row["id"] not in newest or row["version"] > newest[row["id"]]["version"]:
                newest[row["id"]] = row
        rows = [row for row in newest.values() if row["latestVersion"] or "APPROVED" in states]
    return rows


@routes.on("GET", "/resources/<domain>", "/search/<domain>")
def resources(exchange: Exchange, domain: str) -> Any:
    need_domain(exchange, domain)
    wanted = asked(exchange, "design_filter_style")
    if exchange.query.get("lockedBy"):
        wanted["lockedBy"] = [exchange.query["lockedBy"]]
    rows = sort(exchange, select(exchange, domain, wanted))
    return paged(exchange, [view(exchange, domain, row) for row in rows])


@routes.on("POST", "/resources/<domain>/filter", writes=False)
def filtered(exchange: Exchange, domain: str) -> Any:
    need_domain(exchange, domain)
    wanted = {
        name: [str(item).lower() if isinstance(item, bool) else str(item) for item in values]
        for name, value in exchange.json().items()
        for values in [value if isinstance(value, list) else [value]]
    }
    return paged(exchange, [view(exchange, domain, row) for row in select(exchange, domain, wanted)])


@routes.on("POST", "/resources/<domain>")
def create(exchange: Exchange, domain: str) -> Any:
    body = exchange.json()
    made = _new(exchange, domain, str(body.get("name", "")), str(body.get("type", "")), body)
    return Reply(201, single(exchange, made))


@routes.on("POST", "/resources/<domain>/content")
def create_from_file(exchange: Exchange, domain: str) -> Any:
    query, file = exchange.query, exchange.files().get("file")
    if file is None:
        raise refuse(exchange, 400, "The multipart part file is missing.")
    metadata = {"subtype": query.get("subtype", ""), "originalSource": file.filename or ""}
    made = _new(exchange, domain, query.get("name", ""), query.get("type", ""), {"metadata": metadata})
    _keep_content(exchange, made, file.read(), file.mimetype)
    return Reply(201, single(exchange, made))


@routes.on("GET", "/resources/<domain>/<resource_id>")
def read(exchange: Exchange, domain: str, resource_id: str) -> Any:
    return single(exchange, view(exchange, domain, find(exchange, domain, resource_id), whole=True))


@routes.on("PUT", "/resources/<domain>/<resource_id>")
def update(exchange: Exchange, domain: str, resource_id: str) -> Any:
    """Partial JSON (SPEC)."""
    row = find(exchange, domain, resource_id)
    need(exchange, domain, row["type"], "WRITE")
    need_unlocked(exchange, row)
    changes = {name: value for name, value in exchange.json().items() if name in _CHANGEABLE}
    changed = any(row.get(name) != value for name, value in changes.items())
    if changed:
        row.update(changes)
        save(exchange, row, history="METADATA")
    exchange.wrote(f"resources/{resource_id}", changed=changed)
    return single(exchange, view(exchange, domain, row, whole=True))


@routes.on("DELETE", "/resources/<domain>/delete-bulk")
def delete_bulk(exchange: Exchange, domain: str) -> Any:
    """The reply sorts ids by failure class; the names of the classes are assumed, their meaning is SPEC."""
    need_domain(exchange, domain)
    sorted_ids: dict[str, list[str]] = {
        "deleted": [],
        "notFound": [],
        "permissionDenied": [],
        "locked": [],
        "unexpected": [],
    }
    for wanted in exchange.json().get("resources", []):
        rows = [row for row in versions_of(exchange.data, wanted["id"]) if {"id": domain} in row["domains"]]
        rows = [row for row in rows if wanted.get("version") in (None, row["version"])]
        if not rows:
            sorted_ids["notFound"].append(wanted["id"])
        elif "DELETE" not in permissions(exchange, domain, rows[-1]["type"]):
            sorted_ids["permissionDenied"].append(wanted["id"])
        elif is_locked_by_other(exchange, rows[-1]):
            sorted_ids["locked"].append(wanted["id"])
        else:
            _delete(exchange, rows[-1:])
            sorted_ids["deleted"].append(wanted["id"])
    return single(exchange, sorted_ids)


@routes.on("DELETE", "/resources/<domain>/<resource_id>")
def delete(exchange: Exchange, domain: str, resource_id: str) -> Any:
    """`version` is a number, LATEST (default) or ALL (SPEC)."""
    row = find(exchange, domain, resource_id)
    need(exchange, domain, row["type"], "DELETE")
    need_unlocked(exchange, row)
    all_of_it = exchange.query.get("version") == "ALL"
    if exchange.data.first("snapshots", flowModelId=resource_id, domainId=domain) and any(
        each["unpublishDate"] is None for each in exchange.data.find("snapshots", flowModelId=resource_id)
    ):
        raise refuse(exchange, 409, f"{row['name']} is published and cannot be deleted.")
    _delete(exchange, versions_of(exchange.data, resource_id) if all_of_it else [row])
    exchange.wrote(f"resources/{resource_id}")
    return done()


@routes.on("GET", "/resources/<domain>/<resource_id>/content")
def content(exchange: Exchange, domain: str, resource_id: str) -> Any:
    row = find(exchange, domain, resource_id)
    kept = exchange.data.get("contents", version_key(row["id"], row["version"]))
    if kept is None:
        raise refuse(exchange, 404, f"{row['name']} has no content.")
    return Reply(200, base64.b64decode(kept["content"]), {}, kept["mimeType"])


@routes.on("PUT", "/resources/<domain>/<resource_id>/content")
def replace_content(exchange: Exchange, domain: str, resource_id: str) -> Any:
    """Only in DRAFT (SPEC, HELP)."""
    row = find(exchange, domain, resource_id)
    need(exchange, domain, row["type"], "WRITE")
    need_unlocked(exchange, row)
    if row["state"] != "DRAFT":
        raise refuse(exchange, 409, f"{row['name']} is in state {row['state']}; only a draft takes new content.")
    file = exchange.files().get("file")
    if file is None:
        raise refuse(exchange, 400, "The multipart part file is missing.")
    _keep_content(exchange, row, file.read(), file.mimetype)
    save(exchange, row, history="CONTENT")
    exchange.wrote(f"resources/{resource_id}/content")
    return single(exchange, view(exchange, domain, row, whole=True))


@routes.on("GET", "/resources/<domain>/history/<resource_id>")
def history(exchange: Exchange, domain: str, resource_id: str) -> Any:
    find(exchange, domain, resource_id)
    rows = exchange.data.find("history", id=resource_id)
    kind = exchange.query.get("historyType", "")
    return paged(exchange, [row for row in rows if kind in ("", row["historyType"])])


@routes.on("POST", "/collection-resources/collection-details", writes=False)
def collection_details(exchange: Exchange) -> Any:
    """What a traced run used: which version, who changed it last, who approved it (SPEC)."""
    made = []
    for wanted in exchange.json_value():
        resource_id, _, version = str(wanted).partition("|")
        for row in versions_of(exchange.data, resource_id):
            if version in ("", str(row["version"])):
                approvals = [
                    entry["modifiedBy"]
                    for entry in exchange.data.find("history", id=resource_id)
                    if (entry["historyType"], entry["state"], entry["version"])
                    == ("STATE", "APPROVED", row["version"])
                ]
                names = ("id", "version", "type", "name", "state", "lastModifiedBy", "createdBy")
                made.append(
                    {**{name: row[name] for name in names}, "approvedBy": approvals[-1] if approvals else None}
                )
    return paged(exchange, made)


@routes.on("GET", "/manifests/<domain>/communication-set/<resource_id>")
def manifest(exchange: Exchange, domain: str, resource_id: str) -> Any:
    """No envelope (SPEC)."""
    row = find(exchange, domain, resource_id)
    used = [versions_of(exchange.data, each)[-1] for each in children(exchange.data, row)]
    return {
        "dsnlist": [
            {"name": each["name"], "prodDsn": each["name"].upper(), "type": "XML", "resourceId": each["id"]}
            for each in used
            if each["type"] == "exstrdatasource"
        ],
        "queueList": [
            {"name": each["name"], "driver": "PDF", "prodFile": "out.pdf", "use": True}
            for each in used
            if each["type"] == "exstroutputqueue"
        ],
    }


def _new(exchange: Exchange, domain: str, name: str, kind: str, extra: dict[str, Any]) -> dict[str, Any]:
    need_domain(exchange, domain)
    if not name or not is_known(kind):
        raise refuse(exchange, 400, "A resource has a name and a known type.")
    need(exchange, domain, kind, "CREATE")
    same = [row for row in exchange.data.find("versions", name=name) if row["type"] == kind]
    if any({"id": domain} in row["domains"] for row in same):
        raise refuse(exchange, 409, f"There is already a resource {name} of type {kind} in the domain {domain}.")
    made = blank(str(uuid.uuid4()), name, kind, domain, exchange.caller.name, now_ms())
    made.update({field: extra[field] for field in _CHANGEABLE if field in extra and field != "name"})
    exchange.data.add("versions", version_key(made["id"], 1), made)
    record(exchange.data, made, "CREATE", "INSERT", exchange.caller.name, "", made["createdDate"])
    exchange.wrote(f"resources/{made['id']}")
    return made


def blank(resource_id: str, name: str, kind: str, domain: str, by: str, at: int) -> dict[str, Any]:
    """A new draft, version 1."""
    return {
        "id": resource_id,
        "version": 1,
        "name": name,
        "type": kind,
        "state": "DRAFT",
        "stateComment": "",
        "description": "",
        "createdBy": by,
        "createdDate": at,
        "lastModifiedBy": by,
        "lastModifiedDate": at,
        "locked": False,
        "lockedBy": None,
        "hidden": False,
        "systemResource": False,
        "latestVersion": True,
        "domains": [{"id": domain}],
        "categories": [],
        "metadata": {"displayName": name},
        "approvalInfo": None,
    }


def _keep_content(exchange: Exchange, row: dict[str, Any], content: bytes, mime: str) -> None:
    row["contentMimeType"] = mime or "application/octet-stream"
    kept = {"content": base64.b64encode(content).decode(), "mimeType": row["contentMimeType"]}
    exchange.data.put("contents", version_key(row["id"], row["version"]), kept)
    exchange.data.put("versions", version_key(row["id"], row["version"]), row)


def _delete(exchange: Exchange, rows: list[dict[str, Any]]) -> None:
    for row in rows:
        key = version_key(row["id"], row["version"])
        exchange.data.delete("versions", key)
        exchange.data.delete("contents", key)
        record(exchange.data, row, "STATE", "DELETE", exchange.caller.name, "", now_ms())
        for link in children(exchange.data, row):
            exchange.data.delete("resource_links", f"{row['id']}|{row['version']}|{link}")
    left = versions_of(exchange.data, rows[0]["id"])
    if left and not left[-1]["latestVersion"]:
        newest = {**left[-1], "latestVersion": True}
        exchange.data.put("versions", version_key(newest["id"], newest["version"]), newest)
