"""One person or one group, by id, name, stable id or location."""

from __future__ import annotations

import re
from dataclasses import dataclass
from uuid import UUID

from connectors.ldap.client import LdapClient
from connectors.ldap.decoding import Entry
from connectors.ldap.dialects import Dialect
from connectors.ldap.names import escape
from connectors.ldap.searching import BASE, Search
from connectors.ldap.shapes import first, identity
from hub.sdk import Rejected, UnexpectedReply

_NS_UNIQUE_ID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{8}){3}\Z")
_LOCATION = re.compile(r"[A-Za-z][A-Za-z0-9.-]*\s*=.+,")


@dataclass(frozen=True)
class Found:
    dn: str
    uuid: str
    id: str
    kind: str
    entry: Entry

    @property
    def members_attribute(self) -> str:
        """Where a group keeps its members."""
        classes = {value.lower() for value in self.entry.attributes.get("objectclass", [])}
        return "uniqueMember" if b"groupofuniquenames" in classes else "member"


def find_group(client: LdapClient, reference: str, further: list[str] | None = None) -> Found | None:
    dialect = client.dialect
    wanted = [dialect.identity, "cn", "objectClass", *(further or [])]
    return _find(client, reference, "group", client.groups_base, dialect.groups_filter, "cn", wanted)


def find_person(client: LdapClient, reference: str, further: list[str] | None = None) -> Found | None:
    dialect = client.dialect
    wanted = [dialect.identity, dialect.login, *(further or [])]
    return _find(client, reference, "user", client.people_base, dialect.people_filter, dialect.login, wanted)


def find(client: LdapClient, reference: str, kind: str) -> Found | None:
    return find_group(client, reference) if kind == "group" else find_person(client, reference)


def need(client: LdapClient, reference: str, kind: str) -> Found:
    found = find(client, reference, kind)
    if found is None:
        raise Rejected(f'There is no {kind} "{reference}" in {client.partition}.', missing=True)
    return found


def is_in(client: LdapClient, group: Found, member: Found) -> bool:
    """Asked of the server, which compares names by its own rules; the list of members is not read."""
    asked = Search(
        f"Looking for {member.id} in {group.id}", group.dn, f"({group.members_attribute}={escape(member.dn)})",
        ["1.1"], BASE,
    )  # fmt: skip
    return bool(list(client.search(asked)))


def groups_of(client: LdapClient, member: Found) -> list[Entry]:
    """The groups that somebody is directly in."""
    dn = escape(member.dn)
    wanted = f"(&{client.dialect.groups_filter}(|(member={dn})(uniqueMember={dn})))"
    attributes = [client.dialect.identity, "cn", "description"]
    return list(client.pages(f"Reading the groups of {member.id}", client.groups_base, wanted, attributes))


def _find(
    client: LdapClient, reference: str, kind: str, base: str, filter: str, name_attribute: str, wanted: list[str]
) -> Found | None:
    what = f'Looking for the {kind} "{reference}"'
    if _LOCATION.match(reference):
        try:
            entries = list(client.search(Search(what, reference, filter, wanted, BASE)))
        except Rejected as refusal:
            if not refusal.missing:
                raise
            entries = []
    else:
        entries = client.first(what, base, f"(&{filter}{_condition(client, reference, name_attribute)})", wanted, 2)
    if len(entries) > 1:
        raise Rejected(f'There are several {kind}s "{reference}". Name one by its location.')
    if not entries:
        return None
    [entry] = entries
    uuid, name = identity(entry.attributes, client.dialect), first(entry.attributes, name_attribute.lower())
    if not uuid or not name:
        raise UnexpectedReply(f'{what}: it came without "{client.dialect.identity}" or "{name_attribute}".')
    return Found(entry.dn.decode("utf-8", "replace"), uuid, f"{name}@{client.partition}", kind, entry)


def _condition(client: LdapClient, reference: str, name_attribute: str) -> str:
    if _NS_UNIQUE_ID.match(reference) and client.dialect.identity.lower() == "nsuniqueid":
        return identity_condition(client.dialect, reference)
    try:
        return identity_condition(client.dialect, str(UUID(reference)))
    except ValueError:
        name = reference.removesuffix(f"@{client.partition}")
        return f"({name_attribute}={escape(name)})"


def identity_condition(dialect: Dialect, uuid: str) -> str:
    """A filter for the object with a stable id as `identity` writes it."""
    if dialect.identity.lower() == "objectguid":
        value = "".join(f"\\{byte:02x}" for byte in UUID(uuid).bytes_le)
    else:
        value = escape(uuid)
    return f"({dialect.identity}={value})"
