"""Which way of finding changes is taken: the one that is set, or the first that this server can be asked in."""

from __future__ import annotations

from collections.abc import Mapping

from connectors.ldap.client import LdapClient
from connectors.ldap.settings import Changes
from connectors.ldap.watching.by_changelog import ByChangelog
from connectors.ldap.watching.by_dirsync import ByDirsync
from connectors.ldap.watching.by_stamps import ByStamps
from connectors.ldap.watching.by_sync import BySync
from connectors.ldap.watching.by_usn import ByUsn
from connectors.ldap.watching.marks import Changed, Mark, Way

_WAYS: dict[Changes, Way] = {
    Changes.SYNC: BySync(),
    Changes.DIRSYNC: ByDirsync(),
    Changes.USN: ByUsn(),
    Changes.CHANGELOG: ByChangelog(),
    Changes.TIMESTAMPS: ByStamps(),
}


def mark_now(client: LdapClient, server: str, before: Mark | None = None) -> Mark:
    """Asked before a reading, so that what changes meanwhile is told twice rather than never."""
    for name in client.dialect.changes:
        mark = _WAYS[name].begin(client, before) if name in _WAYS else None
        if mark is not None:
            return {"way": name, "server": server, **mark}
    return {"way": Changes.COMPARE, "server": server}


def changes_after(client: LdapClient, server: str, mark: Mark, aliases: Mapping[str, str]) -> Changed | None:
    """None: everybody has to be read. So it is when any group changed, for that touches nobody's own entry."""
    if mark.get("server") != server:
        return None  # Cookies, counts and clocks are one server's own.
    way = _WAYS.get(mark["way"])
    return way.changes(client, mark, aliases) if way else None


def way_in_words(client: LdapClient) -> str:
    """Which way is taken here, and which better ones are not, for the person who tests the connection."""
    passed: list[str] = []
    for name in client.dialect.changes:
        if name not in _WAYS or _WAYS[name].begin(client) is not None:
            without = f" Not open to this account or not set up: {', '.join(passed)}." if passed else ""
            return f"Changes: {_IN_WORDS[name]}{without}"
        passed.append(name)
    return f"Changes: {_IN_WORDS[Changes.COMPARE]} This server cannot be asked by {', '.join(passed)}."


_IN_WORDS = {
    Changes.SYNC: "the server tells them (RFC 4533); everything is compared once an hour.",
    Changes.DIRSYNC: "the server tells them as to another domain controller (DirSync); everything is compared once "
    "an hour.",
    Changes.USN: "by this domain controller's count of changes (uSNChanged), deleted objects included; everything "
    "is compared once an hour.",
    Changes.CHANGELOG: "by the server's log of changes (cn=changelog); everything is compared once an hour.",
    Changes.TIMESTAMPS: "by the time of change, and a list of all ids; everything is compared once an hour.",
    Changes.COMPARE: "everything is read and compared each time.",
}
