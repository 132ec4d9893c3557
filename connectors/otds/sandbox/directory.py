"""What the directory stores, how it is addressed, and the shapes it is answered in."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from hub.sdk.sandbox import Documents, Refusal, Shape

SUFFIX = "dc=identity,dc=opentext,dc=net"
TENANT = "northwind"
PARTITION = "Northwind"
ADMIN = "otds.admin"
CLIENTS = "OAuthClients"
FINDABLE = ("find", "partition", "name", "disabled")
SHAPE = Shape(
    {
        "partitions": (),
        "units": ("partition",),
        "users": FINDABLE,
        "groups": FINDABLE,
        "roles": FINDABLE,
        "clients": (),
        "resources": ("resourceName", "resourceID"),
        "access_roles": (),
        "licences": ("resource",),
        "seats": ("licence", "counter", "object"),
        "system": (),
        "handlers": (),
        "sources": (),
        "tickets": ("expires",),
        "revoked": (),
        "secrets": (),
    }
)
CLASSES = {"users": "oTPerson", "groups": "oTGroup", "roles": "oTRole"}
UNITS = {"users": "users", "groups": "groups", "roles": "roles"}
MEMBER = "member"
"""Links from a user or group to the groups it is directly in."""
ROLE = "role"
"""Links from a user, group or role to the application roles it has."""


def wrong(status: int, message: str, code: int = 0) -> Refusal:
    """A refusal in the error object of OTDS (P: 1034; C: 3007; every other number is the HTTP status, assumed)."""
    return Refusal(status, {"status": code or status, "error": message, "errorDetails": None})


def now() -> str:
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def id_of(name: str, partition: str) -> str:
    """`name@partition`; a login that is an e-mail address already is its own id (PX)."""
    return name if "@" in name else f"{name}@{partition}"


def new(
    collection: str,
    name: str,
    partition: str,
    *,
    attributes: Mapping[str, list[str]] | None = None,
    description: str = "",
    unit: str = "",
    key: str = "",
    at: str = "",
) -> dict[str, Any]:
    """A user, group or role as it is stored."""
    key, at = key or str(uuid.uuid4()), at or now()
    identity = id_of(name, partition)
    own: dict[str, list[str]] = {
        "cn": [name],
        "oTExternalID1": [name],
        "oTExternalID2": [f"{name}@{partition}"],
        "oTExternalID3": [f"{name}@{partition}"],
        "oTExternalID4": [f"{partition}\\{name}"],
        "entryUUID": [key],
        "createTimestamp": [at],
        "modifyTimestamp": [at],
        **(attributes or {}),
    }
    if collection == "users":
        own.setdefault("accountDisabled", ["false"])
    return {
        "id": identity,
        "find": identity.lower(),
        "uuid": key,
        "name": name,
        "partition": partition,
        "disabled": int(is_true(own.get("accountDisabled"))),
        "description": description,
        "unit": unit or UNITS[collection],
        "attributes": own,
        "custom": None,
    }


def is_true(values: list[str] | None) -> bool:
    return str(values[0]).lower() == "true" if values else False


def location_of(collection: str, document: Mapping[str, Any]) -> str:
    """The DN in the shape of current releases (PX); roles likewise (assumed)."""
    unit, partition = document["unit"], document["partition"]
    return f"{CLASSES[collection]}={document['uuid']},orgunit={unit},partition={partition},{SUFFIX}"


def partition_location(name: str) -> str:
    return f"partition={name},{SUFFIX}"


def short_location(group: str) -> str:
    """The form in `oTMemberOf`: without the partition (PX)."""
    return f"oTGroup={group},{SUFFIX}"


def resolve(data: Documents, collection: str, name: str, partition: str = "") -> dict[str, Any] | None:
    """The object with this id, location, uuid or name: exact id first, then split at the last @."""
    if found := data.first(collection, find=name.lower()):
        return found
    if (match := re.match(rf"{CLASSES[collection]}=([^,]+),", name, re.IGNORECASE)) is not None:
        return data.get(collection, match[1])
    login, at, there = name.rpartition("@")
    if at and (found := data.first(collection, name=login, partition=there)):
        return found
    if partition and (found := data.first(collection, name=name, partition=partition)):
        return found
    if not partition and (found := data.first(collection, name=name)):
        return found
    return data.get(collection, name)


def need(data: Documents, collection: str, name: str, partition: str = "") -> dict[str, Any]:
    """Like `resolve`; refuses with 404. 3007 is "user not found" (C)."""
    found = resolve(data, collection, name, partition)
    if found is None:
        raise wrong(404, f"The {collection[:-1]} {name} was not found.", 3007 if collection == "users" else 0)
    return found


def need_partition(data: Documents, name: str) -> dict[str, Any]:
    found = data.get("partitions", name)
    if found is None:
        raise wrong(404, f"The partition {name} was not found.")
    return found


def member(data: Documents, name: str) -> tuple[str, dict[str, Any]]:
    """The user or group that a membership list names, with its collection."""
    for collection in ("users", "groups"):
        if found := resolve(data, collection, name):
            return collection, found
    raise wrong(404, f"There is no user and no group {name}.")


def shown(
    collection: str, document: dict[str, Any], member_of: Iterable[str], *, as_keys: bool, members: int = 0
) -> dict[str, Any]:
    """One object as OTDS answers it (PX). That groups carry oTMemberOf too is assumed."""
    attributes = dict(document["attributes"])
    if groups := [short_location(group) for group in member_of]:
        attributes["oTMemberOf"] = groups
    location = location_of(collection, document)
    answer: dict[str, Any] = {
        "userPartitionID": document["partition"],
        "name": document["name"],
        "id": document["id"],
        "location": location,
        "objectClass": CLASSES[collection],
        "uuid": document["uuid"],
        "originUUID": None,
        "description": document["description"],
        "customAttributes": document["custom"],
        "urlId": document["id"],
        "urlLocation": location,
    }
    if as_keys:
        answer["attributes"] = attributes
        answer["values"] = [] if collection == "users" else None
    else:
        answer["values"] = [{"name": name, "values": values} for name, values in attributes.items()]
    if collection == "groups":
        answer["numMembers"] = members
    return answer


def shown_many(
    data: Documents, collection: str, documents: list[dict[str, Any]], *, as_keys: bool
) -> list[dict[str, Any]]:
    """Objects with their memberships, looked up in one go."""
    keys = [document["uuid"] for document in documents]
    groups = data.targets_of(MEMBER, keys) if collection != "roles" else {}
    counts: dict[str, int] = {}
    if collection == "groups" and keys:
        marks = ",".join("?" * len(keys))
        counts = dict(
            data.query(
                f"SELECT target, count(*) FROM links WHERE kind = 'member' AND target IN ({marks}) GROUP BY target",  # noqa: S608 - only question marks are put in.
                *keys,
            )
        )
    return [
        shown(
            collection,
            document,
            groups.get(document["uuid"], ()),
            as_keys=as_keys,
            members=counts.get(document["uuid"], 0),
        )
        for document in documents
    ]


def shown_one(data: Documents, collection: str, document: dict[str, Any], *, as_keys: bool = False) -> dict[str, Any]:
    return shown_many(data, collection, [document], as_keys=as_keys)[0]


def given_attributes(body: Mapping[str, Any]) -> dict[str, list[str]]:
    """The attributes of a request: `values` pairs or an `attributes` map; booleans in lower case."""
    pairs = body.get("values") or []
    given = {str(pair.get("name")): pair.get("values") for pair in pairs if isinstance(pair, dict)}
    if isinstance(body.get("attributes"), dict):
        given.update(body["attributes"])
    made = {}
    for name, values in given.items():
        listed = values if isinstance(values, list) else [] if values is None else [values]
        made[name] = [_text(value) for value in listed if value is not None]
    return made


def _text(value: Any) -> str:
    text = str(value)
    return text.lower() if text in {"True", "False"} else text


def change(
    data: Documents, collection: str, document: dict[str, Any], body: Mapping[str, Any], *, may_rename: bool = False
) -> bool:
    """Apply a PATCH or PUT. False when nothing was different. Read-only attributes are left alone."""
    attributes = {**document["attributes"]}
    for name, values in given_attributes(body).items():
        if name in {"oTMemberOf", "entryUUID", "createTimestamp", "modifyTimestamp", "userPassword"}:
            continue
        attributes[name] = values
    after = {**document, "attributes": attributes}
    if "description" in body:
        after["description"] = body["description"] or ""
    if body.get("customAttributes") is not None:
        after["custom"] = body["customAttributes"]
    wanted = body.get("name")
    if may_rename and isinstance(wanted, str) and wanted and wanted != document["name"]:
        if resolve(data, collection, id_of(wanted, document["partition"])):
            raise wrong(409, f"There is already a {collection[:-1]} {wanted}.")
        identity = id_of(wanted, document["partition"])
        after |= {"name": wanted, "id": identity, "find": identity.lower()}
        attributes["cn"] = [wanted]
    after["disabled"] = int(is_true(attributes.get("accountDisabled")))
    if after == document:
        return False
    attributes["modifyTimestamp"] = [now()]
    data.put(collection, document["uuid"], after)
    return True


def remove(data: Documents, collection: str, document: dict[str, Any]) -> None:
    """Delete an object with every tie it has."""
    key = document["uuid"]
    data.unlink_all(MEMBER, key)
    data.unlink_all(ROLE, key)
    for seat in data.rows("seats", object=key):
        data.delete("seats", seat.key)
    data.delete("secrets", key)
    data.delete(collection, key)
