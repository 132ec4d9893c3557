"""Active Directory's own count of changes: objects with a higher uSNChanged, tombstones among them.

The count is one domain controller's, as long as it is not restored from a backup: its invocation id tells.
"""

from __future__ import annotations

from collections.abc import Mapping

from connectors.ldap.client import LdapClient
from connectors.ldap.dialects import DOMAIN_SCOPE, SHOW_DELETED
from connectors.ldap.searching import BASE, Search
from connectors.ldap.shapes import identity
from connectors.ldap.watching.marks import Changed, Mark, follow, has_identity, look_at_groups, root_number, root_of
from hub.sdk import Rejected

_DELETED_OBJECTS = "<WKGUID=18E2EA80684F11D2B9AA00C04F79F805,{}>"


class ByUsn:
    def begin(self, client: LdapClient, before: Mark | None = None) -> Mark | None:
        where = _where(client)
        # Whoever may not see what was deleted would never hear of leavers.
        if where is None or not has_identity(client, "objectGUID") or not _sees_tombstones(client):
            return None
        return {**where, "group_digest": look_at_groups(client).digest}

    def changes(self, client: LdapClient, mark: Mark, aliases: Mapping[str, str]) -> Changed | None:
        where = _where(client)
        if where is None or where["invocation"] != mark["invocation"] or where["usn"] < mark["usn"]:
            return None
        if where["usn"] == mark["usn"]:
            return Changed(mark)
        return follow(client, _touched(client, mark["usn"] + 1), mark, where, aliases)


def _where(client: LdapClient) -> Mark | None:
    root = root_of(client, "highestCommittedUSN", "dsServiceName")
    usn, [service, *_] = root_number(root, "highestCommittedUSN"), root.get("dsservicename") or [b""]
    if usn is None or not service:
        return None
    asked = Search("Asking which copy this is", service.decode(), "(objectClass=*)", ["invocationId"], BASE)
    try:
        found = [entry.attributes.get("invocationid") for entry in client.search(asked)]
    except Rejected:
        return None
    return {"usn": usn, "invocation": found[0][0].hex()} if found and found[0] else None


def _touched(client: LdapClient, first: int) -> set[str]:
    asked = Search(
        "Asking for what was touched", client.dialect.bases[0], f"(uSNChanged>={first})", ["objectGUID"],
        page_size=client.settings.page_size, controls=[(SHOW_DELETED, True, None), (DOMAIN_SCOPE, False, None)],
    )  # fmt: skip
    return {identity(entry.attributes, client.dialect) for entry in client.search(asked)} - {""}


def _sees_tombstones(client: LdapClient) -> bool:
    if SHOW_DELETED not in client.dialect.controls or not client.dialect.bases:
        return False
    place = _DELETED_OBJECTS.format(client.dialect.bases[0])
    asked = Search(
        "Looking for what was deleted", place, "(objectClass=*)", ["1.1"], BASE, controls=[(SHOW_DELETED, True, None)]
    )
    try:
        return bool(list(client.search(asked)))
    except Rejected:
        return False
