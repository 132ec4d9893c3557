"""Where a directory stood, and what changed since: what every way of finding changes has in common.

Each way answers None when it cannot be sure; then everybody is read and compared. A delta saves time, it proves
nothing: that is why everything is compared once an hour all the same.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from connectors.ldap.client import LdapClient
from connectors.ldap.decoding import Attributes, Entry
from connectors.ldap.finding import identity_condition
from connectors.ldap.searching import BASE, Search
from connectors.ldap.shapes import identity, person_attributes

Mark = dict[str, Any]
"""Where the directory stood: plain JSON, kept in the cursor."""
MOST = 5000
"""From so many touched objects on, reading everybody is as quick."""
_EXACT = ("uSNChanged", "entryCSN")
"""Where there is one of these, two changes within a second are told apart."""
_AT_ONCE = 200


@dataclass
class Changed:
    """People who are new or changed, the ids of those who are gone, and where the directory stands now."""

    mark: Mark
    people: list[Entry] = field(default_factory=list)
    gone: set[str] = field(default_factory=set)
    """Ids of people who are gone; ids of other things may be among them."""
    everybody: set[str] | None = None
    """The ids of all people there are, when they were listed."""


class Way(Protocol):
    """One way of finding changes."""

    def begin(self, client: LdapClient, before: Mark | None = None) -> Mark | None:
        """Where the directory stands; None when this server cannot be asked so. `before` is the last mark."""

    def changes(self, client: LdapClient, mark: Mark, aliases: Mapping[str, str]) -> Changed | None:
        """What changed since the mark; None when everybody has to be read."""


@dataclass(frozen=True)
class Groups:
    """When groups changed. A change of a group touches nobody's own entry, so that everybody has to be read then."""

    ids: frozenset[str]
    digest: str
    """Of when each one changed."""
    stamp: str
    """The time of the last change, by the server's clock."""
    is_exact: bool
    """Whether two changes within a second are told apart."""


def look_at_groups(client: LdapClient) -> Groups:
    dialect = client.dialect
    found: list[tuple[str, str, list[list[bytes] | None]]] = []
    wanted = [dialect.identity, dialect.modified, *_EXACT]
    for entry in client.pages("Looking for changed groups", client.groups_base, dialect.groups_filter, wanted):
        [stamp, *_] = entry.attributes.get(dialect.modified.lower()) or [b""]
        exact = [entry.attributes.get(name.lower()) for name in _EXACT]
        found.append((identity(entry.attributes, dialect), stamp.decode("ascii", "replace"), exact))
    digest = hashlib.sha256(repr(sorted(found)).encode()).hexdigest()[:32]
    newest = max((stamp for _, stamp, _ in found), default="")
    return Groups(frozenset(each for each, _, _ in found), digest, newest, all(any(exact) for _, _, exact in found))


def follow(
    client: LdapClient, touched: set[str], mark: Mark, further: Mark, aliases: Mapping[str, str]
) -> Changed | None:
    """What became of touched objects, asked after it is known that they were. Whoever is no longer among the people
    is gone, be it by deletion, by a move out of the base, or by a change that the filter minds."""
    groups = look_at_groups(client)
    if groups.digest != mark["group_digest"] or touched & groups.ids or len(touched) > MOST:
        return None
    people = list(people_by_ids(client, touched, person_attributes(client.dialect, aliases)))
    found = {identity(entry.attributes, client.dialect) for entry in people}
    return Changed({**mark, **further}, people, touched - found)


def people_by_ids(client: LdapClient, ids: Iterable[str], attributes: list[str]) -> Iterator[Entry]:
    """Those of these who are among the people now."""
    dialect, waiting = client.dialect, sorted(ids)
    for start in range(0, len(waiting), _AT_ONCE):
        one_of = "".join(identity_condition(dialect, uuid) for uuid in waiting[start : start + _AT_ONCE])
        wanted = f"(&{dialect.people_filter}(|{one_of}))"
        yield from client.pages("Reading who changed", client.people_base, wanted, attributes)


def changed_people(client: LdapClient, filter: str, aliases: Mapping[str, str]) -> Search:
    return Search("Asking for changed people", client.people_base, filter, person_attributes(client.dialect, aliases))


def root_of(client: LdapClient, *names: str) -> Attributes:
    """What the server says of itself just now."""
    [root] = client.search(Search("Asking where the directory stands", "", "(objectClass=*)", names, BASE))
    return root.attributes


def has_identity(client: LdapClient, *names: str) -> bool:
    """Whether objects are known by what the server's own record of changes calls them."""
    return client.dialect.identity.lower() in {name.lower() for name in names}


def root_number(root: Attributes, name: str) -> int | None:
    [value, *_] = root.get(name.lower()) or [b""]
    return int(value) if value.isdigit() else None
