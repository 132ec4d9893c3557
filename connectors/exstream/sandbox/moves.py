"""What happens to a resource: state, lock, promote, demote, revert, hide, show (SPEC; effects HELP)."""

from __future__ import annotations

from typing import Any

from connectors.exstream.sandbox.catalog import view
from connectors.exstream.sandbox.envelopes import now_ms, refuse, single
from connectors.exstream.sandbox.rights import is_tenant_admin, need, need_domain, permissions, roles_in
from connectors.exstream.sandbox.store import (
    approved_version,
    children,
    copy_version,
    find,
    is_locked_by_other,
    need_unlocked,
    record,
    save,
    version_key,
    versions_of,
)
from connectors.exstream.sandbox.workflow import STATES, chain, is_allowed, mark_pending, word_for
from hub.sdk.sandbox import Exchange, Routes

routes = Routes()
Json = dict[str, Any]


class Refused(Exception):
    """A move is refused, in one of the failure classes of the bulk call (SPEC)."""

    def __init__(self, kind: str, status: int, message: str) -> None:
        super().__init__(message)
        self.kind, self.status, self.message = kind, status, message


@routes.on("PUT", "/resources/<domain>/<resource_id>/state")
def change_state(exchange: Exchange, domain: str, resource_id: str) -> Any:
    row = find(exchange, domain, resource_id)
    body = exchange.json()
    try:
        moved, changed = move(exchange, need_domain(exchange, domain), row, body)
    except Refused as refused:
        raise refuse(exchange, refused.status, refused.message, details=refused.kind) from None
    exchange.wrote(f"resources/{resource_id}/state", changed=changed)
    return single(exchange, view(exchange, domain, moved, whole=True))


@routes.on("PUT", "/resources/<domain>/state")
def change_states(exchange: Exchange, domain: str) -> Any:
    """Bulk. The names of the failure classes in JSON are assumed, their meaning is SPEC."""
    body, found = exchange.json(), exchange.data.get("domains", domain)
    ids = [str(each) for each in body.get("resourceIds", [])]
    sorted_ids: dict[str, list[str]] = {
        "succeeded": [],
        "domainNotFound": [],
        "permissionDenied": [],
        "locked": [],
        "invalidState": [],
        "childrenNotApproved": [],
        "workflow": [],
        "unexpected": [],
    }
    if found is None:
        return single(exchange, {**sorted_ids, "domainNotFound": ids})
    need_domain(exchange, domain)
    for resource_id in ids:
        rows = [row for row in versions_of(exchange.data, resource_id) if {"id": domain} in row["domains"]]
        if not rows:
            sorted_ids["unexpected"].append(resource_id)
            continue
        try:
            move(exchange, found, rows[-1], body)
        except Refused as refused:
            sorted_ids[refused.kind].append(resource_id)
            continue
        exchange.wrote(f"resources/{resource_id}/state")
        sorted_ids["succeeded"].append(resource_id)
    return single(exchange, sorted_ids)


def move(exchange: Exchange, domain: Json, row: Json, body: Json) -> tuple[Json, bool]:
    """Carry out one move; answers the version that results, and whether anything changed."""
    after, before, comment = str(body.get("state", "")), row["state"], str(body.get("auditedComment") or "")
    if after not in STATES or not is_allowed(domain["workflow"], before, after):
        kind = "workflow" if after in STATES else "invalidState"
        if after in STATES and (after == before or before in {"APPROVED", "REJECTED"}):
            kind = "invalidState"
        raise Refused(kind, 409, f"{row['name']} cannot go from {before} to {after or 'no state'} here.")
    if word_for(after) not in permissions(exchange, domain["id"], row["type"]):
        raise Refused("permissionDenied", 403, f"You may not move {row['name']} to {after}.")
    if is_locked_by_other(exchange, row):
        raise Refused("locked", 409, f"{row['name']} is locked by {row['lockedBy']}.")
    if (before, after) == ("DRAFT", "DRAFT"):
        return row, False
    if after == "APPROVED":
        return _approve(exchange, domain, row, body, comment), True
    if (before, after) == ("APPROVED", "DRAFT"):
        by, at = exchange.caller.name, now_ms()
        made = copy_version(exchange.data, row, versions_of(exchange.data, row["id"])[-1]["version"] + 1, by, at)
        record(exchange.data, made, "STATE", "INSERT", by, comment, at)
        return made, True
    row["approvalInfo"] = None
    if after == "REVIEW" and domain["workflow"] == "ADVANCED":
        approvals = mark_pending(chain(domain["approvalGroups"], row["type"]))
        row["approvalInfo"] = {"state": "REVIEW", "pending": bool(approvals), "approvals": approvals}
    if after == "REVIEW":
        row["_submittedBy"] = exchange.caller.name
    _enter(exchange, row, after, comment, body)
    return row, True


