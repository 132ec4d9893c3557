"""Resources, their access roles, and consolidation."""

from __future__ import annotations

import secrets
import uuid
from typing import Any

from connectors.otds.sandbox.directory import (
    ADMIN,
    SUFFIX,
    location_of,
    need,
    need_partition,
    new,
    partition_location,
    remove,
    resolve,
    wrong,
)
from connectors.otds.sandbox.paging import page_of
from connectors.otds.sandbox.sessions import need_admin
from hub.sdk.sandbox import Documents, Exchange, Routes

routes = Routes("/otdsws/rest")
KINDS = ("userPartitions", "organizationalUnits", "groups", "users", "roles")
READ_ONLY = {"id", "resourceID", "resourceDN", "secretKey"}


def new_resource(data: Documents, name: str, body: dict[str, Any]) -> dict[str, Any]:
    """Store a resource with what comes with it: its access role and its own user (P)."""
    key = str(body.get("resourceID") or uuid.uuid4())
    made = {
        "resourceName": name,
        "id": name,
        "description": "",
        "displayName": name,
        "resourceID": key,
        "resourceState": 0,
        "userSynchronizationState": False,
        "resourceDN": f"oTResource={key},{SUFFIX}",
        "resourceType": None,
        "accessRoleList": [f"cn=Access to {name},ou=AccessRoles,{SUFFIX}"],
        "impersonateList": None,
        "impersonateAnonymousList": None,
        "pcCreatePermissionAllowed": True,
        "pcModifyPermissionAllowed": True,
        "pcDeletePermissionAllowed": False,
        "logoutURL": None,
        "logoutMethod": None,
        "allowImpersonation": False,
        "connectionHealthy": True,
        "connectorName": "Authentication Only",
        "connectorid": "accessonly",
        "userAttributeMapping": None,
        "groupAttributeMapping": None,
        "connectionParamInfo": None,
        "logonStyle": None,
        "logonUXVersion": 0,
    }
    made |= {field: value for field, value in body.items() if field in made and field not in READ_ONLY}
    made["resourceName"] = made["id"] = name
    data.add("resources", key, made)
    role = f"Access to {name}"
    data.put(
        "access_roles",
        role,
        {
            "id": role,
            "name": role,
            "description": f"Access to the resource {name}",
            "status": None,
            "accessRoleMembers": {kind: [] for kind in KINDS},
            "resources": [{"resourceName": name, "resourceID": key}],
            "attributeList": [{"name": "pushAllGroups", "values": ["False"]}],
        },
    )
    own = new("users", key, ADMIN, attributes={"oTType": ["ServiceUser"]}, description=f"The resource {name}")
    data.add("users", own["uuid"], own)
    return made


def need_resource(data: Documents, name: str) -> dict[str, Any]:
    found = data.first("resources", resourceName=name) or data.get("resources", name)
    if found is None:
        raise wrong(404, f"The resource {name} was not found.")
    return found


@routes.on("POST", "/resources")
def add_resource(exchange: Exchange) -> Any:
    need_admin(exchange)
    body = exchange.json()
    name = str(body.get("resourceName") or "")
    if not name:
        raise wrong(400, "A resource needs a resourceName.")
    if exchange.data.first("resources", resourceName=name):
        raise wrong(409, f"There is already a resource {name}.")
    made = new_resource(exchange.data, name, body)
    exchange.wrote(f"resources/{name}")
    return {**made, "secretKey": body.get("secretKey") or secrets.token_urlsafe(16)[:22] + "=="}


@routes.on("GET", "/resources")
def resources(exchange: Exchange) -> Any:
    need_admin(exchange)
    wanted = exchange.query.get("where_filter", "").lower()
    rows = [found for found in exchange.data.find("resources") if wanted in found["resourceName"].lower()]
    return page_of(exchange, "resourceConfigList", rows)


@routes.on("GET", "/resources/<name>")
def resource(exchange: Exchange, name: str) -> Any:
    need_admin(exchange)
    return need_resource(exchange.data, name)


def _keep(exchange: Exchange, before: dict[str, Any], after: dict[str, Any]) -> None:
    changed = exchange.data.put("resources", before["resourceID"], after)
    exchange.wrote(f"resources/{before['resourceName']}", changed=changed)


@routes.on("PUT", "/resources/<name>")
def put_resource(exchange: Exchange, name: str) -> Any:
    need_admin(exchange)
    read = need_resource(exchange.data, name)
    body = {field: value for field, value in exchange.json().items() if field not in READ_ONLY | {"resourceName"}}
    _keep(exchange, read, {**read, **body})
    return {**read, **body}


@routes.on("DELETE", "/resources/<name>")
def delete_resource(exchange: Exchange, name: str) -> Any:
    need_admin(exchange)
    read = need_resource(exchange.data, name)
    exchange.data.delete("resources", read["resourceID"])
    exchange.data.delete("access_roles", f"Access to {read['resourceName']}")
    if own := resolve(exchange.data, "users", f"{read['resourceID']}@{ADMIN}"):
        remove(exchange.data, "users", own)
    exchange.wrote(f"resources/{name}")


@routes.on("POST", "/resources/<name>/activate")
def activate(exchange: Exchange, name: str) -> Any:
    need_admin(exchange)
    read = need_resource(exchange.data, name)
    _keep(exchange, read, {**read, "resourceState": 1})
    return {**read, "resourceState": 1}


