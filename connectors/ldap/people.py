"""Single people and groups in their full shape."""

from __future__ import annotations

from typing import Any

from connectors.ldap.client import LdapClient
from connectors.ldap.decoding import Entry
from connectors.ldap.finding import Found, find_group, find_person, groups_of
from connectors.ldap.grouping import take_members
from connectors.ldap.names import escape
from connectors.ldap.shapes import GROUP_ATTRIBUTES, group, identity, person_attributes, person_maker

_EVERYTHING = "*"


def person(client: LdapClient, reference: str) -> dict[str, Any] | None:
    """One person with all attributes under their own names."""
    wanted = [_EVERYTHING, *person_attributes(client.dialect, {})]
    found = find_person(client, reference, wanted)
    return None if found is None else _person(client, found)


def _person(client: LdapClient, found: Found) -> dict[str, Any]:
    own = {name: name for name in found.entry.attributes if name != "userpassword"}
    return person_maker(client.dialect, client.partition, own)(found.entry, _ids(client, groups_of(client, found)))


def people_like(client: LdapClient, text: str, state: str, limit: int) -> list[dict[str, Any]]:
    """People whose login, name or e-mail address holds a text."""
    dialect, part = client.dialect, escape(text)
    like = "".join(f"({name}=*{part}*)" for name in (dialect.login, "cn", dialect.mail)) if text else ""
    wanted = f"(&{dialect.people_filter}(|{like}))" if like else dialect.people_filter
    # The state is not the same attribute everywhere, so it is looked at here.
    asked = limit if not state else 10_000
    found = client.first("Finding people", client.people_base, wanted, person_attributes(dialect, {}), asked)
    make = person_maker(dialect, client.partition, {})
    bodies = (make(entry, []) for entry in found if dialect.login.lower() in entry.attributes)
    chosen = [body for body in bodies if not state or body["disabled"] == (state == "disabled")]
    return chosen[:limit]


def whole_group(client: LdapClient, reference: str) -> dict[str, Any] | None:
    found = find_group(client, reference, list(GROUP_ATTRIBUTES))
    if found is None:
        return None
    members = take_members(found.entry.attributes)
    return group(found.entry, client.dialect, client.partition, _ids(client, groups_of(client, found)), len(members))


def _ids(client: LdapClient, groups: list[Entry]) -> list[str]:
    return [identity(entry.attributes, client.dialect) for entry in groups]