def _approve(exchange: Exchange, domain: Json, row: Json, body: Json, comment: str) -> Json:
    missing = [each for each in children(exchange.data, row) if approved_version(exchange.data, each) is None]
    if missing:
        raise Refused("childrenNotApproved", 409, f"{row['name']} uses resources without an approved version.")
    author = row.get("_submittedBy") or (row["lastModifiedBy"] if row["state"] == "DRAFT" else None)
    if domain["restrictApproval"] and author == exchange.caller.name:
        raise Refused("workflow", 403, f"You submitted {row['name']}; somebody else approves it.")
    info = row.get("approvalInfo")
    if domain["workflow"] == "ADVANCED" and info and info["approvals"]:
        mine = roles_in(exchange, domain["id"])
        due = [each for each in info["approvals"] if each["pending"]]
        if due and not any(each["role"] in mine for each in due):
            raise Refused("workflow", 403, f"{row['name']} waits for the role {due[0]['role']}.")
        given = [
            {**each, "approved": True} if each["pending"] and each["role"] in mine else each
            for each in info["approvals"]
        ]
        approvals = mark_pending(given)
        waiting = any(each["pending"] for each in approvals)
        row["approvalInfo"] = {
            "state": "REVIEW" if waiting else "APPROVED",
            "pending": waiting,
            "approvals": approvals,
        }
        if waiting:
            _enter(exchange, row, "REVIEW", comment, body)
            return row
    _enter(exchange, row, "APPROVED", comment, body)
    return row


def _enter(exchange: Exchange, row: Json, state: str, comment: str, body: Json) -> None:
    row["state"], row["stateComment"] = state, comment
    row["locked"] = bool(body.get("locked", False))
    row["lockedBy"] = exchange.caller.name if row["locked"] else None
    save(exchange, row, history="STATE", comment=comment)


@routes.on("POST", "/resources/<domain>/<resource_id>/lock")
def lock(exchange: Exchange, domain: str, resource_id: str) -> Any:
    row = find(exchange, domain, resource_id)
    need(exchange, domain, row["type"], "WRITE")
    need_unlocked(exchange, row)
    changed = not row["locked"]
    row["locked"], row["lockedBy"] = True, exchange.caller.name
    exchange.data.put("versions", version_key(row["id"], row["version"]), row)
    exchange.wrote(f"resources/{resource_id}/lock", changed=changed)
    return single(exchange, row)


@routes.on("DELETE", "/resources/<domain>/<resource_id>/lock")
def unlock(exchange: Exchange, domain: str, resource_id: str) -> Any:
    """`force=true` breaks another user's lock, tenant admins only (SPEC)."""
    row = find(exchange, domain, resource_id)
    if is_locked_by_other(exchange, row):
        if exchange.query.get("force") != "true":
            raise refuse(exchange, 409, f"{row['name']} is locked by {row['lockedBy']}.")
        if not is_tenant_admin(exchange):
            raise refuse(exchange, 403, "Only tenant administrators break another user's lock.")
    changed = row["locked"]
    row["locked"], row["lockedBy"] = False, None
    exchange.data.put("versions", version_key(row["id"], row["version"]), row)
    exchange.wrote(f"resources/{resource_id}/lock", changed=changed)
    return single(exchange, row)


