"""The stream `ldap.users`."""

from __future__ import annotations

from typing import Any

from connectors.ldap.client import LdapClient
from connectors.ldap.listings import read_people
from connectors.ldap.naming import read_named
from hub.sdk import Proof, Reading, Record
from hub.sdk.memberships import DirectoryUsers


class Users(DirectoryUsers[LdapClient]):
    """People with their attributes and direct groups."""

    most_named = 5000

    def read(self, input: Any, client: LdapClient) -> Reading:
        proof, aliases = Proof(), dict(input.attributes)
        given: dict[str, Any] = {
            "partition": input.partition, "state": input.state, "aliases": aliases, "with_groups": input.groups,
        }  # fmt: skip
        found = read_named(client, proof, input.only, **given) if input.only else read_people(client, proof, **given)
        return Reading((Record(body["uuid"], body) for body in found), proof)
