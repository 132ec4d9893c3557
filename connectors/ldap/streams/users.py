"""The stream `ldap.users`."""

from __future__ import annotations

from typing import Any, Literal

from connectors.ldap.client import LdapClient
from connectors.ldap.listings import read_people
from hub.sdk import Fields, Proof, Reading, Record, Stream, field
from hub.sdk.directories import Person


class Users(Stream[LdapClient]):
    """People with their attributes and direct groups."""

    title = "Users"

    class Input(Fields):
        partition: str = field("Partition", default="", choices="partitions", help="Empty: the connection's.")
        attributes: dict[str, str] = field(
            "Further attributes", default_factory=dict, help="A name of yours for each LDAP attribute to read."
        )
        state: Literal["", "enabled", "disabled"] = field("State", default="")

    class Output(Person):
        pass

    def read(self, input: Any, client: LdapClient) -> Reading:
        proof = Proof()
        found = read_people(
            client, proof, partition=input.partition, state=input.state, aliases=dict(input.attributes)
        )
        return Reading((Record(body["uuid"], body) for body in found), proof)
