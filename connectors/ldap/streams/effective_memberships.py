"""The stream `ldap.effective_memberships`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from connectors.ldap.client import LdapClient
from connectors.ldap.closure import ways_down
from connectors.ldap.grouping import read_grouping
from connectors.ldap.listings import absorb
from connectors.ldap.memberships import people_by_key
from connectors.ldap.nesting import nesting_of
from hub.sdk import Fields, Proof, Reading, Record, Stream, field


class EffectiveMemberships(Stream[LdapClient]):
    """Users in groups, directly or through nested groups, each with the way it came about."""

    title = "Effective memberships"

    class Input(Fields):
        partition: str = field("Partition", default="", choices="partitions", help="Empty: the connection's.")
        name_prefix: str = field("Groups whose name begins with", default="", help="Empty: all groups.")

    class Output(Fields):
        group: str
        group_id: str
        member: str
        member_id: str
        path: list[str]
        """From the group to the one that the user is directly in; the shortest way."""

    def read(self, input: Any, client: LdapClient) -> Reading:
        proof = Proof()

        def records() -> Iterator[Record]:
            client.check_partition(input.partition)
            people_proof, groups_proof = Proof(), Proof()
            grouping = read_grouping(client, groups_proof)
            names = [grouping.body(number, client) for number in range(len(grouping.ids))]
            people = dict(people_by_key(client, people_proof))
            children = nesting_of(grouping).children
            for number, group in enumerate(names):
                if not group["name"].startswith(input.name_prefix):
                    continue
                met: set[bytes] = set()
                for below, way in ways_down(number, children).items():
                    for key in grouping.members_of(below):
                        member = people.get(key)
                        if member is None or key in met:
                            continue
                        met.add(key)
                        proof.count += 1
                        body = {
                            "group": group["uuid"],
                            "group_id": group["id"],
                            "member": member.uuid,
                            "member_id": member.id,
                            "path": [names[each]["id"] for each in way],
                        }
                        yield Record(f"{group['uuid']}>{member.uuid}", body)
            absorb(proof, people_proof, "Users")
            absorb(proof, groups_proof, "Groups")

        return Reading(records(), proof)
