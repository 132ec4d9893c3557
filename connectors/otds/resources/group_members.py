"""The resource `otds.group_members`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from connectors.otds.client import OtdsClient
from connectors.otds.memberships import read_memberships
from hub.sdk import Call, Fields, Misconfigured, Proof, Reading, Record, Rejected, Resource, field
from hub.sdk.directories import GroupMember

_BETWEEN = ">"


class GroupMembers(Resource[OtdsClient]):
    """Who is directly in which group. One record is one membership."""

    title = "Group members"
    operations = ("create", "delete")

    class Input(Fields):
        partition: str = field("Partition of the groups", choices="partitions")
        groups: list[str] = field(
            "Groups", default_factory=list, help="By name or id. Empty: all that the prefix leaves."
        )
        name_prefix: str = field("Groups whose name begins with", default="")

    class Output(GroupMember):
        pass

    def read(self, input: Any, client: OtdsClient) -> Reading:
        proof = Proof()
        named = set(input.groups)
        absent = set(named)

        def is_chosen(body: dict[str, Any]) -> bool:
            mine = {body["id"], body["name"]}
            absent.difference_update(mine)
            return (not named or bool(named & mine)) and body["name"].startswith(input.name_prefix)

        def records() -> Iterator[Record]:
            for found in read_memberships(client, proof, partition=input.partition, chosen=is_chosen):
                body = {"group": found.group["id"], "member": found.member["id"], "kind": found.kind}
                yield Record(self.key_of(body), body)
            if absent:
                names = ", ".join(sorted(absent))
                proof.complete = False
                proof.problems.append(f"There is no group {names} in {input.partition}.")

        return Reading(records(), proof)

    def key_of(self, body: dict[str, Any]) -> str:
        return f"{body['group']}{_BETWEEN}{body['member']}"

    def read_one(self, key: str, client: OtdsClient) -> dict[str, Any] | None:
        """One call for a user, two for a group: the direct groups of the member."""
        group, _, member = key.rpartition(_BETWEEN)
        if not group or not member:
            raise Misconfigured(f'"{key}" is no membership. It is written group{_BETWEEN}member.')
        for kind in ("user", "group"):
            try:
                found = client.groups_of(kind, member)
            except Rejected as refusal:
                if refusal.missing:
                    continue
                raise
            if any(row.get("id") == group for row in found):
                return {"group": group, "member": member, "kind": kind}
        return None

    def create(self, key: str, body: dict[str, Any], client: OtdsClient, call: Call) -> None:
        try:
            client.add_member(body["group"], body["kind"], body["member"])
        except Rejected as refusal:
            if not refusal.exists:
                raise

    def delete(self, key: str, before: dict[str, Any], client: OtdsClient, call: Call) -> None:
        try:
            client.remove_member(before["group"], before["member"])
        except Rejected as refusal:
            if not refusal.missing:
                raise

    def describe(self, key: str, body: dict[str, Any]) -> str:
        return f"{body['member']} in {body['group']}"
