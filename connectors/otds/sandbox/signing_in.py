"""Below `/rest/authentication` and `/rest/currentuser`: tickets, impersonation, token information."""

from __future__ import annotations

import secrets
import time
from typing import Any

from connectors.otds.sandbox import keys
from connectors.otds.sandbox.directory import need, resolve, shown_one, wrong
from connectors.otds.sandbox.sessions import (
    caller_of,
    check_password,
    need_admin,
    new_ticket,
    user_of_ticket,
)
from hub.sdk.sandbox import Exchange, Reply, Routes

routes = Routes("/otdsws/rest")


def _signed_in(exchange: Exchange, user: dict[str, Any], resource: str | None = None) -> dict[str, Any]:
    """The answer of every login (PX, O, C)."""
    return {
        "token": secrets.token_hex(16).upper(),
        "userId": user["id"],
        "ticket": new_ticket(exchange, user),
        "resourceID": resource,
        "failureReason": None,
        "passwordExpirationTime": 0,
        "continuation": False,
        "continuationContext": None,
        "continuationData": None,
    }


@routes.on("POST", "/authentication/credentials", public=True)
def sign_in_with_password(exchange: Exchange) -> Any:
    body = exchange.json()
    user = check_password(exchange.data, str(body.get("userName") or ""), str(body.get("password") or ""))
    if user is None:
        raise wrong(401, "The user name or password is wrong, or the account is disabled.")
    return _signed_in(exchange, user, body.get("targetResourceId"))


@routes.on("POST", "/authentication/ticketforuser", public=True)
def ticket_for_user(exchange: Exchange) -> Any:
    body = exchange.json()
    impersonator = user_of_ticket(exchange, exchange.data, str(body.get("ticket") or ""))
    if not caller_of(exchange.data, impersonator).is_admin:
        raise wrong(403, f"{impersonator['id']} may not act for others.")
    user = need(exchange.data, "users", str(body.get("userName") or ""))
    if user["disabled"]:
        raise wrong(403, f"{user['id']} is disabled.")
    return _signed_in(exchange, user)


@routes.on("POST", "/authentication/ticketforresource", public=True)
def ticket_for_resource(exchange: Exchange) -> Any:
    body = exchange.json()
    user = user_of_ticket(exchange, exchange.data, str(body.get("ticket") or ""))
    wanted = str(body.get("targetResourceId") or "")
    if not (
        exchange.data.first("resources", resourceID=wanted) or exchange.data.first("resources", resourceName=wanted)
    ):
        raise wrong(404, f"The resource {wanted} was not found.")
    return _signed_in(exchange, user, wanted)


@routes.on("POST", "/authentication/oauth/tokeninfo", writes=False)
def token_information(exchange: Exchange) -> Any:
    """The content of the answer is not established: the claims (assumed). 410 for an expired or revoked token (R)."""
    token = exchange.json().get("token")
    if not token:
        return {"userId": exchange.caller.user["id"], "active": True}
    claims = keys.read(exchange.data, str(token))
    if claims is None:
        raise wrong(401, "The token is not valid.")
    if claims["exp"] <= time.time() or exchange.data.get("revoked", claims["jti"]):
        raise wrong(410, "The token has expired or was revoked.")
    return {"userId": claims["sub"], "active": True, **claims}


@routes.on("DELETE", "/authentication/oauth/<token>")
def revoke_token(exchange: Exchange, token: str) -> Any:
    claims = keys.read(exchange.data, token)
    if claims is None:
        raise wrong(404, "The token is not known.")
    owner = resolve(exchange.data, "users", str(claims["sub"]))
    if owner is None or owner["uuid"] != exchange.caller.user["uuid"]:
        need_admin(exchange)
    exchange.data.put("revoked", claims["jti"], {"at": time.time()})


@routes.on("POST", "/authentication/resource/validation", public=True)
def validate_ticket(exchange: Exchange) -> Any:
    user = user_of_ticket(exchange, exchange.data, str(exchange.json().get("ticket") or ""))
    return {"userId": user["id"]}


@routes.on("GET", "/authentication/headers", public=True)
def sign_in_with_header(exchange: Exchange) -> Any:
    return Reply(401, exchange.app.error(401, "No sign-in by header is configured."))


@routes.on("GET", "/currentuser")
def current_user(exchange: Exchange) -> Any:
    caller = exchange.caller
    return {
        "isAdmin": caller.is_admin,
        "isSysAdmin": caller.is_system,
        "user": shown_one(exchange.data, "users", caller.user),
    }
