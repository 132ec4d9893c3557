"""Who am I, domains, roles, version and addresses (SPEC)."""

from __future__ import annotations

from typing import Any

from connectors.exstream.sandbox.envelopes import done, listed, refuse, single
from connectors.exstream.sandbox.filters import asked, dotted
from connectors.exstream.sandbox.rights import is_tenant_admin, need_domain, need_tenant_admin, roles_in
from connectors.exstream.sandbox.seed import made_id
from hub.sdk.sandbox import Exchange, Reply, Routes

routes = Routes()
WORKFLOWS = ("NORMAL", "SIMPLE", "ADVANCED")
_DOMAIN_FIELDS = (
    "description",
    "production",
    "jobTracing",
    "workflow",
    "restrictApproval",
    "parent",
    "children",
    "editable",
    "approvalGroups",
)


@routes.on("GET", "/version", public=True)
def version(exchange: Exchange) -> Any:
    return {
        "apiIdentifier": "das/v1",
        "major": 1,
        "minor": 0,
        "patch": 0,
        "versionString": "1.0.0",
        "details": "sandbox",
    }


@routes.on("GET", "/configurations/config.json", public=True)
def configuration(exchange: Exchange) -> Any:
    return {
        "exstreamOTDSUrl": exchange.app.setting("token_url").partition("/otdsws")[0],
        "exstreamOrcUrl": exchange.base_url + "/orchestration",
        "deployType": "cloud-native",
        "ot2": False,
        "solrEnabled": True,
        "accessTokenLifetimeSeconds": 900,
    }


@routes.on("GET", "/authentication/current-user", "/authentication/<domain>/current-user")
def current_user(exchange: Exchange, domain: str = "") -> Any:
    if domain:
        need_domain(exchange, domain)
    domains = [domain] if domain else [row["id"] for row in exchange.data.find("domains")]
    names = sorted({role for each in domains for role in roles_in(exchange, each)})
    roles = [{"id": row["id"], "name": row["name"]} for row in exchange.data.find("roles", name=names)]
    return single(
        exchange,
        {
            "name": exchange.caller.name,
            "tenantName": exchange.caller.tenant,
            "groups": sorted(exchange.caller.groups),
            "roles": roles,
            "isTenantAdmin": is_tenant_admin(exchange),
            "isSystemAdmin": False,
        },
    )


@routes.on("GET", "/domains")
def domains(exchange: Exchange) -> Any:
    mine = (dotted(exchange) or asked(exchange, "design_filter_style")).get("currentUser") == ["true"]
    rows = [
        row
        for row in exchange.data.find("domains")
        if roles_in(exchange, row["id"]) or (is_tenant_admin(exchange) and not mine)
    ]
    if exchange.query.get("fetchApprovalGroups") != "true":
        rows = [{name: value for name, value in row.items() if name != "approvalGroups"} for row in rows]
    return listed(exchange, rows)


@routes.on("POST", "/domains")
def create_domain(exchange: Exchange) -> Any:
    need_tenant_admin(exchange)
    body = exchange.json()
    name = str(body.get("id", ""))
    if not 1 <= len(name) <= 255:
        raise refuse(exchange, 400, "The id of a domain has 1 to 255 characters.")
    if exchange.data.get("domains", name):
        raise refuse(exchange, 409, f"There is already a domain {name}.")
    made = {
        "id": name,
        "description": "",
        "production": False,
        "jobTracing": False,
        "workflow": "NORMAL",
        "restrictApproval": False,
        "parent": None,
        "children": [],
        "editable": True,
        "approvalGroups": [],
        **_domain_changes(exchange, body),
    }
    exchange.data.add("domains", name, made)
    exchange.wrote(f"domains/{name}")
    return Reply(201, single(exchange, made))


