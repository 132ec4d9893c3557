"""The stream `otds.memberships`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from connectors.otds.client import OtdsClient
from connectors.otds.memberships import read_memberships
from hub.sdk import Fields, Proof, Reading, Record, Stream, field
from hub.sdk.directories import Membership


class Memberships(Stream[OtdsClient]):
    """Direct memberships of users and groups in groups, by uuid."""

    title = "Memberships"

    class Input(Fields):
        partition: str = field(
            "Partition of the groups", default="", choices="partitions", help="Empty: all partitions."
        )

    class Output(Membership):
        pass

    def read(self, input: Any, client: OtdsClient) -> Reading:
        proof = Proof()

        def records() -> Iterator[Record]:
            for found in read_memberships(client, proof, partition=input.partition, chosen=lambda body: True):
                group, member = found.group["uuid"], found.member["uuid"]
                body = {
                    "group": group,
                    "group_id": found.group["id"],
                    "member": member,
                    "member_id": found.member["id"],
                    "kind": found.kind,
                }
                yield Record(f"{group}>{member}", body)

        return Reading(records(), proof)
