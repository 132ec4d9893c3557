"""Direct memberships by the stable ids of group and member."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

from connectors.ldap.client import LdapClient
from connectors.ldap.grouping import Grouping, read_grouping
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
    client: LdapClient, proof: Proof, *, partition: str, chosen: Callable[[Member], bool]
) -> Iterator[Membership]:
    """Who is directly in the chosen groups."""
    client.check_partition(partition)
    groups_proof, people_proof = Proof(), Proof()
    grouping = read_grouping(client, groups_proof)
    groups = [_group(client, grouping, number) for number in range(len(grouping.ids))]
    is_chosen = [chosen(each) for each in groups]

    def of(member: Member, key: bytes) -> Iterator[Membership]:
        for number in grouping.groups_of(key):
            if is_chosen[number]:
                proof.count += 1
                yield Membership(groups[number], member)

    met = 0
    for key, number in grouping.number_of.items():
        met += bool(grouping.groups_of(key))
        yield from of(groups[number], key)
    for key, person in people_by_key(client, people_proof):
        met += bool(grouping.groups_of(key))
        yield from of(person, key)
    absorb(proof, people_proof, "Users")
    absorb(proof, groups_proof, "Groups")
    if strangers := grouping.member_count - met:
        # Deleted, or outside of the bases. They are in no plan, so nothing is taken from them either.
        proof.checks.append(f"{strangers} members are neither people nor groups that can be seen.")


def _group(client: LdapClient, grouping: Grouping, number: int) -> Member:
    entry = grouping.entries[number]
    name = first(entry.attributes, "cn")
    return Member(grouping.ids[number], f"{name}@{client.partition}", name, "group")


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