@routes.on("POST", "/resources/<name>/deactivate")
def deactivate(exchange: Exchange, name: str) -> Any:
    need_admin(exchange)
    read = need_resource(exchange.data, name)
    _keep(exchange, read, {**read, "resourceState": 0})


@routes.on("PUT", "/resources/<name>/status")
def put_status(exchange: Exchange, name: str) -> Any:
    """Hint only (C)."""
    need_admin(exchange)
    read, body = need_resource(exchange.data, name), exchange.json()
    after = {**read, "resourceState": int(bool(body.get("isActivated")))}
    after["userSynchronizationState"] = bool(body.get("isSynchronizationEnabled"))
    _keep(exchange, read, after)


@routes.on("GET", "/resources/<name>/impersonation")
def impersonation(exchange: Exchange, name: str) -> Any:
    need_admin(exchange)
    read = need_resource(exchange.data, name)
    return {"allowImpersonation": read["allowImpersonation"], "impersonateList": read["impersonateList"] or []}


@routes.on("PUT", "/resources/<name>/impersonation")
def put_impersonation(exchange: Exchange, name: str) -> Any:
    need_admin(exchange)
    read, body = need_resource(exchange.data, name), exchange.json()
    _keep(
        exchange,
        read,
        {**read, **{key: body[key] for key in ("allowImpersonation", "impersonateList") if key in body}},
    )


def _need_role(exchange: Exchange, name: str) -> dict[str, Any]:
    found = exchange.data.get("access_roles", name)
    if found is None:
        raise wrong(404, f"The access role {name} was not found.")
    return found


@routes.on("GET", "/accessroles")
def access_roles(exchange: Exchange) -> Any:
    """The name of the list is not established: `accessRoles` (assumed)."""
    need_admin(exchange)
    return page_of(exchange, "accessRoles", exchange.data.find("access_roles"))


@routes.on("GET", "/accessroles/<name>")
def access_role(exchange: Exchange, name: str) -> Any:
    need_admin(exchange)
    return _need_role(exchange, name)


@routes.on("PUT", "/accessroles/<name>")
def put_access_role(exchange: Exchange, name: str) -> Any:
    need_admin(exchange)
    read, body = _need_role(exchange, name), exchange.json()
    given = body.get("accessRoleMembers") or {}
    members = {kind: given.get(kind, read["accessRoleMembers"][kind]) or [] for kind in KINDS}
    after = {**read, "description": body.get("description", read["description"]), "accessRoleMembers": members}
    exchange.wrote(f"accessroles/{name}", changed=exchange.data.put("access_roles", name, after))


def _member(exchange: Exchange, kind: str, given: dict[str, Any]) -> dict[str, Any]:
    name, location = str(given.get("name") or ""), str(given.get("location") or "")
    if kind == "userPartitions":
        found = need_partition(exchange.data, name)
        return {
            "name": found["name"],
            "displayName": found["name"],
            "userPartition": found["name"],
            "location": partition_location(found["name"]),
            "description": found["description"],
        }
    document = need(exchange.data, kind, location or name)
    return {
        "name": document["name"] if kind == "groups" else document["id"],
        "displayName": document["id"] if kind == "users" else document["name"],
        "userPartition": document["partition"],
        "location": location_of(kind, document),
        "description": document["description"],
    }


@routes.on("POST", "/accessroles/<name>/members")
def add_access_role_members(exchange: Exchange, name: str) -> Any:
    need_admin(exchange)
    read, body = _need_role(exchange, name), exchange.json()
    members = {kind: list(rows) for kind, rows in read["accessRoleMembers"].items()}
    kinds = [kind for kind in ("userPartitions", "users", "groups") if body.get(kind)]
    if not kinds:
        raise wrong(400, "Name userPartitions, users or groups.")
    changed = False
    for kind in kinds:
        for given in body[kind]:
            made = _member(exchange, kind, given)
            if all(each.get("location") != made["location"] for each in members[kind]):
                members[kind].append(made)
                changed = True
    exchange.data.put("access_roles", name, {**read, "accessRoleMembers": members})
    exchange.wrote(f"accessroles/{name}", changed=changed)


@routes.on("PUT", "/accessroles/<name>/attributes")
def put_access_role_attributes(exchange: Exchange, name: str) -> Any:
    need_admin(exchange)
    read, body = _need_role(exchange, name), exchange.json()
    kept = {pair["name"]: pair for pair in read["attributeList"]}
    kept.update({pair["name"]: pair for pair in body.get("attributes") or []})
    after = {**read, "attributeList": list(kept.values())}
    exchange.wrote(f"accessroles/{name}", changed=exchange.data.put("access_roles", name, after))
    return after


@routes.on("POST", "/consolidation")
def consolidate(exchange: Exchange) -> Any:
    """Counted and acknowledged; what it pushes to a resource has no counterpart here."""
    need_admin(exchange)
    body = exchange.json()
    wanted = str(body.get("objectToConsolidate") or "")
    rows = exchange.data.find("resources")
    if not any(row["resourceDN"] == wanted for row in rows) and not (
        resolve(exchange.data, "users", wanted) or resolve(exchange.data, "groups", wanted)
    ):
        raise wrong(404, f"There is nothing at {wanted}.")
    exchange.wrote(f"consolidation/{wanted}")
