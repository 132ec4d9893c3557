"""The stream `otds.groups`."""

from __future__ import annotations

from typing import Any

from connectors.otds.client import OtdsClient
from connectors.otds.listings import read_groups
from hub.sdk import Fields, Proof, Reading, Record, Stream, field
from hub.sdk.directories import Group


class Groups(Stream[OtdsClient]):
    """Groups with the groups they are directly in."""

    title = "Groups"

    class Input(Fields):
        partition: str = field("Partition", default="", choices="partitions", help="Empty: all partitions.")
        filter: str = field("Filter", default="", help="Passed to OTDS as it is; how it compares is OTDS's rule.")

    class Output(Group):
        pass

    def read(self, input: Any, client: OtdsClient) -> Reading:
        proof = Proof()
        found = read_groups(client, proof, partition=input.partition, filter=input.filter)
        return Reading((Record(body["uuid"], body) for body in found), proof)
