"""Northwind Mutual's directory at the start: some sixty people, or 100,000 people and 2,000 nested groups."""

from __future__ import annotations

from typing import Any

from connectors.otds.sandbox.access import new_resource
from connectors.otds.sandbox.directory import ADMIN, CLIENTS, MEMBER, PARTITION, ROLE, new
from connectors.otds.sandbox.licences import licence_id, new_licence, seat_key
from connectors.otds.sandbox.northwind import (
    COST_CENTRES,
    DOMAINS,
    JOBS,
    SEEDED_AT,
    Person,
    key_of,
    people,
    stored,
)
from connectors.otds.sandbox.oauth import FIELDS
from hub.sdk.sandbox import Documents

COUNTER = "NAMED_DESIGNER"
PRODUCT = "EXSTREAM"
RESOURCE = "exstream"
OAUTH_CLIENTS = {
    "lockgate": ("lockgate-sandbox-secret", "The workflow hub"),
    "exstream-web": ("exstream-sandbox-secret", "Sign-in of people to Exstream"),
}
SAMPLE_PEOPLE, LARGE_PEOPLE, LARGE_GROUPS = 64, 100_000, 2_000


def group_key(name: str, partition: str = PARTITION) -> str:
    return key_of("group", f"{name}@{partition}")


def _group(name: str, description: str, partition: str = PARTITION) -> tuple[str, dict[str, Any]]:
    key = group_key(name, partition)
    attributes = {"displayName": [name]}
    return key, new("groups", name, partition, attributes=attributes, description=description, key=key, at=SEEDED_AT)


def _user(data: Documents, name: str, partition: str, description: str, attributes: dict[str, list[str]]) -> str:
    key = key_of("user", f"{name}@{partition}")
    made = new("users", name, partition, attributes=attributes, description=description, key=key, at=SEEDED_AT)
    data.add("users", key, {**made, "sample": partition == ADMIN})
    return key


def seed(data: Documents, *, large: bool) -> None:
    """Fill an empty store."""
    for name, words in ((ADMIN, "Administrators"), (CLIENTS, "OAuth clients"), (PARTITION, "Northwind Mutual")):
        data.add("partitions", name, {"name": name, "description": words, "synchronized": False})
    admin = _user(data, "otadmin", ADMIN, "Super administrator", {"displayName": ["Administrator"]})
    clients = {}
    for name, (secret, words) in OAUTH_CLIENTS.items():
        clients[name] = _user(data, name, CLIENTS, words, {"displayName": [name]})
        allow = name == "lockgate"
        data.add(
            "clients",
            name,
            {"id": name, **FIELDS, "description": words, "secret": secret, "allowImpersonation": allow},
        )
    everyone = list(people(LARGE_PEOPLE if large else SAMPLE_PEOPLE))
    data.add_many("users", ((made["uuid"], made) for made in map(stored, everyone)))
    data.add_many("groups", _groups(large=large))
    data.link_many(MEMBER, [(admin, group_key(name, ADMIN)) for name in ("otdsadmins", "otadmins")])
    data.link_many(MEMBER, [(clients["lockgate"], group_key("tenantadmins"))])
    data.link_many(MEMBER, _nesting(large=large))
    data.link_many(MEMBER, _memberships(everyone, large=large))
    _roles(data, clients)
    _licence(data, everyone)


def _groups(*, large: bool) -> list[tuple[str, dict[str, Any]]]:
    made = [
        _group("otdsadmins", "May administer everything", ADMIN),
        _group("otadmins", "May administer everything", ADMIN),
        _group("tenantadmins", "Administrators of the tenant"),
        _group("all.staff", "Everyone at Northwind Mutual"),
        *(_group(f"dept.{name.lower()}", f"Department {name}") for name in COST_CENTRES),
        _group("comms.emea", "Communications in Europe, the Middle East and Africa"),
        _group("ring.a", "One half of a cycle, left by a clumsy reorganization"),
        _group("ring.b", "The other half of the cycle"),
    ]
    made += [
        _group(f"exs.{domain}.{role}", f"Exstream {domain}: {role}") for domain in DOMAINS for role in JOBS.values()
    ]
    if large:
        made += [_group(f"team.{number:04d}", f"Team {number}") for number in range(LARGE_GROUPS - len(made))]
    return made


def _nesting(*, large: bool) -> list[tuple[str, str]]:
    pairs = [(group_key(f"dept.{name.lower()}"), group_key("all.staff")) for name in COST_CENTRES]
    pairs += [
        (group_key("comms.emea"), group_key("dept.communications")),
        (group_key("ring.a"), group_key("ring.b")),
        (group_key("ring.b"), group_key("ring.a")),
    ]
    if large:  # Teams form a tree in which every team has seven below it.
        teams = LARGE_GROUPS - len(_groups(large=False))
        pairs += [
            (group_key(f"team.{number:04d}"), group_key(f"team.{(number - 1) // 7:04d}"))
            for number in range(1, teams)
        ]
    return pairs


def _memberships(everyone: list[Person], *, large: bool) -> list[tuple[str, str]]:
    teams = LARGE_GROUPS - len(_groups(large=False))
    pairs = []
    rightful = 0
    for index, person in enumerate(everyone):
        key = key_of("user", person.login)
        if person.department == "Communications" and person.country in {"DE", "FR"}:
            pairs.append((key, group_key("comms.emea")))
        else:
            pairs.append((key, group_key(f"dept.{person.department.lower()}")))
        if person.rightful_groups:
            rightful += 1
            if rightful % 2:  # About half of those who should be in their access groups are.
                pairs += [(key, group_key(name)) for name in person.rightful_groups]
        if large:
            pairs.append((key, group_key(f"team.{index % teams:04d}")))
    for login, name in (
        ("tessa.brandt", "tenantadmins"),
        ("marcus.webb", "exs.uk-prod.designer"),
        ("lena.vogt", "exs.emea-prod.designer"),
        ("henrik.olsen", "ring.a"),
    ):
        pairs.append((key_of("user", login), group_key(name)))
    return pairs


def _roles(data: Documents, clients: dict[str, str]) -> None:
    for name, words in (("otds.administrator", "May administer OTDS"), ("exstream.user", "May use Exstream")):
        key = key_of("role", name)
        data.add("roles", key, new("roles", name, CLIENTS, description=words, key=key, at=SEEDED_AT))
    data.link(ROLE, clients["lockgate"], key_of("role", "otds.administrator"))


def _licence(data: Documents, everyone: list[Person]) -> None:
    resource = new_resource(
        data,
        RESOURCE,
        {"resourceID": key_of("resource", RESOURCE), "displayName": "Exstream", "description": "Communications"},
    )
    data.put("resources", resource["resourceID"], {**resource, "resourceState": 1})
    new_licence(data, PRODUCT, resource["resourceID"], "Named seats", [])
    licence = licence_id(PRODUCT, resource["resourceID"])
    holders = [person.login for person in everyone if person.role == "designer"]
    data.add_many(
        "seats",
        (
            (
                seat_key(licence, COUNTER, key),
                {"licence": licence, "counter": COUNTER, "kind": "users", "object": key, "type": "Full"},
            )
            for key in (key_of("user", login) for login in holders)
        ),
    )
