"""Who calls, and what they may do. Tickets as cookie or header, access tokens as bearer (P, O, C)."""

from __future__ import annotations

import hashlib
import secrets
import time
from dataclasses import dataclass
from typing import Any

from connectors.otds.sandbox import keys
from connectors.otds.sandbox.directory import ADMIN, MEMBER, PARTITION, resolve, wrong
from hub.sdk.sandbox import Documents, Exchange, Refusal

PASSWORD = "Northwind-2026"  # noqa: S105 - of the sample people, printed by `describe`.
SYSTEM_GROUPS = ("otdsadmins@otds.admin", "otadmins@otds.admin")
TENANT_GROUP = f"tenantadmins@{PARTITION}"


@dataclass(frozen=True)
class Caller:
    """The principal behind a ticket or token."""

    user: dict[str, Any]
    is_system: bool
    is_tenant: bool

    @property
    def is_admin(self) -> bool:
        return self.is_system or self.is_tenant


def caller_of(data: Documents, user: dict[str, Any]) -> Caller:
    """The caller with rights from direct and nested membership."""
    names = effective_groups(data, user["uuid"])
    system = user["id"] == f"otadmin@{ADMIN}" or any(name in names for name in SYSTEM_GROUPS)
    return Caller(user, system, TENANT_GROUP in names)


def effective_groups(data: Documents, key: str) -> list[str]:
    """The ids of all groups reached from a user, nested ones too, sorted."""
    found = data.many("groups", data.reachable(MEMBER, key))
    return sorted(group["id"] for group in found.values())


def hashed(key: str, password: str) -> str:
    return hashlib.pbkdf2_hmac("sha256", password.encode(), key.encode(), 2000).hex()


def set_password(data: Documents, user: dict[str, Any], password: str) -> None:
    data.put("secrets", user["uuid"], {"hash": hashed(user["uuid"], password)})


def check_password(data: Documents, name: str, password: str) -> dict[str, Any] | None:
    """The enabled user with this password, else None. Seeded people share one password until it is changed."""
    user = resolve(data, "users", name)
    if user is None or user["disabled"] or not password:
        return None
    kept = data.get("secrets", user["uuid"])
    if kept is None:
        right = user.get("sample", False) and secrets.compare_digest(password.encode(), PASSWORD.encode())
    else:
        right = secrets.compare_digest(kept["hash"], hashed(user["uuid"], password))
    return user if right else None


def new_ticket(exchange: Exchange, user: dict[str, Any]) -> str:
    """A ticket; they begin with *OTDSSSO* and end with * (O)."""
    ticket = f"*OTDSSSO*{secrets.token_urlsafe(48)}*"
    at = time.time()
    for old in list(exchange.data.query('SELECT key FROM "of_tickets" WHERE expires < ?', at - 86400)):
        exchange.data.delete("tickets", old[0])
    lives = float(exchange.app.setting("ticket_lifetime_seconds"))
    exchange.data.add("tickets", ticket, {"user": user["uuid"], "expires": at + lives})
    return ticket


def expired_ticket(exchange: Exchange) -> Refusal:
    """400 with 1034 (P), or 401 by setting (O renews on 401 only)."""
    status = 401 if int(exchange.app.setting("expired_ticket_status")) == 401 else 400
    return wrong(status, "Expired OTDS SSO ticket", 1034)


def user_of_ticket(exchange: Exchange, data: Documents, ticket: str) -> dict[str, Any]:
    """The enabled user of a ticket. Refuses an expired one as expired, an unknown one with 401."""
    kept = data.get("tickets", ticket)
    if kept is None:
        raise wrong(401, "The ticket is not known.")
    if exchange.expired or kept["expires"] <= time.time():
        raise expired_ticket(exchange)
    user = data.get("users", kept["user"])
    if user is None or user["disabled"]:
        raise wrong(401, "The user of this ticket may not sign in.")
    return user


def user_of_token(exchange: Exchange, data: Documents, token: str) -> dict[str, Any]:
    """The enabled principal of an access token. Refuses with 401."""
    claims = keys.read(data, token)
    if claims is None:
        raise wrong(401, "The access token is not valid.")
    if exchange.expired or float(claims["exp"]) <= time.time() or data.get("revoked", claims["jti"]):
        raise wrong(401, "The access token has expired or was revoked.")
    user = resolve(data, "users", str(claims["sub"]))
    if user is None or user["disabled"]:
        raise wrong(401, "The principal of this token may not sign in.")
    return user


def sign_in(exchange: Exchange) -> Caller:
    """The caller of a request. A ticket goes before a token when both arrive (pyxecm sends stale tokens along, W)."""
    ticket = exchange.request.headers.get("OTDSTicket") or exchange.request.cookies.get("OTDSTicket", "")
    token = exchange.bearer()
    with exchange.app.store.reading() as data:
        if ticket:
            try:
                return caller_of(data, user_of_ticket(exchange, data, ticket))
            except Refusal:
                if not token:
                    raise
        if token:
            return caller_of(data, user_of_token(exchange, data, token))
    raise wrong(401, "Sign in first: no ticket and no token was sent.")


def need_admin(exchange: Exchange, partition: str = "") -> None:
    """Refuse everyone but administrators; what is in otds.admin is for system administrators (assumed)."""
    caller: Caller = exchange.caller
    if not caller.is_admin or (partition == ADMIN and exchange.request.method != "GET" and not caller.is_system):
        raise wrong(403, f"{caller.user['id']} lacks the right to do this.")


def need_self_or_admin(exchange: Exchange, user: dict[str, Any]) -> None:
    if exchange.caller.user["uuid"] != user["uuid"]:
        need_admin(exchange)


def need_system(exchange: Exchange) -> None:
    """Refuse everyone but system administrators (assumed for system configuration)."""
    if not exchange.caller.is_system:
        raise wrong(403, f"{exchange.caller.user['id']} lacks the right to do this.")
