"""The action `ldap.read_entry`."""

from __future__ import annotations

from typing import Any

from connectors.ldap.client import LdapClient
from connectors.ldap.searching import BASE, Search
from connectors.ldap.shapes import text
from hub.sdk import Action, Call, Effect, Fields, Rejected, field


class ReadEntry(Action[LdapClient]):
    """Read one entry of the directory by its location."""

    title = "Read an entry"
    effect = Effect.NONE

    class Input(Fields):
        location: str = field("Location", placeholder="uid=amara,ou=people,dc=example,dc=com", min_length=1)
        attributes: list[str] = field("Attributes", default_factory=list, help="Empty: all but operational ones.")

    class Output(Fields):
        found: bool
        location: str
        attributes: dict[str, list[str]]

    def run(self, input: Any, client: LdapClient, call: Call) -> Output:
        wanted = list(input.attributes) or ["*"]
        try:
            entries = list(
                client.search(Search("Reading the entry", input.location, "(objectClass=*)", wanted, BASE))
            )
        except Rejected as refusal:
            if not refusal.missing:
                raise
            entries = []
        if not entries:
            return self.Output(found=False, location=input.location, attributes={})
        [entry] = entries
        attributes = {
            name: [text(value) for value in values]
            for name, values in entry.attributes.items()
            if name != "userpassword"
        }
        return self.Output(found=True, location=text(entry.dn), attributes=attributes)
