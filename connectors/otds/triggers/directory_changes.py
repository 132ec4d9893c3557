"""The event source `otds.directory_changes`."""

from __future__ import annotations

from typing import Any

from connectors.otds.client import OtdsClient
from connectors.otds.listings import read_groups, read_users
from hub.sdk import Cursor, EventSource, Fields, Memory, Poll, Proof, field
from hub.sdk.directories import CHANGE_KINDS, ChangeKind, DirectoryChange, DirectoryWatch


class DirectoryChanges(EventSource[OtdsClient]):
    """People who joined, changed, were disabled, enabled or deleted, or whose direct groups changed.

    OTDS has no change feed: every poll reads all users and compares.
    """

    title = "Directory changes"
    every_seconds = 60

    class Input(Fields):
        partition: str = field("Partition", default="", choices="partitions", help="Empty: all partitions.")
        kinds: list[ChangeKind] = field("Report", default_factory=lambda: list(CHANGE_KINDS))
        attributes: dict[str, str] = field(
            "Further attributes", default_factory=dict, help="A name of yours for each OTDS attribute to watch."
        )

    class Output(DirectoryChange):
        pass

    def poll(self, input: Any, client: OtdsClient, cursor: Cursor | None, memory: Memory) -> Poll:
        proof, groups_proof = Proof(), Proof()
        group_ids = {body["uuid"]: body["id"] for body in read_groups(client, groups_proof)}
        watch = DirectoryWatch("otds", input.kinds, group_ids, cursor, memory)
        watch.see(read_users(client, proof, partition=input.partition, aliases=dict(input.attributes)))
        return watch.conclude(proof, groups_proof)
