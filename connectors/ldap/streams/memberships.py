"""The stream `ldap.memberships`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from connectors.ldap.client import LdapClient
from connectors.ldap.memberships import read_memberships
from hub.sdk import Fields, Proof, Reading, Record, Stream, field
from hub.sdk.directories import Membership


class Memberships(Stream[LdapClient]):
    """Direct memberships of users and groups in groups, by uuid."""

    title = "Memberships"

    class Input(Fields):
        partition: str = field("Partition", default="", choices="partitions", help="Empty: the connection's.")

    class Output(Membership):
        pass

    def read(self, input: Any, client: LdapClient) -> Reading:
        proof = Proof()

        def records() -> Iterator[Record]:
            for group, member in read_memberships(client, proof, partition=input.partition, chosen=lambda each: True):
                body = {
                    "group": group.uuid,
                    "group_id": group.id,
                    "member": member.uuid,
                    "member_id": member.id,
                    "kind": member.kind,
                }
                yield Record(f"{group.uuid}>{member.uuid}", body)

        return Reading(records(), proof)
