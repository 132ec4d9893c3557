"""Direct memberships, worked out from the two listings: no call per user or group."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from connectors.otds.client import OtdsClient
from connectors.otds.listings import absorb, read_groups, read_ties
from hub.sdk import Proof, Rejected, UnexpectedReply
from hub.sdk.memberships import Chosen


class Membership(NamedTuple):
    group: dict[str, Any]
    member: dict[str, Any]
    """Its `id` and `uuid`."""
    kind: str


def read_memberships(
    client: OtdsClient, proof: Proof, *, partition: str, chosen: Callable[[dict[str, Any]], bool]
) -> Iterator[Membership]:
    """Who is directly in the chosen groups of a partition. Members of all partitions are looked at."""
    groups_proof, users_proof = Proof(), Proof()
    everything = {body["uuid"]: body for body in read_groups(client, groups_proof)}
    groups = {
        key: body
        for key, body in everything.items()
        if (not partition or body["partition"] == partition) and chosen(body)
    }
    unknown: set[str] = set()

    def of(member: dict[str, Any], kind: str) -> Iterator[Membership]:
        for key in member["member_of"]:
            if key in groups:
                proof.count += 1
                yield Membership(groups[key], member, kind)
            elif key not in everything:
                unknown.add(key)

    for body in everything.values():
        yield from of(body, "group")
    if groups:
        for body in read_ties(client, users_proof):
            yield from of(body, "user")
        absorb(proof, users_proof, "Users")
    absorb(proof, groups_proof, "Groups")
    if unknown:
        proof.problems.append(f"{len(unknown)} groups that members name are not in the list, such as {min(unknown)}.")
    proof.complete = not proof.problems


def read_memberships_of(
    client: OtdsClient, proof: Proof, members: list[str], *, partition: str, chosen: Chosen
) -> Iterator[dict[str, Any]]:
    """The direct groups of some users, asked for one by one. Who is not there is in no group."""
    for member in members:
        try:
            rows = client.groups_of("user", member)
        except Rejected as refusal:
            if refusal.missing:
                continue
            raise
        for row in rows:
            group = row.get("id")
            if not group:
                raise UnexpectedReply("A group of OTDS came without an id.")
            name, _, of = group.rpartition("@")
            if of == partition and chosen(group, name, group):
                proof.count += 1
                yield {"group": group, "member": member, "kind": "user"}
    proof.checks.append(f"The groups of {len(members)} people were asked for by name.")
    proof.complete = True
