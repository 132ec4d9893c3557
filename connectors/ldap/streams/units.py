"""The stream `ldap.units`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from connectors.ldap.client import LdapClient
from connectors.ldap.names import key_of, parent_of
from connectors.ldap.proving import conclude
from connectors.ldap.searching import Seen
from connectors.ldap.shapes import first, identity, text
from hub.sdk import Fields, Proof, Reading, Record, Stream, field


class Units(Stream[LdapClient]):
    """Organisational units with the unit that each is in."""

    title = "Organisational units"

    class Input(Fields):
        partition: str = field("Partition", default="", choices="partitions", help="Empty: the connection's.")

    class Output(Fields):
        uuid: str
        name: str
        partition: str
        location: str
        parent: str
        """The uuid of the unit above; empty when there is none below the base."""
        description: str

    def read(self, input: Any, client: LdapClient) -> Reading:
        proof = Proof()

        def records() -> Iterator[Record]:
            client.check_partition(input.partition)
            dialect, seen = client.dialect, Seen()
            wanted = [dialect.identity, "ou", "description"]
            found = list(client.pages("Reading units", client.base, "(objectClass=organizationalUnit)", wanted, seen))
            ids = {key_of(entry.dn): identity(entry.attributes, dialect) for entry in found}
            if "" in ids.values():
                proof.problems.append(f'Some units came without "{dialect.identity}".')
            for key, entry in zip(ids, found, strict=True):
                if not ids[key]:
                    continue
                proof.count += 1
                body = {
                    "uuid": ids[key],
                    "name": first(entry.attributes, "ou"),
                    "partition": client.partition,
                    "location": text(entry.dn),
                    "parent": ids.get(parent_of(key), ""),
                    "description": first(entry.attributes, "description"),
                }
                yield Record(ids[key], body)
            conclude(client, proof, seen, "units")

        return Reading(records(), proof)
