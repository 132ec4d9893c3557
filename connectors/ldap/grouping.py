"""All groups of a directory with their members, as numbers: read once, asked for every person."""

from __future__ import annotations

from array import array
from collections.abc import Iterator
from typing import Any

from connectors.ldap.client import LdapClient
from connectors.ldap.decoding import Attributes, Entry
from connectors.ldap.names import key_of
from connectors.ldap.proving import conclude
from connectors.ldap.searching import Seen
from connectors.ldap.shapes import GROUP_ATTRIBUTES, group, identity
from hub.sdk import Proof

GROUPS_PER_PAGE = 200


class Grouping:
    """Who is directly in which group. Members are known by their names as `key_of` gives them."""

    def __init__(self) -> None:
        self.entries: list[Entry] = []
        """Without their members, which are in `members`."""
        self.ids: list[str] = []
        self.members: list[array[int]] = []
        """Of each group, the numbers of its members."""
        self.number_of: dict[bytes, int] = {}
        """The number of each group by its name."""
        self.names: list[bytes] = []
        """Names of members by their numbers."""
        self._of_member: dict[bytes, array[int]] = {}

    def groups_of(self, key: bytes) -> list[int]:
        """The numbers of the groups that something is directly in."""
        return list(self._of_member.get(key, ()))

    def ids_of(self, key: bytes) -> list[str]:
        found = self._of_member.get(key)
        return [self.ids[number] for number in found] if found else []

    def members_of(self, number: int) -> Iterator[bytes]:
        names = self.names
        return (names[each] for each in self.members[number])

    @property
    def member_count(self) -> int:
        """How many different members there are in all groups together."""
        return len(self._of_member)

    def add(self, entry: Entry, members: list[bytes], uuid: str) -> None:
        number = len(self.ids)
        self.number_of[key_of(entry.dn)] = number
        self.entries.append(entry)
        self.ids.append(uuid)
        of_member, names, found = self._of_member, self.names, array("I")
        for member in members:
            # Nearly all names are written in one way, which is their key but for the case.
            key = member.lower()
            known = of_member.get(key)
            if known is None:
                key = key_of(member)
                known = of_member.get(key)
            if known is None:
                # The first number is the member's own, and is taken away when all are read.
                known = of_member[key] = array("I", (len(names),))
                names.append(key)
            found.append(known[0])
            known.append(number)
        self.members.append(found)

    def finish(self) -> None:
        for known in self._of_member.values():
            del known[0]

    def body(self, number: int, client: LdapClient) -> dict[str, Any]:
        entry = self.entries[number]
        return group(
            entry, client.dialect, client.partition, self.ids_of(key_of(entry.dn)), len(self.members[number])
        )


def read_grouping(client: LdapClient, proof: Proof, only: str = "") -> Grouping:
    """Every group below the base of the groups, or only those that fit a filter, of which there may be none."""
    dialect, made, seen = client.dialect, Grouping(), Seen()
    wanted = f"(&{dialect.groups_filter}{only})" if only else dialect.groups_filter
    attributes = [dialect.identity, *GROUP_ATTRIBUTES]
    nameless = 0
    for entry in client.pages("Reading groups", client.groups_base, wanted, attributes, seen, GROUPS_PER_PAGE):
        uuid = identity(entry.attributes, dialect)
        if not uuid or not entry.attributes.get("cn"):
            nameless += 1
            continue
        made.add(entry, take_members(entry.attributes), uuid)
        proof.count += 1
    made.finish()
    if nameless:
        proof.problems.append(f'{nameless} groups came without "cn" or "{dialect.identity}".')
    if made.ids and not made.names and not shows_members(client):
        proof.problems.append("No group shows any member: this account may not read members.")
    conclude(client, proof, seen, "groups", may_be_none=bool(only))
    return made


def shows_members(client: LdapClient) -> bool:
    """Whether this account sees the members of any group."""
    wanted = f"(&{client.dialect.groups_filter}(|(member=*)(uniqueMember=*)))"
    return bool(client.first("Looking for members", client.groups_base, wanted, ["1.1"], 1))


def take_members(attributes: Attributes) -> list[bytes]:
    """The names of the members, taken out of the attributes. What may follow a unique member's name is left off."""
    members = attributes.pop("member", [])
    for value in attributes.pop("uniquemember", []):
        members.append(value.partition(b"#'")[0] if value.endswith(b"'B") else value)
    return list(dict.fromkeys(members))
