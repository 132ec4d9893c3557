"""The stream `ldap.groups`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from connectors.ldap.client import LdapClient
from connectors.ldap.grouping import read_grouping
from connectors.ldap.shapes import identity
from hub.sdk import Fields, Proof, Reading, Record, Stream, field
from hub.sdk.directories import Group


class Groups(Stream[LdapClient]):
    """Groups with the groups they are directly in."""

    title = "Groups"

    class Input(Fields):
        partition: str = field("Partition", default="", choices="partitions", help="Empty: the connection's.")
        filter: str = field("Filter", default="", help="An LDAP filter that groups must also fit: (cn=exs.*).")

    class Output(Group):
        pass

    def read(self, input: Any, client: LdapClient) -> Reading:
        proof = Proof()

        def records() -> Iterator[Record]:
            client.check_partition(input.partition)
            found = read_grouping(client, proof)
            fit = _ids_that_fit(client, input.filter) if input.filter else None
            for number, uuid in enumerate(found.ids):
                if fit is None or uuid in fit:
                    yield Record(uuid, found.body(number, client))

        return Reading(records(), proof)


def _ids_that_fit(client: LdapClient, filter: str) -> set[str]:
    dialect = client.dialect
    wanted = f"(&{dialect.groups_filter}{filter})"
    entries = client.pages("Reading groups that fit", client.groups_base, wanted, [dialect.identity])
    return {identity(entry.attributes, dialect) for entry in entries}
