"""Changed entries by the time of their change, and a list of all ids, which shows who is gone."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from connectors.ldap.client import LdapClient
from connectors.ldap.searching import Seen
from connectors.ldap.shapes import identity
from connectors.ldap.states import general_time
from connectors.ldap.watching.marks import Changed, Mark, changed_people, look_at_groups

_OVERLAP = timedelta(seconds=10)


class ByStamps:
    def begin(self, client: LdapClient) -> Mark | None:
        groups = look_at_groups(client)
        return {"stamp": groups.stamp, "group_digest": groups.digest}

    def changes(self, client: LdapClient, mark: Mark, aliases: Mapping[str, str]) -> Changed | None:
        since = general_time(mark["stamp"].encode())
        if since is None or look_at_groups(client).digest != mark["group_digest"]:
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
