"""Direct memberships by the stable ids of group and member."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import chain
from typing import NamedTuple

from connectors.ldap.client import LdapClient
from connectors.ldap.decoding import Entry
from connectors.ldap.grouping import read_grouping
from connectors.ldap.listings import absorb
from connectors.ldap.names import key_of
from connectors.ldap.proving import conclude
from connectors.ldap.searching import Seen
from connectors.ldap.shapes import first, identity
from hub.sdk import Proof


class Member(NamedTuple):
    uuid: str
    id: str
    name: str
    kind: str


class Membership(NamedTuple):
    group: Member
    member: Member


def read_memberships(
    client: LdapClient, proof: Proof, *, partition: str, chosen: Callable[[Member], bool], only: str = ""
) -> Iterator[Membership]:
    """Who is directly in the chosen groups. Members of groups outside of the filter `only` are not read."""
    client.check_partition(partition)
    groups_proof, members_proof, people_proof = Proof(), Proof(), Proof()
    grouping = read_grouping(client, members_proof, only)
    groups = [_group(client, grouping.entries[number], uuid) for number, uuid in enumerate(grouping.ids)]
    is_chosen = [chosen(each) for each in groups]

    def of(member: Member, key: bytes) -> Iterator[Membership]:
        for number in grouping.groups_of(key):
            if is_chosen[number]:
                proof.count += 1
                yield Membership(groups[number], member)

    met = 0
    everything = _groups_by_key(client, groups_proof) if only else zip(grouping.number_of, groups, strict=True)
    for key, member in chain(everything, people_by_key(client, people_proof)):
        met += bool(grouping.groups_of(key))
        yield from of(member, key)
    absorb(proof, people_proof, "Users")
    absorb(proof, members_proof, "Groups")
    if only:
        absorb(proof, groups_proof, "All groups")
    if strangers := grouping.member_count - met:
        # Deleted, or outside of the bases. They are in no plan, so nothing is taken from them either.
        proof.checks.append(f"{strangers} members are neither people nor groups that can be seen.")


def _group(client: LdapClient, entry: Entry, uuid: str) -> Member:
    name = first(entry.attributes, "cn")
    return Member(uuid, f"{name}@{client.partition}", name, "group")


def _groups_by_key(client: LdapClient, proof: Proof) -> Iterator[tuple[bytes, Member]]:
    """All groups without their members."""
    dialect, seen = client.dialect, Seen()
    wanted = [dialect.identity, "cn"]
    for entry in client.pages("Reading groups", client.groups_base, dialect.groups_filter, wanted, seen):
        uuid = identity(entry.attributes, dialect)
        if not uuid or not entry.attributes.get("cn"):
            proof.problems.append(f'A group came without "cn" or "{dialect.identity}".')
            continue
        proof.count += 1
        yield key_of(entry.dn), _group(client, entry, uuid)
    conclude(client, proof, seen, "groups")


def people_by_key(client: LdapClient, proof: Proof) -> Iterator[tuple[bytes, Member]]:
    """Only what memberships need of each person."""
    dialect, seen, nameless = client.dialect, Seen(), 0
    wanted = [dialect.identity, dialect.login]
    for entry in client.pages("Reading people", client.people_base, dialect.people_filter, wanted, seen):
        uuid, login = identity(entry.attributes, dialect), first(entry.attributes, dialect.login.lower())
        if not uuid or not login:
            nameless += 1
            continue
        proof.count += 1
        yield key_of(entry.dn), Member(uuid, f"{login}@{client.partition}", login, "user")
    if nameless:
        proof.problems.append(f'{nameless} people came without "{dialect.login}" or "{dialect.identity}".')
    conclude(client, proof, seen, "people")
