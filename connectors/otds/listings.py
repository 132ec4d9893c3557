"""The two listings that everything set-wise is made from: users and groups."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from connectors.otds.client import OtdsClient
from connectors.otds.shapes import attributes_of, group, group_keys, person_maker
from hub.sdk import Misconfigured, Proof, UnexpectedReply


def read_users(
    client: OtdsClient, proof: Proof, *, partition: str = "", state: str = "", aliases: dict[str, str] | None = None
) -> Iterator[dict[str, Any]]:
    """All users as bodies. An attribute that nobody has at all is a mistake in the settings, and said so."""
    settings = client.settings
    chosen = {
        "title_attribute": settings.title_attribute,
        "department_attribute": settings.department_attribute,
        "country_attribute": settings.country_attribute,
        "mail_attribute": settings.mail_attribute,
    }
    defaults = {name: type(settings).model_fields[name].default for name in chosen}
    missing = dict.fromkeys((aliases or {}).values(), "attributes")
    missing |= {name: field for field, name in chosen.items() if name and name != defaults[field]}
    make = person_maker(settings, aliases)
    query: dict[str, Any] = {"attrsAsKeys": "True"}
    if partition:
        query["where_partition_name"] = partition
    if state:
        query["where_state"] = state
    for rows in client.pages("/users", "users", "Reading users", proof, query=query):
        for row in rows:
            attributes = attributes_of(row)
            if missing:
                for name in [name for name in missing if name in attributes]:
                    del missing[name]
            try:
                body = make(row, attributes)
            except KeyError as lacking:
                raise UnexpectedReply(f"A user of OTDS came without {lacking}.") from None
            yield body
    if missing and proof.count:
        names = ", ".join(missing)
        proof.complete = False
        proof.problems.append(f"Nobody has the attribute {names}.")
        raise Misconfigured(
            f"None of {proof.count} users has the attribute {names}. Check its spelling.",
            field=next(iter(missing.values())),
        )


def read_named(
    client: OtdsClient, proof: Proof, names: list[str], *, partition: str = "", aliases: dict[str, str] | None = None
) -> Iterator[dict[str, Any]]:
    """Those of these people that there are, asked for one by one. The proof counts everybody asked for."""
    make = person_maker(client.settings, aliases)
    missing = 0
    for name in names:
        row = client.user(name)
        proof.count += 1
        if row is None or (partition and row.get("userPartitionID") != partition):
            missing += 1
            continue
        try:
            yield make(row, attributes_of(row))
        except KeyError as lacking:
            raise UnexpectedReply(f"A user of OTDS came without {lacking}.") from None
    proof.checks.append(f"{len(names)} people asked for by name; {missing} of them are not there.")
    proof.complete = True


def read_ties(client: OtdsClient, proof: Proof) -> Iterator[dict[str, Any]]:
    """All users of all partitions with nothing but who they are and the groups they are directly in."""
    for rows in client.pages("/users", "users", "Reading users", proof, query={"attrsAsKeys": "True"}):
        for row in rows:
            try:
                tie = {"id": row["id"], "uuid": row["uuid"], "member_of": group_keys(attributes_of(row))}
            except KeyError as lacking:
                raise UnexpectedReply(f"A user of OTDS came without {lacking}.") from None
            yield tie


def read_groups(
    client: OtdsClient, proof: Proof, *, partition: str = "", filter: str = ""
) -> Iterator[dict[str, Any]]:
    """All groups as bodies. That a group carries `oTMemberOf` is assumed."""
    query: dict[str, Any] = {"attrsAsKeys": "True"}
    if partition:
        query["where_partition_name"] = partition
    if filter:
        query["where_filter"] = filter
    for rows in client.pages("/groups", "groups", "Reading groups", proof, query=query):
        for row in rows:
            yield group(row, attributes_of(row))


def absorb(whole: Proof, part: Proof, what: str) -> None:
    """Take over what a part of a reading proved. The whole is complete only when every part is."""
    whole.checks += [f"{what}: {check}" for check in part.checks]
    whole.problems += [f"{what}: {problem}" for problem in part.problems]
    if not part.complete and not part.problems:
        whole.problems.append(f"{what}: not read to the end.")
