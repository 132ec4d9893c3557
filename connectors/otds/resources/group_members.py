"""The resource `otds.group_members`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from connectors.otds.client import OtdsClient
from connectors.otds.memberships import read_memberships, read_memberships_of
from hub.sdk import Call, Proof, Rejected
from hub.sdk.memberships import Chosen, DirectoryMembers, parts_of


class GroupMembers(DirectoryMembers[OtdsClient]):
    """Who is directly in which group. One record is one membership."""

    def found(self, input: Any, client: OtdsClient, proof: Proof, chosen: Chosen) -> Iterator[dict[str, Any]]:
        if input.members:
            yield from read_memberships_of(client, proof, input.members, partition=input.partition, chosen=chosen)
            return
        for found in read_memberships(
            client, proof, partition=input.partition,
            chosen=lambda body: chosen(body["id"], body["name"], body["uuid"]),
        ):  # fmt: skip
            yield {"group": found.group["id"], "member": found.member["id"], "kind": found.kind}

    def read_one(self, key: str, client: OtdsClient) -> dict[str, Any] | None:
        """One call for a user, two for a group: the direct groups of the member."""
        group, member = parts_of(key)
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
