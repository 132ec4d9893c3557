"""Below `/rest/users`."""

from __future__ import annotations

from typing import Any

from connectors.otds.sandbox.directory import (
    MEMBER,
    ROLE,
    change,
    given_attributes,
    id_of,
    need,
    need_partition,
    new,
    remove,
    resolve,
    shown_many,
    shown_one,
    wrong,
)
from connectors.otds.sandbox.membership import join, leave, strings
from connectors.otds.sandbox.paging import found, page, page_of
from connectors.otds.sandbox.sessions import need_admin, need_self_or_admin, set_password
from hub.sdk.sandbox import Exchange, Routes

routes = Routes("/otdsws/rest/users")


def keyed(exchange: Exchange) -> bool:
    """pyxecm sends the literal True (W)."""
    return exchange.query.get("attrsAsKeys", "").lower() == "true"


def listed(exchange: Exchange, collection: str, name: str, **where: Any) -> dict[str, Any]:
    """A page of users, groups or roles by the parameters of the REST API."""
    if partition := exchange.query.get("where_partition_name", ""):
        need_partition(exchange.data, partition)
        where["partition"] = partition
    if location := exchange.query.get("where_location", ""):
        parts = dict(part.split("=", 1) for part in location.split(",") if "=" in part)
        where["partition"] = parts.get("partition", "")
        if parts.get("orgunit", collection) != collection:
            raise wrong(404, f"There is no {location}.")
    documents, last, more = found(exchange, collection, **where)
    rows = shown_many(exchange.data, collection, documents, as_keys=keyed(exchange))
    return page(exchange, name, rows, last=last, more=more)


@routes.on("GET", "")
def users(exchange: Exchange) -> Any:
    need_admin(exchange)
    match exchange.query.get("where_state", ""):
        case "":
            return listed(exchange, "users", "users")
        case "enabled":
            return listed(exchange, "users", "users", disabled=0)
        case "disabled":
            return listed(exchange, "users", "users", disabled=1)
        case _:
            raise wrong(400, "where_state is enabled or disabled.")


@routes.on("POST", "")
def add_user(exchange: Exchange) -> Any:
    body = exchange.json()
    name, partition = str(body.get("name") or "").strip(), str(body.get("userPartitionID") or "")
    if not name or not partition:
        raise wrong(400, "A user needs a name and a userPartitionID.")
    need_admin(exchange, partition)
    need_partition(exchange.data, partition)
    if resolve(exchange.data, "users", id_of(name, partition)):
        raise wrong(409, f"There is already a user {name} in {partition}.")
    given = given_attributes(body)
    password = (given.pop("userPassword", None) or [""])[0] or str(body.get("userPassword") or "")
    if body.get("displayName"):
        given["displayName"] = [str(body["displayName"])]
    user = new("users", name, partition, attributes=given, description=str(body.get("description") or ""))
    user["custom"] = body.get("customAttributes")
    exchange.data.add("users", user["uuid"], user)
    if password:
        set_password(exchange.data, user, password)
    exchange.wrote(f"users/{user['id']}")
    return shown_one(exchange.data, "users", user)


@routes.on("POST", "/search", writes=False)
def search_users(exchange: Exchange) -> Any:
    """Hint only (c)."""
    need_admin(exchange)
    body = exchange.json()
    rows = exchange.data.find("users", partition=str(body.get("partitionName") or ""))
    if body.get("state") in {"enabled", "disabled"}:
        rows = [row for row in rows if row["disabled"] == int(body["state"] == "disabled")]
    return page_of(exchange, "users", shown_many(exchange.data, "users", rows, as_keys=False))


@routes.on("GET", "/<name>")
def user(exchange: Exchange, name: str) -> Any:
    read = need(exchange.data, "users", name)
    need_self_or_admin(exchange, read)
    return shown_one(exchange.data, "users", read, as_keys=keyed(exchange))


@routes.on("PATCH", "/<name>")
def patch_user(exchange: Exchange, name: str) -> Any:
    body = exchange.json()
    read = need(exchange.data, "users", name, str(body.get("userPartitionID") or ""))
    need_admin(exchange, read["partition"])
    changed = change(exchange.data, "users", read, body)
    exchange.wrote(f"users/{read['id']}", changed=changed)
    return shown_one(exchange.data, "users", exchange.data.get("users", read["uuid"]) or read)


@routes.on("PUT", "/<name>")
def put_user(exchange: Exchange, name: str) -> Any:
    """Replaces what it names and leaves other attributes alone (assumed: clients send partial objects, O, C)."""
    body = exchange.json()
    read = need(exchange.data, "users", name, str(body.get("userPartitionID") or ""))
    need_admin(exchange, read["partition"])
    changed = change(exchange.data, "users", read, body, may_rename=True)
    exchange.wrote(f"users/{read['id']}", changed=changed)
    return shown_one(exchange.data, "users", exchange.data.get("users", read["uuid"]) or read)


@routes.on("DELETE", "/<name>")
def delete_user(exchange: Exchange, name: str) -> Any:
    read = need(exchange.data, "users", name)
    need_admin(exchange, read["partition"])
    remove(exchange.data, "users", read)
    exchange.wrote(f"users/{read['id']}")


@routes.on("PUT", "/<name>/password")
def put_password(exchange: Exchange, name: str) -> Any:
    read = need(exchange.data, "users", name)
    need_self_or_admin(exchange, read)
    password = str(exchange.json().get("newPassword") or "")
    if len(password) < 8:
        raise wrong(400, "The new password is too short.")
    set_password(exchange.data, read, password)
    exchange.wrote(f"users/{read['id']}")


@routes.on("GET", "/<name>/memberof")
def groups_of_user(exchange: Exchange, name: str) -> Any:
    read = need(exchange.data, "users", name)
    need_self_or_admin(exchange, read)
    found_groups = exchange.data.many("groups", exchange.data.targets(MEMBER, read["uuid"]))
    rows = shown_many(exchange.data, "groups", list(found_groups.values()), as_keys=keyed(exchange))
    return page_of(exchange, "groups", rows)


@routes.on("POST", "/<name>/memberof")
def add_user_to_groups(exchange: Exchange, name: str) -> Any:
    read = need(exchange.data, "users", name)
    for wanted in strings(exchange):
        group = need(exchange.data, "groups", wanted)
        join(exchange, read, group)


@routes.on("POST", "/<name>/memberof/deletionset")
def remove_user_from_groups(exchange: Exchange, name: str) -> Any:
    """Hint only (c)."""
    read = need(exchange.data, "users", name)
    for wanted in strings(exchange):
        leave(exchange, read, need(exchange.data, "groups", wanted))


@routes.on("GET", "/<name>/roles")
def roles_of_user(exchange: Exchange, name: str) -> Any:
    read = need(exchange.data, "users", name)
    need_self_or_admin(exchange, read)
    rows = exchange.data.many("roles", exchange.data.targets(ROLE, read["uuid"]))
    return page_of(exchange, "roles", shown_many(exchange.data, "roles", list(rows.values()), as_keys=False))


@routes.on("POST", "/<name>/roles")
def give_roles_to_user(exchange: Exchange, name: str) -> Any:
    give_roles(exchange, need(exchange.data, "users", name))


def give_roles(exchange: Exchange, principal: dict[str, Any]) -> None:
    """Tie a user or group to the roles in `stringList`."""
    need_admin(exchange, principal["partition"])
    for wanted in strings(exchange):
        role = need(exchange.data, "roles", wanted)
        changed = exchange.data.link(ROLE, principal["uuid"], role["uuid"])
        exchange.wrote(f"role/{role['id']}/{principal['id']}", changed=changed)