@routes.on("PUT", "/resources/<domain>/<resource_id>/promote")
def promote(exchange: Exchange, domain: str, resource_id: str) -> Any:
    """Associate with another domain: needs APPROVED, linked resources follow (HELP)."""
    row, target = find(exchange, domain, resource_id), str(exchange.json().get("id", ""))
    need_domain(exchange, target)
    need(exchange, target, row["type"], "WRITE")
    if approved_version(exchange.data, resource_id) is None:
        raise refuse(exchange, 409, f"{row['name']} has no approved version.")
    changed = _associate(exchange, resource_id, target, set())
    exchange.wrote(f"resources/{resource_id}/domains/{target}", changed=changed)
    return single(exchange, find(exchange, domain, resource_id))


def _associate(exchange: Exchange, resource_id: str, target: str, done: set[str]) -> bool:
    done.add(resource_id)
    changed = False
    for row in versions_of(exchange.data, resource_id):
        if {"id": target} not in row["domains"]:
            row["domains"].append({"id": target})
            exchange.data.put("versions", version_key(resource_id, row["version"]), row)
            changed = True
        for child in children(exchange.data, row):
            if child not in done:
                _associate(exchange, child, target, done)
    return changed


@routes.on("PUT", "/resources/<domain>/<resource_id>/demote")
def demote(exchange: Exchange, domain: str, resource_id: str) -> Any:
    """Disassociate; linked resources stay (HELP)."""
    row, target = find(exchange, domain, resource_id), str(exchange.json().get("id", ""))
    need_domain(exchange, target)
    need(exchange, target, row["type"], "WRITE")
    if row["domains"] == [{"id": target}]:
        raise refuse(exchange, 409, f"{row['name']} belongs to no other domain.")
    changed = False
    for each in versions_of(exchange.data, resource_id):
        if {"id": target} in each["domains"]:
            each["domains"].remove({"id": target})
            exchange.data.put("versions", version_key(resource_id, each["version"]), each)
            changed = True
            row = each
    exchange.wrote(f"resources/{resource_id}/domains/{target}", changed=changed)
    return single(exchange, row)


@routes.on("PUT", "/resources/<domain>/<resource_id>/revert/<int:old>")
def revert(exchange: Exchange, domain: str, resource_id: str, old: int) -> Any:
    """Older content becomes the draft (SPEC)."""
    row = find(exchange, domain, resource_id)
    need(exchange, domain, row["type"], "WRITE")
    need_unlocked(exchange, row)
    source = exchange.data.get("versions", version_key(resource_id, old))
    if source is None:
        raise refuse(exchange, 404, f"{row['name']} has no version {old}.")
    by, at = exchange.caller.name, now_ms()
    version = row["version"] if row["state"] == "DRAFT" else row["version"] + 1
    made = copy_version(exchange.data, source, version, by, at)
    record(exchange.data, made, "CONTENT", "UPDATE", by, str(exchange.json().get("auditedComment") or ""), at)
    exchange.wrote(f"resources/{resource_id}/revert")
    return single(exchange, made)


@routes.on("PUT", "/resources/<domain>/<resource_id>/hide")
def hide(exchange: Exchange, domain: str, resource_id: str) -> Any:
    return _set_hidden(exchange, domain, resource_id, True)


@routes.on("PUT", "/resources/<domain>/<resource_id>/show")
def show(exchange: Exchange, domain: str, resource_id: str) -> Any:
    return _set_hidden(exchange, domain, resource_id, False)


def _set_hidden(exchange: Exchange, domain: str, resource_id: str, hidden: bool) -> Any:
    row = find(exchange, domain, resource_id)
    need(exchange, domain, row["type"], "WRITE")
    changed = row["hidden"] is not hidden
    for each in versions_of(exchange.data, resource_id):
        exchange.data.put("versions", version_key(resource_id, each["version"]), {**each, "hidden": hidden})
    row["hidden"] = hidden
    exchange.wrote(f"resources/{resource_id}/hidden", changed=changed)
    return single(exchange, row)
