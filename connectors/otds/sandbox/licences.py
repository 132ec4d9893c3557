"""Licences and the seats on their counters, below `/rest/licensemanagement/licenses`."""

from __future__ import annotations

from typing import Any

from connectors.otds.sandbox.access import need_resource
from connectors.otds.sandbox.directory import SUFFIX, need, need_partition, partition_location, shown_many, wrong
from connectors.otds.sandbox.paging import page_of
from connectors.otds.sandbox.sessions import need_admin
from hub.sdk.sandbox import Documents, Exchange, Routes

routes = Routes("/otdsws/rest/licensemanagement/licenses")


def licence_id(product: str, resource: str) -> str:
    """The DN of a licence; the mark between is U+00B9 (PX)."""
    return f"cn={product}\u00b9{resource},ou=Licenses,{SUFFIX}"


def new_licence(data: Documents, product: str, resource: str, description: str, values: list[Any]) -> dict[str, Any]:
    made = {"product": product, "resource": resource, "description": description, "values": values}
    data.add("licences", licence_id(product, resource), made)
    return made


def _shown(exchange: Exchange, licence: dict[str, Any]) -> dict[str, Any]:
    key = licence_id(licence["product"], licence["resource"])
    resource = exchange.data.get("resources", licence["resource"]) or {}
    return {
        "_oTLicenseType": "NON-PRODUCTION",
        "_oTLicenseResource": licence["resource"],
        "_oTLicenseResourceName": resource.get("resourceName"),
        "_oTLicenseProduct": licence["product"],
        "name": licence["product"],
        "location": key,
        "id": key,
        "description": licence["description"],
        "values": licence["values"],
    }


def _need_licence(exchange: Exchange, key: str) -> dict[str, Any]:
    found = exchange.data.get("licences", key)
    if found is None:
        raise wrong(404, f"The licence {key} was not found.")
    return found


@routes.on("GET", "/assignedlicenses")
def assigned(exchange: Exchange) -> Any:
    need_admin(exchange)
    wanted = exchange.query.get("resourceID", "")
    rows = exchange.data.find("licences", **({"resource": wanted} if wanted else {}))
    return {"licenseObjects": {"_licenses": [_shown(exchange, row) for row in rows]}}


def _read_body(exchange: Exchange) -> tuple[str, str, str, list[Any]]:
    """`values` hold plain strings here, not lists (W)."""
    body = exchange.json()
    values = body.get("values") or []
    named = {pair.get("name"): pair.get("values") for pair in values}
    resource = named.get("oTLicenseResource")
    resource = resource[0] if isinstance(resource, list) else resource
    if not body.get("name") or not resource:
        raise wrong(400, "A licence needs a name and oTLicenseResource.")
    return str(body["name"]), str(resource), str(body.get("description") or ""), values


@routes.on("POST", "")
def add_licence(exchange: Exchange) -> Any:
    need_admin(exchange)
    product, resource, description, values = _read_body(exchange)
    need_resource(exchange.data, resource)
    if exchange.data.get("licences", licence_id(product, resource)):
        raise wrong(409, f"The licence {product} is already there.")
    made = new_licence(exchange.data, product, resource, description, values)
    exchange.wrote(f"licences/{product}")
    return _shown(exchange, made)


@routes.on("PUT", "/<key>")
def put_licence(exchange: Exchange, key: str) -> Any:
    need_admin(exchange)
    read = _need_licence(exchange, key)
    _, _, description, values = _read_body(exchange)
    after = {**read, "description": description, "values": values}
    exchange.wrote(f"licences/{read['product']}", changed=exchange.data.put("licences", key, after))
    return _shown(exchange, after)


@routes.on("DELETE", "/<key>")
def delete_licence(exchange: Exchange, key: str) -> Any:
    need_admin(exchange)
    read = _need_licence(exchange, key)
    for seat in exchange.data.rows("seats", licence=key):
        exchange.data.delete("seats", seat.key)
    exchange.data.delete("licences", key)
    exchange.wrote(f"licences/{read['product']}")


def seat_key(licence: str, counter: str, key: str) -> str:
    return f"{licence}|{counter}|{key}"


def _seat(exchange: Exchange, key: str) -> tuple[str, dict[str, Any], str]:
    """The seat that a body names: store key, document, and the name for the write counters."""
    need_admin(exchange)
    _need_licence(exchange, key)
    body = exchange.json()
    counters = [pair["values"] for pair in body.get("values") or [] if pair.get("name") == "counter"]
    counter = str(counters[0][0]) if counters and counters[0] else ""
    kind, name = str(body.get("_oTLicenseProduct") or ""), str(body.get("name") or "")
    if not counter or kind not in {"users", "groups", "partitions"}:
        raise wrong(400, "Name a counter, and users, groups or partitions in _oTLicenseProduct.")
    if kind == "partitions":
        holder = label = need_partition(exchange.data, name)["name"]
    else:
        document = need(exchange.data, kind, name)
        holder, label = document["uuid"], document["id"]
    made = {"licence": key, "counter": counter, "kind": kind, "object": holder}
    made["type"] = str(body.get("_oTLicenseType") or "Full")
    return seat_key(key, counter, holder), made, f"seats/{counter}/{label}"


@routes.on("POST", "/object/<key>")
def assign(exchange: Exchange, key: str) -> Any:
    name, made, target = _seat(exchange, key)
    exchange.wrote(target, changed=exchange.data.put("seats", name, made))


@routes.on("DELETE", "/object/<key>")
def free(exchange: Exchange, key: str) -> Any:
    """Assumed: no public source shows how a seat is freed. The body is the one that assigned it."""
    name, _, target = _seat(exchange, key)
    exchange.wrote(target, changed=exchange.data.delete("seats", name))


@routes.on("GET", "/object/<key>")
def holders(exchange: Exchange, key: str) -> Any:
    need_admin(exchange)
    _need_licence(exchange, key)
    counter = exchange.query.get("counter", "")
    seats = exchange.data.find("seats", licence=key, **({"counter": counter} if counter else {}))
    answers = {}
    for kind in ("users", "groups"):
        found = exchange.data.many(kind, [seat["object"] for seat in seats if seat["kind"] == kind])
        rows = shown_many(exchange.data, kind, list(found.values()), as_keys=False)
        answers[kind] = page_of(exchange, kind, rows)
    partitions = [
        {"name": seat["object"], "id": seat["object"], "location": partition_location(seat["object"])}
        for seat in seats
        if seat["kind"] == "partitions"
    ]
    return {
        "listUsersResults": answers["users"],
        "listGroupsResults": answers["groups"],
        "listUserPartitionResult": page_of(exchange, "_userPartitions", partitions),
    }
