"""Changes as the server tells them (RFC 4533)."""

from __future__ import annotations

import base64
from collections.abc import Mapping

from connectors.ldap.client import LdapClient
from connectors.ldap.searching import Search
from connectors.ldap.settings import Kind
from connectors.ldap.watching.marks import Changed, Mark, changed_people, look_at_groups
from connectors.ldap.watching.syncing import changes_since, first_cookie


class BySync:
    def begin(self, client: LdapClient, before: Mark | None = None) -> Mark | None:
        if client.dialect.kind is Kind.DS389:
            return None  # It never says that it told every deletion (refreshDeletes); it has its log of changes.
        people, groups = (first_cookie(client, base) for base in (client.people_base, client.groups_base))
        if not people or not groups:
            return None
        return {"people": _text(people), "groups": _text(groups), "group_digest": look_at_groups(client).digest}

    def changes(self, client: LdapClient, mark: Mark, aliases: Mapping[str, str]) -> Changed | None:
        dialect = client.dialect
        wanted = Search("Asking for changed groups", client.groups_base, dialect.groups_filter, ["1.1"])
        groups = changes_since(client, wanted, _bytes(mark["groups"]))
        if groups is None or groups.changed:
            return None
        # What is gone is told without saying what it was.
        if groups.gone and look_at_groups(client).digest != mark["group_digest"]:
            return None
        asked = changed_people(client, dialect.people_filter, aliases)
        people = changes_since(client, asked, _bytes(mark["people"]))
        if people is None:
            return None
        after = {**mark, "people": _text(people.cookie), "groups": _text(groups.cookie)}
        return Changed(after, people.changed, people.gone)


def _text(cookie: bytes) -> str:
    return base64.b64encode(cookie).decode("ascii")


def _bytes(cookie: str) -> bytes:
    return base64.b64decode(cookie)
