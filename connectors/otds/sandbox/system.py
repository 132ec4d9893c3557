"""System configuration and authentication handlers."""

from __future__ import annotations

from typing import Any

from connectors.otds.sandbox.directory import wrong
from connectors.otds.sandbox.sessions import need_admin, need_system
from hub.sdk.sandbox import Exchange, Reply, Routes

routes = Routes("/otdsws/rest")
POLICY = {
    "passwordHistoryMaximumCount": 3,
    "daysBeforeNewPasswordMayBeChanged": 1,
    "passwordMaximumDuration": 90,
    "daysBeforeOldPasswordMayBeReused": 0,
    "lockoutFailureCount": 0,
    "lockoutDuration": 15,
    "minimumNumberOfCharacters": 8,
    "complexPasswordValidationEnabled": True,
    "minimumNumberOfDigits": 1,
    "minimumNumberOfSymbols": 1,
    "minimumNumberOfUppercase": 1,
    "minimumNumberOfLowercase": 1,
    "minimumChangesToPreviousPassword": 0,
    "maxNumberOfConsecutiveANCharsInPassword": 0,
    "blockCommonPassword": False,
}


@routes.on("POST", "/systemconfig/system_attributes")
def add_attribute(exchange: Exchange) -> Any:
    need_system(exchange)
    body = exchange.json()
    name = str(body.get("name") or "")
    if not name:
        raise wrong(400, "A system attribute needs a name.")
    made = {"name": name, "value": body.get("value"), "friendlyName": body.get("friendlyName") or ""}
    exchange.wrote(f"system_attributes/{name}", changed=exchange.data.put("system", f"attribute:{name}", made))
    return made


@routes.on("PUT", "/systemconfig/system_attributes/<name>")
def put_attribute(exchange: Exchange, name: str) -> Any:
    need_system(exchange)
    before = exchange.data.get("system", f"attribute:{name}") or {"name": name, "friendlyName": ""}
    made = {**before, "value": exchange.json().get("value")}
    exchange.wrote(f"system_attributes/{name}", changed=exchange.data.put("system", f"attribute:{name}", made))
    return made


@routes.on("GET", "/systemconfig/whitelist")
def trusted_sites(exchange: Exchange) -> Any:
    need_admin(exchange)
    return exchange.data.get("system", "whitelist") or {"stringList": []}


@routes.on("PUT", "/systemconfig/whitelist")
def put_trusted_sites(exchange: Exchange) -> Any:
    need_system(exchange)
    listed = exchange.json().get("stringList") or []
    exchange.wrote("whitelist", changed=exchange.data.put("system", "whitelist", {"stringList": listed}))


@routes.on("GET", "/systemconfig/passwordpolicy")
def password_policy(exchange: Exchange) -> Any:
    need_admin(exchange)
    return exchange.data.get("system", "passwordpolicy") or POLICY


@routes.on("PUT", "/systemconfig/passwordpolicy")
def put_password_policy(exchange: Exchange) -> Any:
    need_system(exchange)
    after = {**(exchange.data.get("system", "passwordpolicy") or POLICY), **exchange.json()}
    exchange.wrote("passwordpolicy", changed=exchange.data.put("system", "passwordpolicy", after))


@routes.on("PUT", "/systemconfig/audit")
def put_audit(exchange: Exchange) -> Any:
    need_system(exchange)
    exchange.wrote("audit", changed=exchange.data.put("system", "audit", exchange.json()))


@routes.on("GET", "/systemconfig/version")
def version(exchange: Exchange) -> Any:
    """That there is such a path is O; the content is assumed."""
    return {"version": "24.4.0", "build": "sandbox"}


@routes.on("POST", "/authhandlers")
def add_handler(exchange: Exchange) -> Any:
    need_system(exchange)
    body = exchange.json()
    name = str(body.get("_name") or "")
    if not name:
        raise wrong(400, "A handler needs a _name.")
    if exchange.data.get("handlers", name):
        raise wrong(409, f"There is already a handler {name}.")
    permissions = {f"{verb}Permission": True for verb in ("create", "read", "update", "delete", "enable")}
    made = {**body, "_id": name, **permissions}
    exchange.data.add("handlers", name, made)
    exchange.wrote(f"authhandlers/{name}")
    return made


@routes.on("GET", "/authhandlers/<name>")
def handler(exchange: Exchange, name: str) -> Any:
    need_admin(exchange)
    found = exchange.data.get("handlers", name)
    if found is None:
        raise wrong(404, f"The handler {name} was not found.")
    return found


@routes.on("POST", "/authhandlers/<name>/files")
def add_files(exchange: Exchange, name: str) -> Any:
    need_system(exchange)
    found = exchange.data.get("handlers", name)
    file = exchange.files().get("file1")
    if found is None or file is None:
        raise wrong(404 if found is None else 400, f"The handler {name} or the file is missing.")
    file.close()
    after = {**found, "files": {exchange.form().get("file1_property", ""): file.filename}}
    exchange.wrote(f"authhandlers/{name}/files", changed=exchange.data.put("handlers", name, after))
    return Reply(200, {})
