"""Partitions, application roles, organizational units, and sources that partitions are synchronized from."""

from __future__ import annotations

from typing import Any

from connectors.otds.sandbox.directory import (
    ROLE,
    change,
    given_attributes,
    id_of,
    member,
    need,
    need_partition,
    new,
    partition_location,
    remove,
    resolve,
    shown_many,
    shown_one,
    wrong,
)
from connectors.otds.sandbox.membership import strings
from connectors.otds.sandbox.paging import page_of
from connectors.otds.sandbox.sessions import need_admin
from connectors.otds.sandbox.users import listed
from hub.sdk.sandbox import Exchange, Routes

routes = Routes("/otdsws/rest")


def _partition(document: dict[str, Any]) -> dict[str, Any]:
    location = partition_location(document["name"])
    return {
        **document,
        "id": document["name"],
        "location": location,
        "urlId": document["name"],
        "urlLocation": location,
    }


@routes.on("POST", "/partitions", "/partition")
def add_partition(exchange: Exchange) -> Any:
    need_admin(exchange)
    body = exchange.json()
    name = str(body.get("name") or "").strip()
    if not name:
        raise wrong(400, "A partition needs a name.")
    if exchange.data.get("partitions", name):
        raise wrong(409, f"There is already a partition {name}.")
    made = {"name": name, "description": str(body.get("description") or ""), "synchronized": False}
    exchange.data.add("partitions", name, made)
    exchange.wrote(f"partitions/{name}")
    return _partition(made)


@routes.on("GET", "/partitions")
def partitions(exchange: Exchange) -> Any:
    """The name of the list is disputed; a setting chooses `partitions` (default) or `_userPartitions`."""
    need_admin(exchange)
    rows = [_partition(found) for found in exchange.data.find("partitions")]
    return page_of(exchange, str(exchange.app.setting("partition_list_name")), rows)


@routes.on("GET", "/partitions/<name>")
def partition(exchange: Exchange, name: str) -> Any:
    need_admin(exchange)
    return _partition(need_partition(exchange.data, name))


@routes.on("POST", "/roles")
def add_role(exchange: Exchange) -> Any:
    body = exchange.json()
    name, there = str(body.get("name") or ""), str(body.get("userPartitionID") or "OAuthClients")
    need_admin(exchange, there)
    need_partition(exchange.data, there)
    if not name:
        raise wrong(400, "A role needs a name.")
    if resolve(exchange.data, "roles", id_of(name, there)):
        raise wrong(409, f"There is already a role {name} in {there}.")
    made = new(
        "roles", name, there, attributes=given_attributes(body), description=str(body.get("description") or "")
    )
    made["custom"] = body.get("customAttributes")
    exchange.data.add("roles", made["uuid"], made)
    exchange.wrote(f"roles/{made['id']}")
    return shown_one(exchange.data, "roles", made)


@routes.on("GET", "/roles")
def roles(exchange: Exchange) -> Any:
    need_admin(exchange)
    return listed(exchange, "roles", "roles")


@routes.on("GET", "/roles/<name>")
def role(exchange: Exchange, name: str) -> Any:
    need_admin(exchange)
    return shown_one(exchange.data, "roles", need(exchange.data, "roles", name))


@routes.on("PUT", "/roles/<name>")
def put_role(exchange: Exchange, name: str) -> Any:
    need_admin(exchange)
    read = need(exchange.data, "roles", name)
    changed = change(exchange.data, "roles", read, exchange.json(), may_rename=True)
    exchange.wrote(f"roles/{read['id']}", changed=changed)
    return shown_one(exchange.data, "roles", exchange.data.get("roles", read["uuid"]) or read)


@routes.on("DELETE", "/roles/<name>")
def delete_role(exchange: Exchange, name: str) -> Any:
    need_admin(exchange)
    read = need(exchange.data, "roles", name)
    remove(exchange.data, "roles", read)
    exchange.wrote(f"roles/{read['id']}")


