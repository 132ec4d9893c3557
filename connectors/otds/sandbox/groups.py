"""Below `/rest/groups`."""

from __future__ import annotations

from typing import Any

from connectors.otds.sandbox.directory import (
    MEMBER,
    ROLE,
    change,
    given_attributes,
    id_of,
    member,
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
from connectors.otds.sandbox.paging import page_of
from connectors.otds.sandbox.sessions import need_admin
from connectors.otds.sandbox.users import give_roles, keyed, listed
from hub.sdk.sandbox import Exchange, Routes

routes = Routes("/otdsws/rest/groups")


@routes.on("GET", "")
def groups(exchange: Exchange) -> Any:
    need_admin(exchange)
    return listed(exchange, "groups", "groups")


@routes.on("POST", "")
def add_group(exchange: Exchange) -> Any:
    body = exchange.json()
    name, partition = str(body.get("name") or "").strip(), str(body.get("userPartitionID") or "")
    if not name or not partition:
        raise wrong(400, "A group needs a name and a userPartitionID.")
    need_admin(exchange, partition)
    need_partition(exchange.data, partition)
    if resolve(exchange.data, "groups", id_of(name, partition)):
        raise wrong(409, f"There is already a group {name} in {partition}.")
    made = new(
        "groups", name, partition, attributes=given_attributes(body), description=str(body.get("description") or "")
    )
    exchange.data.add("groups", made["uuid"], made)
    exchange.wrote(f"groups/{made['id']}")
    return shown_one(exchange.data, "groups", made)


@routes.on("GET", "/<name>")
def group(exchange: Exchange, name: str) -> Any:
    need_admin(exchange)
    return shown_one(exchange.data, "groups", need(exchange.data, "groups", name), as_keys=keyed(exchange))


@routes.on("PUT", "/<name>")
def put_group(exchange: Exchange, name: str) -> Any:
    read = need(exchange.data, "groups", name)
    need_admin(exchange, read["partition"])
    changed = change(exchange.data, "groups", read, exchange.json(), may_rename=True)
    exchange.wrote(f"groups/{read['id']}", changed=changed)
    return shown_one(exchange.data, "groups", exchange.data.get("groups", read["uuid"]) or read)


@routes.on("DELETE", "/<name>")
def delete_group(exchange: Exchange, name: str) -> Any:
    read = need(exchange.data, "groups", name)
    need_admin(exchange, read["partition"])
    remove(exchange.data, "groups", read)
    exchange.wrote(f"groups/{read['id']}")


@routes.on("GET", "/<name>/memberof")
def parents(exchange: Exchange, name: str) -> Any:
    need_admin(exchange)
    read = need(exchange.data, "groups", name)
    rows = exchange.data.many("groups", exchange.data.targets(MEMBER, read["uuid"]))
    return page_of(
        exchange, "groups", shown_many(exchange.data, "groups", list(rows.values()), as_keys=keyed(exchange))
    )


@routes.on("POST", "/<name>/memberof")
def add_parents(exchange: Exchange, name: str) -> Any:
    read = need(exchange.data, "groups", name)
    for wanted in strings(exchange):
        join(exchange, read, need(exchange.data, "groups", wanted))


def _members(exchange: Exchange, name: str, collection: str) -> list[dict[str, Any]]:
    need_admin(exchange)
    read = need(exchange.data, "groups", name)
    rows = exchange.data.many(collection, exchange.data.sources(MEMBER, read["uuid"]))
    ordered = sorted(rows.values(), key=lambda row: str(row["id"]))
    return shown_many(exchange.data, collection, ordered, as_keys=keyed(exchange))


@routes.on("GET", "/<name>/members")
def members(exchange: Exchange, name: str) -> Any:
    """The path is C; that direct users and groups come in two lists is assumed."""
    return {
        **page_of(exchange, "users", _members(exchange, name, "users")),
        "groups": _members(exchange, name, "groups"),
    }


@routes.on("GET", "/<name>/users")
def users_of_group(exchange: Exchange, name: str) -> Any:
    """The path is C; that it means direct members is assumed."""
    return page_of(exchange, "users", _members(exchange, name, "users"))


@routes.on("POST", "/<name>/members", "/<name>/groups")
def add_members(exchange: Exchange, name: str) -> Any:
    read = need(exchange.data, "groups", name)
    for wanted in strings(exchange):
        join(exchange, member(exchange.data, wanted)[1], read)


@routes.on("POST", "/<name>/members/deletionset", "/<name>/groups/deletionset")
def remove_members(exchange: Exchange, name: str) -> Any:
    read = need(exchange.data, "groups", name)
    for wanted in strings(exchange):
        leave(exchange, member(exchange.data, wanted)[1], read)


@routes.on("GET", "/<name>/roles")
def roles_of_group(exchange: Exchange, name: str) -> Any:
    need_admin(exchange)
    read = need(exchange.data, "groups", name)
    rows = exchange.data.many("roles", exchange.data.targets(ROLE, read["uuid"]))
    return page_of(exchange, "roles", shown_many(exchange.data, "roles", list(rows.values()), as_keys=False))


@routes.on("POST", "/<name>/roles")
def give_roles_to_group(exchange: Exchange, name: str) -> Any:
    give_roles(exchange, need(exchange.data, "groups", name))
