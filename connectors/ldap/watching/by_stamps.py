"""Changed entries by the time of their change, and a list of all ids, which shows who is gone."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from connectors.ldap.client import LdapClient
from connectors.ldap.searching import Seen
from connectors.ldap.shapes import identity
from connectors.ldap.states import general_time
from connectors.ldap.watching.marks import Changed, Mark, changed_people, look_at_groups

_OVERLAP, _SETTLED = timedelta(seconds=10), timedelta(seconds=2)


class ByStamps:
    def begin(self, client: LdapClient, before: Mark | None = None) -> Mark | None:
        groups, now = look_at_groups(client), datetime.now(UTC)
        known = before is not None and before.get("newest_group") == groups.stamp
        seen_at = before["seen_at"] if before and known else now.isoformat()
        return {
            "stamp": groups.stamp,
            "group_digest": groups.digest,
            "newest_group": groups.stamp,
            "seen_at": seen_at,
            # A group may change again within the second of its last change, which its stamp does not show.
            "settled": groups.is_exact or now - datetime.fromisoformat(seen_at) >= _SETTLED,
        }

    def changes(self, client: LdapClient, mark: Mark, aliases: Mapping[str, str]) -> Changed | None:
        since = general_time(mark["stamp"].encode())
        if since is None or not mark["settled"] or look_at_groups(client).digest != mark["group_digest"]:
            return None
        dialect, seen = client.dialect, Seen()
        newer = f"(&{dialect.people_filter}({dialect.modified}>={_general(since - _OVERLAP, dialect.modified)}))"
        asked = changed_people(client, newer, aliases)
        people = list(client.pages(asked.what, asked.base, asked.filter, list(asked.attributes)))
        listing = client.pages(
            "Listing the ids of people", client.people_base, dialect.people_filter, [dialect.identity], seen
        )
        everybody = {identity(entry.attributes, dialect) for entry in listing}
        if not everybody or "" in everybody or (seen.references and not client.settings.accept_referrals):
            return None
        stamps = [
            entry.attributes.get(dialect.modified.lower(), [b""])[0].decode("ascii", "replace") for entry in people
        ]
        return Changed({**mark, "stamp": max([mark["stamp"], *stamps])}, people, everybody=everybody)


def _general(moment: datetime, attribute: str) -> str:
    # Active Directory wants the fraction; others take it or leave it.
    return moment.strftime("%Y%m%d%H%M%S") + (".0Z" if attribute == "whenChanged" else "Z")