@routes.on("PUT", "/domains/<name>")
def update_domain(exchange: Exchange, name: str) -> Any:
    need_tenant_admin(exchange)
    before = exchange.data.get("domains", name)
    if before is None:
        raise refuse(exchange, 404, f"There is no domain {name}.")
    after = {**before, **_domain_changes(exchange, exchange.json())}
    if after["production"] != before["production"]:
        raise refuse(exchange, 400, "A domain cannot become, or cease to be, a production domain.")
    exchange.wrote(f"domains/{name}", changed=exchange.data.put("domains", name, after))
    return single(exchange, after)


@routes.on("DELETE", "/domains/<name>")
def delete_domain(exchange: Exchange, name: str) -> Any:
    """Only when it holds no resources and no assignments (HELP)."""
    need_tenant_admin(exchange)
    if exchange.data.get("domains", name) is None:
        raise refuse(exchange, 404, f"There is no domain {name}.")
    holds = any({"id": name} in row["domains"] for row in exchange.data.find("versions"))
    if holds or exchange.data.count("group_roles", domainId=name):
        raise refuse(exchange, 409, f"The domain {name} is in use: it holds resources or role assignments.")
    exchange.data.delete("domains", name)
    exchange.wrote(f"domains/{name}")
    return done()


@routes.on("GET", "/roles")
def roles(exchange: Exchange) -> Any:
    _need_any_role(exchange)
    return listed(exchange, exchange.data.find("roles"))


@routes.on("POST", "/roles")
def create_role(exchange: Exchange) -> Any:
    need_tenant_admin(exchange)
    body = exchange.json()
    name = str(body.get("name", ""))
    if not name:
        raise refuse(exchange, 400, "A role has a name.")
    if exchange.data.first("roles", name=name):
        raise refuse(exchange, 409, f"There is already a role {name}.")
    made = {
        "id": made_id("role", name),
        "name": name,
        "description": body.get("description", ""),
        "appPermissions": body.get("appPermissions", ""),
        "adminPermissions": body.get("adminPermissions", ""),
    }
    exchange.data.add("roles", made["id"], made)
    exchange.wrote(f"roles/{name}")
    return Reply(201, single(exchange, made))


@routes.on("PUT", "/roles/<role_id>")
def update_role(exchange: Exchange, role_id: str) -> Any:
    need_tenant_admin(exchange)
    before = exchange.data.get("roles", role_id)
    if before is None:
        raise refuse(exchange, 404, f"There is no role {role_id}.")
    body = exchange.json()
    names = ("description", "appPermissions", "adminPermissions")
    after = {**before, **{name: body[name] for name in names if name in body}}
    exchange.wrote(f"roles/{before['name']}", changed=exchange.data.put("roles", role_id, after))
    return single(exchange, after)


@routes.on("DELETE", "/roles/<role_id>")
def delete_role(exchange: Exchange, role_id: str) -> Any:
    """Deleting a role removes its assignments (HELP)."""
    need_tenant_admin(exchange)
    before = exchange.data.get("roles", role_id)
    if before is None:
        raise refuse(exchange, 404, f"There is no role {role_id}.")
    for collection in ("group_roles", "role_permissions"):
        for row in exchange.data.rows(collection, roleName=before["name"]):
            exchange.data.delete(collection, row.key)
    exchange.data.delete("roles", role_id)
    exchange.wrote(f"roles/{before['name']}")
    return done()


def _domain_changes(exchange: Exchange, body: dict[str, Any]) -> dict[str, Any]:
    if body.get("workflow", "NORMAL") not in WORKFLOWS:
        raise refuse(exchange, 400, f"workflow is one of {', '.join(WORKFLOWS)}.")
    return {name: body[name] for name in _DOMAIN_FIELDS if name in body}


def _need_any_role(exchange: Exchange) -> None:
    if is_tenant_admin(exchange):
        return
    if not any(row["group"] in exchange.caller.groups for row in exchange.data.find("group_roles")):
        raise refuse(exchange, 403, "You have no role in any domain.")
