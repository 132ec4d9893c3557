"""What Active Directory would tell another domain controller (MS-ADTS 3.1.1.3.4.1.3).

Only an account with the right "Replicating Directory Changes" is answered, so that nothing is left out in silence.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping

from connectors.ldap.client import LdapClient
from connectors.ldap.decoding import Malformed
from connectors.ldap.dialects import DIRSYNC
from connectors.ldap.encoding import inside, number, octets, sequence
from connectors.ldap.searching import Search, Seen
from connectors.ldap.shapes import identity
from connectors.ldap.watching.marks import Changed, Mark, follow, has_identity, look_at_groups
from hub.sdk import ConnectorError, Misconfigured, Rejected, UnexpectedReply

_NOBODY = "(!(objectClass=*))"
_ANYBODY = "(objectClass=*)"
_MOST_BYTES = 1 << 20


class ByDirsync:
    def begin(self, client: LdapClient, before: Mark | None = None) -> Mark | None:
        if DIRSYNC not in client.dialect.controls or not has_identity(client, "objectGUID"):
            return None
        told = _ask(client, b"", _NOBODY)
        if told is None:
            return None
        return {"cookie": base64.b64encode(told[0]).decode("ascii"), "group_digest": look_at_groups(client).digest}

    def changes(self, client: LdapClient, mark: Mark, aliases: Mapping[str, str]) -> Changed | None:
        told = _ask(client, base64.b64decode(mark["cookie"]), _ANYBODY)
        if told is None:
            return None
        cookie, touched = told
        return follow(client, touched, mark, {"cookie": base64.b64encode(cookie).decode("ascii")}, aliases)


def _ask(client: LdapClient, cookie: bytes, filter: str) -> tuple[bytes, set[str]] | None:
    """The next cookie, and the ids of what was touched; None when the server refuses."""
    touched: set[str] = set()
    while True:
        seen, value = Seen(), sequence(number(0), number(_MOST_BYTES), octets(cookie))
        # Objects are told only when an asked attribute changed, so all are asked for.
        asked = Search(
            "Asking for what was touched", client.dialect.bases[0], filter, ["*"], controls=[(DIRSYNC, True, value)]
        )
        try:
            touched |= {identity(entry.attributes, client.dialect) for entry in client.search(asked, seen)}
        except (Rejected, Misconfigured, UnexpectedReply) as refusal:
            if _is_refusal(refusal):
                return None
            raise
        try:
            assert seen.last is not None  # noqa: S101 - a search that did not end has raised
            (_, more), _, (_, cookie) = inside(seen.last.controls[DIRSYNC])
        except (KeyError, ValueError, IndexError, Malformed):
            return None
        if not any(more):
            return cookie, touched - {""}


def _is_refusal(trouble: ConnectorError) -> bool:
    """Everything but a broken connection: no such control, no right, a cookie that is of no use."""
    return "code" in trouble.detail
