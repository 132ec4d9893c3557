"""The OAuth 2 endpoints: tokens, keys, discovery, and the registered clients."""

from __future__ import annotations

import secrets
import time
import uuid
from typing import Any

from connectors.otds.sandbox import keys
from connectors.otds.sandbox.directory import (
    CLIENTS,
    TENANT,
    location_of,
    need,
    new,
    remove,
    resolve,
    wrong,
)
from connectors.otds.sandbox.paging import page_of
from connectors.otds.sandbox.sessions import caller_of, check_password, effective_groups, need_admin, user_of_token
from hub.sdk.sandbox import Exchange, Refusal, Reply, Routes

routes = Routes("/otdsws")
EXCHANGE = "urn:ietf:params:oauth:grant-type:token-exchange"


def _refused(status: int, error: str, words: str) -> Refusal:
    """Errors in the form of RFC 6749 (the natural choice, not confirmed)."""
    return Refusal(status, {"error": error, "error_description": words})


def _client(exchange: Exchange) -> dict[str, Any]:
    form = exchange.form()
    name, secret = exchange.basic() or (form.get("client_id", ""), form.get("client_secret", ""))
    client = exchange.data.get("clients", name)
    if client is None or not secrets.compare_digest(str(client["secret"]).encode(), secret.encode()):
        raise _refused(401, "invalid_client", "The client is not known, or its secret is wrong.")
    return client


def _issue(exchange: Exchange, user: dict[str, Any], client: str, scope: str) -> dict[str, Any]:
    lives = int(exchange.app.setting("token_lifetime_seconds"))
    at = int(time.time())
    attributes = user["attributes"]
    claims = {
        "iss": f"{exchange.base_url}/otdsws",
        "sub": user["id"],
        "preferred_username": user["id"],
        "aud": client,
        "iat": at,
        "exp": at + lives,
        "jti": secrets.token_hex(12),
        "name": (attributes.get("displayName") or [user["name"]])[0],
        "email": (attributes.get("mail") or [""])[0],
        "tenant": TENANT,
        "groups": effective_groups(exchange.data, user["uuid"]),
        "scope": scope,
    }
    return {"access_token": keys.sign(exchange.data, claims), "token_type": "Bearer", "expires_in": lives}


@routes.on("POST", "/oauth2/token", public=True, writes=False)
def token(exchange: Exchange) -> Any:
    form = exchange.form()
    client = _client(exchange)
    scope = form.get("scope", "")
    principal = resolve(exchange.data, "users", f"{client['id']}@{CLIENTS}")
    match form.get("grant_type", ""):
        case "client_credentials":
            if principal is None or principal["disabled"]:
                raise _refused(400, "unauthorized_client", "The client is disabled.")
            return _issue(exchange, principal, client["id"], scope)
        case "password":
            user = check_password(exchange.data, form.get("username", ""), form.get("password", ""))
            if user is None:
                raise _refused(
                    400, "invalid_grant", "The user name or password is wrong, or the account is disabled."
                )
            return _issue(exchange, user, client["id"], scope)
        case grant if grant == EXCHANGE:
            if principal is None or not (
                client["allowImpersonation"] or caller_of(exchange.data, principal).is_admin
            ):
                raise _refused(400, "unauthorized_client", "The client may not act for users.")
            user = resolve(exchange.data, "users", form.get("subject_token", ""))
            if user is None or user["disabled"]:
                raise _refused(400, "invalid_grant", "The user is not known, or disabled.")
            made = _issue(exchange, user, client["id"], scope)
            return {**made, "issued_token_type": "urn:ietf:params:oauth:token-type:access_token"}
        case other:
            raise _refused(400, "unsupported_grant_type", f"There is no grant type {other[:40]}.")


@routes.on("GET", "/oauth2/jwks", public=True)
def jwks(exchange: Exchange) -> Any:
    return keys.public_keys(exchange.data)


@routes.on("POST", "/oauth2/introspect", public=True, writes=False)
def introspect(exchange: Exchange) -> Any:
    _client(exchange)
    claims = keys.read(exchange.data, exchange.form().get("token", ""))
    if claims is None or claims["exp"] <= time.time() or exchange.data.get("revoked", claims["jti"]):
        return {"active": False}
    return {"active": True, **claims}


@routes.on("POST", "/oauth2/revoke", public=True)
def revoke(exchange: Exchange) -> Any:
    _client(exchange)
    claims = keys.read(exchange.data, exchange.form().get("token", ""))
    if claims is not None:
        exchange.data.put("revoked", claims["jti"], {"at": time.time()})
    return Reply(200)


@routes.on("GET", "/oauth2/userinfo", public=True)
def user_info(exchange: Exchange) -> Any:
    user = user_of_token(exchange, exchange.data, exchange.bearer())
    attributes = user["attributes"]
    return {
        "sub": user["id"],
        "preferred_username": user["id"],
        "name": (attributes.get("displayName") or [user["name"]])[0],
        "email": (attributes.get("mail") or [""])[0],
    }


