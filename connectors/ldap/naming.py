"""Some people by their ids, with the groups they are directly in: what is read when only they changed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from connectors.ldap.client import LdapClient
from connectors.ldap.decoding import Entry
from connectors.ldap.grouping import GROUPS_PER_PAGE, shows_members, take_members
from connectors.ldap.names import escape, key_of, keys_among
from connectors.ldap.shapes import GROUP_ATTRIBUTES, first, identity, person_attributes, person_maker
from hub.sdk import Proof
from hub.sdk.memberships import Chosen

FEW = 20
"""Up to so many, the server is asked for each one's groups; for more, all groups are read."""
_AT_ONCE = 200


def read_named(
    client: LdapClient,
    proof: Proof,
    names: Sequence[str],
    *,
    partition: str = "",
    state: str = "",
    aliases: Mapping[str, str] | None = None,
    with_groups: bool = True,
) -> Iterator[dict[str, Any]]:
    """Those of these people that there are. The proof counts everybody asked for."""
    client.check_partition(partition)
    dialect, named = client.dialect, dict(aliases or {})
    found = list(_entries(client, names, person_attributes(dialect, named)))
    make = person_maker(dialect, client.partition, named)
    groups_of = groups_by_name(client, proof, [each.dn for each in found]) if with_groups else lambda dn: ()
    for entry in found:
        body = make(entry, [identity(group.attributes, dialect) for group in groups_of(entry.dn)])
        if not state or body["disabled"] == (state == "disabled"):
            yield body
    _conclude(client, proof, names, found)


def read_memberships_of(
    client: LdapClient, proof: Proof, names: Sequence[str], *, partition: str, chosen: Chosen, only: str
) -> Iterator[dict[str, Any]]:
    """The direct groups of some people, as far as these groups fit a filter and are chosen."""
    client.check_partition(partition)
    login = client.dialect.login
    found = list(_entries(client, names, [client.dialect.identity, login]))
    groups_of = groups_by_name(client, proof, [entry.dn for entry in found], only)
    count = 0
    for entry in found:
        member = f"{first(entry.attributes, login.lower())}@{client.partition}"
        for group in groups_of(entry.dn):
            name = first(group.attributes, "cn")
            body = {"group": f"{name}@{client.partition}", "member": member, "kind": "user"}
            if chosen(body["group"], name, identity(group.attributes, client.dialect)):
                count += 1
                yield body
    _conclude(client, proof, names, found)
    proof.count = count


def _entries(client: LdapClient, names: Sequence[str], attributes: list[str]) -> Iterator[Entry]:
    dialect, end = client.dialect, f"@{client.partition}"
    waiting = [name.removesuffix(end) for name in dict.fromkeys(names)]
    for start in range(0, len(waiting), _AT_ONCE):
        one_of = "".join(f"({dialect.login}={escape(login)})" for login in waiting[start : start + _AT_ONCE])
        wanted = f"(&{dialect.people_filter}(|{one_of}))"
        yield from client.pages("Reading some people", client.people_base, wanted, attributes)


GroupsOf = Callable[[bytes], Iterable[Entry]]


def groups_by_name(client: LdapClient, proof: Proof, members: Sequence[bytes], only: str = "") -> GroupsOf:
    """A function from the name of a person to the entries of their groups."""
    return _asked_one_by_one(client, only) if len(members) <= FEW else _among_all(client, proof, members, only)


def _asked_one_by_one(client: LdapClient, only: str) -> GroupsOf:
    def asked(dn: bytes) -> Iterator[Entry]:
        member = escape(dn.decode("utf-8", "replace"))
        wanted = f"(&{client.dialect.groups_filter}{only}(|(member={member})(uniqueMember={member})))"
        return client.pages("Reading somebody's groups", client.groups_base, wanted, [client.dialect.identity, "cn"])

    return asked


def _among_all(client: LdapClient, proof: Proof, members: Sequence[bytes], only: str) -> GroupsOf:
    dialect, shown = client.dialect, 0
    found: dict[bytes, list[Entry]] = {key_of(dn): [] for dn in members}
    fits = f"(&{dialect.groups_filter}{only})"
    attributes = [dialect.identity, *GROUP_ATTRIBUTES]
    for entry in client.pages("Reading groups", client.groups_base, fits, attributes, most=GROUPS_PER_PAGE):
        listed = take_members(entry.attributes)
        shown += len(listed)
        for key in keys_among(listed, found) if listed else ():
            found[key].append(entry)
    if not shown and not shows_members(client):
        proof.problems.append("No group shows any member: this account may not read members.")
    return lambda dn: found.get(key_of(dn), ())


def _conclude(client: LdapClient, proof: Proof, names: Sequence[str], found: list[Entry]) -> None:
    """An account that lost its rights sees nobody: then nobody counts as gone."""
    dialect, settings = client.dialect, client.settings
    proof.count = len(set(names))
    proof.checks.append(f"{proof.count} people asked for by name; {len(found)} found.")
    nameless = [each for each in found if not identity(each.attributes, dialect)]
    if nameless:
        proof.problems.append(f'{len(nameless)} people came without "{dialect.identity}".')
    if proof.count > len(found):
        canaries = settings.must_be_found
        seen = {first(each.attributes, dialect.login.lower()) for each in _entries(client, canaries, [dialect.login])}
        if absent := sorted(set(canaries) - seen):
            proof.problems.append(f"{', '.join(absent)} must be found, and was not.")
        if not client.first("Looking for anybody", client.people_base, dialect.people_filter, ["1.1"], 1):
            proof.problems.append("There are no people below the base, or this account may not see them.")
    proof.complete = not proof.problems