def _holders(exchange: Exchange, name: str, collection: str) -> list[dict[str, Any]]:
    need_admin(exchange)
    read = need(exchange.data, "roles", name)
    rows = exchange.data.many(collection, exchange.data.sources(ROLE, read["uuid"]))
    return shown_many(exchange.data, collection, list(rows.values()), as_keys=False)


@routes.on("GET", "/roles/<name>/members")
def role_members(exchange: Exchange, name: str) -> Any:
    """The path is C; the two lists are assumed."""
    return {
        **page_of(exchange, "users", _holders(exchange, name, "users")),
        "groups": _holders(exchange, name, "groups"),
    }


@routes.on("GET", "/roles/<name>/users")
def role_users(exchange: Exchange, name: str) -> Any:
    return page_of(exchange, "users", _holders(exchange, name, "users"))


@routes.on("POST", "/roles/<name>/members")
def add_role_members(exchange: Exchange, name: str) -> Any:
    _tie(exchange, name, tied=True)


@routes.on("POST", "/roles/<name>/members/deletionset")
def remove_role_members(exchange: Exchange, name: str) -> Any:
    _tie(exchange, name, tied=False)


def _tie(exchange: Exchange, name: str, *, tied: bool) -> None:
    need_admin(exchange)
    read = need(exchange.data, "roles", name)
    for wanted in strings(exchange):
        holder = member(exchange.data, wanted)[1]
        act = exchange.data.link if tied else exchange.data.unlink
        exchange.wrote(f"role/{read['id']}/{holder['id']}", changed=act(ROLE, holder["uuid"], read["uuid"]))


def _unit(document: dict[str, Any]) -> dict[str, Any]:
    location = f"orgunit={document['name']},{partition_location(document['partition'])}"
    return {
        "name": document["name"],
        "userPartitionID": document["partition"],
        "description": document.get("description", ""),
        "location": location,
        "id": location,
    }


@routes.on("GET", "/orgunits")
def units(exchange: Exchange) -> Any:
    """Hint only (C)."""
    need_admin(exchange)
    where = {"partition": there} if (there := exchange.query.get("where_partition_name", "")) else {}
    return page_of(exchange, "organizationalUnits", [_unit(found) for found in exchange.data.find("units", **where)])


@routes.on("POST", "/orgunits")
def add_unit(exchange: Exchange) -> Any:
    """Hint only (C)."""
    body = exchange.json()
    name, there = str(body.get("name") or ""), str(body.get("userPartitionID") or "")
    need_admin(exchange, there)
    need_partition(exchange.data, there)
    if not name or exchange.data.get("units", f"{name}@{there}"):
        raise wrong(409 if name else 400, "An organizational unit needs a name of its own.")
    made = {"name": name, "partition": there, "description": str(body.get("description") or "")}
    exchange.data.add("units", f"{name}@{there}", made)
    exchange.wrote(f"orgunits/{name}@{there}")
    return _unit(made)


@routes.on("POST", "/identityproviderprofiles")
def add_source(exchange: Exchange) -> Any:
    need_admin(exchange)
    body = exchange.json()
    name = str(body.get("profileName") or "")
    if not name:
        raise wrong(400, "A synchronized partition needs a profileName.")
    if exchange.data.get("partitions", name):
        raise wrong(409, f"There is already a partition {name}.")
    kept = {**body, "ipAuthentication": {**(body.get("ipAuthentication") or {}), "bindPassword": None}}
    exchange.data.add("sources", name, kept)
    made = {"name": name, "description": str(body.get("description") or ""), "synchronized": True}
    exchange.data.add("partitions", name, made)
    exchange.wrote(f"identityproviderprofiles/{name}")
    return kept


@routes.on("POST", "/identityproviderprofiles/<name>/command")
def command_source(exchange: Exchange, name: str) -> Any:
    """There is no directory behind it: the import finds nobody. 204 is the only success pyxecm knows (P)."""
    need_admin(exchange)
    if exchange.data.get("sources", name) is None:
        raise wrong(404, f"The synchronized partition {name} was not found.")
    if exchange.json().get("command") != "import":
        raise wrong(400, "The command is import.")
    exchange.wrote(f"identityproviderprofiles/{name}")