@routes.on("GET", "/.well-known/openid-configuration", "/oauth2/.well-known/openid-configuration", public=True)
def discovery(exchange: Exchange) -> Any:
    base = f"{exchange.base_url}/otdsws"
    return {
        "issuer": base,
        "authorization_endpoint": f"{base}/oauth2/auth",
        "token_endpoint": f"{base}/oauth2/token",
        "introspection_endpoint": f"{base}/oauth2/introspect",
        "revocation_endpoint": f"{base}/oauth2/revoke",
        "userinfo_endpoint": f"{base}/oauth2/userinfo",
        "jwks_uri": f"{base}/oauth2/jwks",
        "end_session_endpoint": f"{base}/logout",
        "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
        "response_types_supported": ["code", "code id_token", "id_token", "token id_token"],
        "grant_types_supported": ["password", "client_credentials"],
        "code_challenge_methods_supported": ["plain", "S256"],
        "id_token_signing_alg_values_supported": ["RS256"],
        "scopes_supported": ["openid", "otds:roles", "otds:groups", "otds:groupids", "otds:roleids"],
        "subject_types_supported": ["public"],
    }


FIELDS: dict[str, Any] = {
    "description": "",
    "redirectURLs": [],
    "accessTokenLifeTime": 1000,
    "refreshTokenLifeTime": 86400,
    "authCodeLifeTime": 30,
    "allowRefreshToken": True,
    "allowImpersonation": True,
    "useSessionRefreshTokenLifeTime": False,
    "confidential": True,
    "authScopes": None,
    "allowedScopes": None,
    "defaultScopes": None,
    "impersonateList": [],
    "customAttributes": None,
    "logoutURL": None,
    "logoutMethod": None,
}


def _shown(exchange: Exchange, client: dict[str, Any]) -> dict[str, Any]:
    user = need(exchange.data, "users", f"{client['id']}@{CLIENTS}")
    location = location_of("users", user)
    return {
        **client,
        "name": client["id"],
        "uuid": user["uuid"],
        "location": location,
        "urlId": client["id"],
        "urlLocation": location,
    }


def _need_client(exchange: Exchange, name: str) -> dict[str, Any]:
    found = exchange.data.get("clients", name)
    if found is None:
        raise wrong(404, f"The OAuth client {name} was not found.")
    return found


@routes.on("POST", "/rest/oauthclients")
def add_client(exchange: Exchange) -> Any:
    need_admin(exchange)
    body = exchange.json()
    name = str(body.get("id") or body.get("name") or "")
    if not name:
        raise wrong(400, "An OAuth client needs an id.")
    if exchange.data.get("clients", name):
        raise wrong(409, f"There is already an OAuth client {name}.")
    client = {"id": name, **{field: body.get(field, default) for field, default in FIELDS.items()}}
    client["secret"] = body.get("secret") or secrets.token_urlsafe(24)
    user = new("users", name, CLIENTS, description=client["description"] or "", key=str(uuid.uuid4()))
    exchange.data.add("users", user["uuid"], user)
    exchange.data.add("clients", name, client)
    exchange.wrote(f"oauthclients/{name}")
    return _shown(exchange, client)


@routes.on("GET", "/rest/oauthclients")
def clients(exchange: Exchange) -> Any:
    need_admin(exchange)
    wanted = exchange.query.get("where_filter", "").lower()
    rows = [_shown(exchange, found) for found in exchange.data.find("clients") if wanted in found["id"].lower()]
    return page_of(exchange, "clients", [{**row, "secret": None} for row in rows])


@routes.on("GET", "/rest/oauthclients/<name>")
def client(exchange: Exchange, name: str) -> Any:
    need_admin(exchange)
    return {**_shown(exchange, _need_client(exchange, name)), "secret": None}


@routes.on("PATCH", "/rest/oauthclients/<name>")
def change_client(exchange: Exchange, name: str) -> Any:
    need_admin(exchange)
    found = _need_client(exchange, name)
    body = exchange.json()
    after = found | {field: body[field] for field in (*FIELDS, "secret") if field in body}
    exchange.wrote(f"oauthclients/{name}", changed=exchange.data.put("clients", name, after))
    return _shown(exchange, after)


@routes.on("DELETE", "/rest/oauthclients/<name>")
def delete_client(exchange: Exchange, name: str) -> Any:
    need_admin(exchange)
    _need_client(exchange, name)
    exchange.data.delete("clients", name)
    remove(exchange.data, "users", need(exchange.data, "users", f"{name}@{CLIENTS}"))
    exchange.wrote(f"oauthclients/{name}")


@routes.on("GET", "/rest/oauthclients/<name>/impersonation")
def impersonation(exchange: Exchange, name: str) -> Any:
    need_admin(exchange)
    found = _need_client(exchange, name)
    return {"allowImpersonation": found["allowImpersonation"], "impersonateList": found["impersonateList"]}


@routes.on("PUT", "/rest/oauthclients/<name>/impersonation")
def change_impersonation(exchange: Exchange, name: str) -> Any:
    need_admin(exchange)
    found, body = _need_client(exchange, name), exchange.json()
    after = found | {key: body[key] for key in ("allowImpersonation", "impersonateList") if key in body}
    exchange.wrote(f"oauthclients/{name}", changed=exchange.data.put("clients", name, after))
