"""Role permissions, group-role assignments, effective permissions (SPEC; effects HELP)."""

from __future__ import annotations

from typing import Any

from connectors.exstream.sandbox.envelopes import done, listed, refuse
from connectors.exstream.sandbox.kinds import GROUPS
from connectors.exstream.sandbox.rights import (
    app_permissions,
    is_tenant_admin,
    need_domain,
    need_tenant_admin,
    permissions,
    words_of,
)
from hub.sdk.sandbox import Exchange, Routes

routes = Routes()


@routes.on("GET", "/role-permissions")
def role_permissions(exchange: Exchange) -> Any:
    where = {"roleName": exchange.query["roleName"]} if exchange.query.get("roleName") else {}
    rows = exchange.data.find("role_permissions", **where)
    if exchange.app.setting("permission_style") == "list":
        rows = [{**row, "permissions": sorted(words_of(row["permissions"]))} for row in rows]
    return listed(exchange, rows)


@routes.on("POST", "/role-permissions")
def set_role_permission(exchange: Exchange) -> Any:
    need_tenant_admin(exchange)
    body = exchange.json()
    role, kind = str(body.get("roleName", "")), str(body.get("objectType", ""))
    if exchange.data.first("roles", name=role) is None:
        raise refuse(exchange, 404, f"There is no role {role}.")
    if not kind:
        raise refuse(exchange, 400, "objectType names a resource type.")
    text = ",".join(sorted(words_of(body.get("permissions"))))
    entry = {"roleName": role, "objectType": kind, "permissions": text}
    changed = exchange.data.put("role_permissions", f"{role}|{kind}", entry)
    exchange.wrote(f"role-permissions/{role}|{kind}", changed=changed)
    return listed(exchange, [entry])


@routes.on("GET", "/group-roles", "/group-roles/<domain>")
def group_roles(exchange: Exchange, domain: str = "") -> Any:
    if domain:
        need_domain(exchange, domain)
        rows = exchange.data.find("group_roles", domainId=domain)
    else:
        rows = exchange.data.find("group_roles")
        if not is_tenant_admin(exchange):
            mine = {row["domainId"] for row in rows if row["group"] in exchange.caller.groups}
            rows = [row for row in rows if row["domainId"] in mine]
    return listed(exchange, [_assignment(row) for row in rows])


@routes.on("POST", "/group-roles")
def assign(exchange: Exchange) -> Any:
    key, made = _asked(exchange)
    if exchange.data.get("group_roles", key):
        raise refuse(exchange, 409, "The group has this role in this domain already.")
    exchange.data.add("group_roles", key, made)
    exchange.wrote(f"group-roles/{key}")
    return listed(exchange, [_assignment(made)])


@routes.on("DELETE", "/group-roles")
def remove(exchange: Exchange) -> Any:
    """DELETE carries a body (SPEC)."""
    key, _ = _asked(exchange)
    if not exchange.data.delete("group_roles", key):
        raise refuse(exchange, 404, "The group does not have this role in this domain.")
    exchange.wrote(f"group-roles/{key}")
    return done()


@routes.on("GET", "/permissions/<domain>/resources")
def effective(exchange: Exchange, domain: str) -> Any:
    """The rights of a group, or of the caller. The shape of an entry is assumed: that of role-permissions."""
    need_domain(exchange, domain)
    groups, only = _groups(exchange), exchange.query.get("resourceType", "")
    kinds = [only] if only else [kind for names in GROUPS.values() for kind in names.split()]
    return listed(
        exchange,
        [
            {"objectType": kind, "permissions": ",".join(sorted(permissions(exchange, domain, kind, groups)))}
            for kind in kinds
        ],
    )


@routes.on("GET", "/permissions/<domain>/webapps")
def effective_apps(exchange: Exchange, domain: str) -> Any:
    need_domain(exchange, domain)
    return listed(exchange, sorted(app_permissions(exchange, domain, _groups(exchange))))


def _groups(exchange: Exchange) -> frozenset[str] | None:
    group = exchange.query.get("groupId", "")
    return frozenset({group}) if group else None


def _assignment(row: dict[str, Any]) -> dict[str, Any]:
    return {
        "group": row["group"],
        "roleName": row["roleName"],
        "roleId": row["roleId"],
        "domain": {"id": row["domainId"]},
    }


def _asked(exchange: Exchange) -> tuple[str, dict[str, Any]]:
    need_tenant_admin(exchange)
    body = exchange.json()
    domain = (body.get("domain") or {}).get("id", "")
    group, role_name = str(body.get("group", "")), str(body.get("roleName", ""))
    role = exchange.data.first("roles", name=role_name) or exchange.data.get("roles", str(body.get("roleId", "")))
    if exchange.data.get("domains", domain) is None:
        raise refuse(exchange, 404, f"There is no domain {domain}.")
    if role is None:
        raise refuse(exchange, 404, f"There is no role {role_name}.")
    if not group:
        raise refuse(exchange, 400, "group names an OTDS group.")
    made = {"domainId": domain, "group": group, "roleName": role["name"], "roleId": role["id"]}
    return f"{domain}|{group}|{role['name']}", made
