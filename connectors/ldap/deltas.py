"""What changed among people since the last poll, found without reading everybody.

Each way answers None when it cannot be sure; then everybody is read and compared. A delta saves time, it proves
nothing: that is why everything is compared once an hour all the same.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from connectors.ldap.client import LdapClient
from connectors.ldap.decoding import Entry
from connectors.ldap.searching import Search, Seen
from connectors.ldap.settings import Changes
from connectors.ldap.shapes import identity, person_attributes
from connectors.ldap.states import general_time
from connectors.ldap.syncing import changes_since, first_cookie

_EXACT = ("uSNChanged", "entryCSN")
"""Where there is one of these, two changes within a second are told apart."""
_OVERLAP = timedelta(seconds=10)
Mark = dict[str, Any]
"""Where the directory stood: plain JSON, kept in the cursor."""


@dataclass
class Changed:
    """People who are new or changed, the ids of those who are gone, and where the directory stands now."""

    mark: Mark
    people: list[Entry] = field(default_factory=list)
    gone: set[str] = field(default_factory=set)
    everybody: set[str] | None = None
    """The ids of all people there are, when they were listed."""


def mark_now(client: LdapClient, server: str) -> Mark:
    """Asked before a reading, so that what changes meanwhile is told twice rather than never."""
    way = client.dialect.changes
    if way is Changes.SYNC:
        people, groups = (first_cookie(client, base) for base in (client.people_base, client.groups_base))
        if people and groups:
            cookies = {"people": _text(people), "groups": _text(groups)}
            return {"way": way, "server": server, **cookies, **_stamps(client)}
        way = Changes.TIMESTAMPS
    if way is Changes.TIMESTAMPS:
        return {"way": way, "server": server, **_stamps(client)}
    return {"way": way}


def changes_after(client: LdapClient, server: str, mark: Mark, aliases: Mapping[str, str]) -> Changed | None:
    """None: everybody has to be read. So it is when any group changed, for that touches nobody's own entry."""
    if mark.get("server") != server:
        return None  # Cookies and clocks are one server's own.
    if mark.get("way") == Changes.SYNC:
        return _by_sync(client, mark, aliases)
    if mark.get("way") == Changes.TIMESTAMPS:
        return _by_stamps(client, mark, aliases)
    return None


def _by_sync(client: LdapClient, mark: Mark, aliases: Mapping[str, str]) -> Changed | None:
    dialect = client.dialect
    wanted = Search("Asking for changed groups", client.groups_base, dialect.groups_filter, ["1.1"])
    groups = changes_since(client, wanted, _bytes(mark["groups"]))
    if groups is None or groups.changed:
        return None
    # What is gone is told without saying what it was.
    if groups.gone and _stamps(client)["group_digest"] != mark["group_digest"]:
        return None
    people = changes_since(client, _people(client, dialect.people_filter, aliases), _bytes(mark["people"]))
    if people is None:
        return None
    after = {**mark, "people": _text(people.cookie), "groups": _text(groups.cookie)}
    return Changed(after, people.changed, people.gone)


def _by_stamps(client: LdapClient, mark: Mark, aliases: Mapping[str, str]) -> Changed | None:
    now = _stamps(client)
    if now["group_digest"] != mark["group_digest"] or not mark["stamp"]:
        return None
    dialect = client.dialect
    since = general_time(mark["stamp"].encode())
    if since is None:
        return None
    newer = f"(&{dialect.people_filter}({dialect.modified}>={_general(since - _OVERLAP, dialect.modified)}))"
    asked = _people(client, newer, aliases)
    people = list(client.pages(asked.what, asked.base, asked.filter, list(asked.attributes)))
    seen = Seen()
    listing = client.pages(
        "Listing the ids of people", client.people_base, dialect.people_filter, [dialect.identity], seen
    )
    everybody = {identity(entry.attributes, dialect) for entry in listing}
    if not everybody or "" in everybody or (seen.references and not client.settings.accept_referrals):
        return None
    stamps = [entry.attributes.get(dialect.modified.lower(), [b""])[0].decode("ascii", "replace") for entry in people]
    after = {**mark, "stamp": max([mark["stamp"], *stamps])}
    return Changed(after, people, everybody=everybody)


def _stamps(client: LdapClient) -> Mark:
    """The time of the last change of any group, by the server's clock, and a digest of when each one changed."""
    dialect = client.dialect
    found: list[tuple[str, str, list[list[bytes] | None]]] = []
    wanted = [dialect.identity, dialect.modified, *_EXACT]
    for entry in client.pages("Looking for changed groups", client.groups_base, dialect.groups_filter, wanted):
        [stamp, *_] = entry.attributes.get(dialect.modified.lower()) or [b""]
        exact = [entry.attributes.get(name.lower()) for name in _EXACT]
        found.append((identity(entry.attributes, dialect), stamp.decode("ascii", "replace"), exact))
    digest = hashlib.sha256(repr(sorted(found)).encode()).hexdigest()[:32]
    return {"stamp": max((stamp for _, stamp, _ in found), default=""), "group_digest": digest}


def _people(client: LdapClient, filter: str, aliases: Mapping[str, str]) -> Search:
    return Search("Asking for changed people", client.people_base, filter, person_attributes(client.dialect, aliases))


def _general(moment: datetime, attribute: str) -> str:
    # Active Directory wants the fraction; others take it or leave it.
    return moment.strftime("%Y%m%d%H%M%S") + (".0Z" if attribute == "whenChanged" else "Z")


def _text(cookie: bytes) -> str:
    return base64.b64encode(cookie).decode("ascii")


def _bytes(cookie: str) -> bytes:
    return base64.b64decode(cookie)
