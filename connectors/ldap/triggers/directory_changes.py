"""The event source `ldap.directory_changes`."""

from __future__ import annotations

from typing import Any

from connectors.ldap.client import LdapClient
from connectors.ldap.grouping import read_grouping
from connectors.ldap.listings import people_in
from hub.sdk import Cursor, EventSource, Fields, Memory, Poll, Proof, field
from hub.sdk.directories import CHANGE_KINDS, ChangeKind, DirectoryChange, DirectoryWatch


class DirectoryChanges(EventSource[LdapClient]):
    """People who joined, changed, were disabled, enabled or deleted, or whose direct groups changed.

    A change of a group does not touch the people in it, so groups are read whole each time.
    """

    title = "Directory changes"
    every_seconds = 60

    class Input(Fields):
        partition: str = field("Partition", default="", choices="partitions", help="Empty: the connection's.")
        kinds: list[ChangeKind] = field("Report", default_factory=lambda: list(CHANGE_KINDS))
        attributes: dict[str, str] = field(
            "Further attributes", default_factory=dict, help="A name of yours for each LDAP attribute to watch."
        )

    class Output(DirectoryChange):
        pass

    def poll(self, input: Any, client: LdapClient, cursor: Cursor | None, memory: Memory) -> Poll:
        client.check_partition(input.partition)
        proof, groups_proof = Proof(), Proof()
        grouping = read_grouping(client, groups_proof)
        ids = {grouping.ids[number]: grouping.body(number, client)["id"] for number in range(len(grouping.ids))}
        watch = DirectoryWatch("ldap", input.kinds, ids, cursor, memory)
        if groups_proof.problems:
            # Memberships that were not read must not look like memberships that were taken away.
            watch.warnings.append(f"Nothing was compared, for the groups are incomplete: {groups_proof.problems[0]}")
            return watch.poll(learned=False)
        watch.see(people_in(client, grouping, proof, aliases=dict(input.attributes)))
        return watch.conclude(proof, groups_proof)
