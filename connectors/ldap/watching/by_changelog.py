"""The log of changes that 389 Directory Server keeps below cn=changelog (the plug-in Retro Changelog).

It has to say of each change whose stable id it concerns: `nsslapd-attribute: nsuniqueid:targetUniqueId`.
"""

from __future__ import annotations

from collections.abc import Mapping

from connectors.ldap.client import LdapClient
from connectors.ldap.decoding import Entry
from connectors.ldap.searching import Search
from connectors.ldap.shapes import first
from connectors.ldap.watching.marks import Changed, Mark, follow, has_identity, look_at_groups, root_number, root_of
from hub.sdk import Rejected

_IDS = ("targetUniqueId", "targetEntryUUID")
_WANTED = ("changeNumber", "changeType", *_IDS)


class ByChangelog:
    def begin(self, client: LdapClient, before: Mark | None = None) -> Mark | None:
        place = client.dialect.changelog
        where = _span(client)
        if not place or where is None or not has_identity(client, "nsUniqueId", "entryUUID"):
            return None
        last = _read(client, place, where[1])
        if last is None or any(not _id_of(entry) for entry in last):
            return None
        return {"number": where[1], "group_digest": look_at_groups(client).digest}

    def changes(self, client: LdapClient, mark: Mark, aliases: Mapping[str, str]) -> Changed | None:
        oldest, newest = _span(client) or (0, -1)
        if newest < mark["number"] or oldest > mark["number"] + 1:
            return None  # It began anew, or has forgotten what we missed.
        if newest == mark["number"]:
            return Changed(mark)
        found = _read(client, client.dialect.changelog, mark["number"] + 1)
        if found is None or any(not _id_of(entry) for entry in found):
            return None
        numbers = sorted(int(first(entry.attributes, "changenumber") or 0) for entry in found)
        if not numbers or numbers != list(range(mark["number"] + 1, numbers[-1] + 1)):
            return None  # Something is missing between, or hidden from this account.
        return follow(client, {_id_of(entry) for entry in found}, mark, {"number": numbers[-1]}, aliases)


def _span(client: LdapClient) -> tuple[int, int] | None:
    """The numbers of the oldest and the newest change."""
    root = root_of(client, "firstChangeNumber", "lastChangeNumber")
    oldest, newest = root_number(root, "firstChangeNumber"), root_number(root, "lastChangeNumber")
    return None if oldest is None or newest is None else (oldest, newest)


def _read(client: LdapClient, place: str, start: int) -> list[Entry] | None:
    asked = Search(
        "Reading the log of changes", place, f"(changeNumber>={start})", _WANTED, page_size=client.settings.page_size
    )
    try:
        return list(client.search(asked))
    except Rejected:
        return None


def _id_of(entry: Entry) -> str:
    return next((found.lower() for name in _IDS if (found := first(entry.attributes, name.lower()))), "")
