"""Who may do what: the union of the roles that the token's groups have in a domain (HELP)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from connectors.exstream.sandbox.envelopes import refuse
from connectors.exstream.sandbox.kinds import group_of
from hub.sdk.sandbox import Exchange

WORDS = ("CREATE", "READ", "WRITE", "DELETE", "APPROVE")


@dataclass(frozen=True)
class Caller:
    """Who the token says calls. A change of groups shows only in a new token."""

    name: str
    tenant: str
    groups: frozenset[str]


def words_of(value: Any) -> set[str]:
    """Permission words out of a text or a list."""
    parts = value if isinstance(value, list) else str(value or "").replace(";", ",").split(",")
    return {part.strip() for part in parts if part.strip()}


def is_tenant_admin(exchange: Exchange) -> bool:
    return exchange.app.setting("admin_group") in exchange.caller.groups


def need_tenant_admin(exchange: Exchange) -> None:
    if not is_tenant_admin(exchange):
        raise refuse(exchange, 403, "Only members of the tenantadmins group may do this.")


def roles_in(exchange: Exchange, domain: str, groups: frozenset[str] | None = None) -> set[str]:
    """The roles of these groups (the caller's when None) in a domain."""
    mine = exchange.caller.groups if groups is None else groups
    return {row["roleName"] for row in exchange.data.find("group_roles", domainId=domain) if row["group"] in mine}


def need_domain(exchange: Exchange, domain: str) -> dict[str, Any]:
    """The domain, when the caller has any role in it. Any role reads everything in it (HELP)."""
    found = exchange.data.get("domains", domain)
    if not roles_in(exchange, domain) and not is_tenant_admin(exchange):
        raise refuse(exchange, 403, f"You have no role in the domain {domain}.")
    if found is None:
        raise refuse(exchange, 404, f"There is no domain {domain}.")
    return found


def permissions(exchange: Exchange, domain: str, kind: str, groups: frozenset[str] | None = None) -> set[str]:
    """The effective words for one resource type."""
    roles = roles_in(exchange, domain, groups)
    if not roles:
        return set()
    words = {"READ"}
    for row in exchange.data.find("role_permissions", roleName=sorted(roles)):
        if row["objectType"] in {kind, group_of(kind), "all"}:
            words |= words_of(row["permissions"])
    return set(WORDS) if "ALL" in words else words


def app_permissions(exchange: Exchange, domain: str, groups: frozenset[str] | None = None) -> set[str]:
    words: set[str] = set()
    for role in roles_in(exchange, domain, groups):
        words |= words_of((exchange.data.first("roles", name=role) or {}).get("appPermissions"))
    return words


def need(exchange: Exchange, domain: str, kind: str, word: str) -> None:
    if word not in permissions(exchange, domain, kind):
        raise refuse(exchange, 403, f"You may not {word} resources of type {kind} in the domain {domain}.")


def need_app(exchange: Exchange, domain: str, word: str) -> None:
    need_domain(exchange, domain)
    words = app_permissions(exchange, domain)
    if word not in words and "ALL" not in words:
        raise refuse(exchange, 403, f"You do not have {word} in the domain {domain}.")
