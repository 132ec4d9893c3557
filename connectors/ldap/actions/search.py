"""The action `ldap.search`."""

from __future__ import annotations

from typing import Any, Literal

from connectors.ldap.client import LdapClient
from connectors.ldap.searching import BASE, LEVEL, SUBTREE
from connectors.ldap.shapes import text
from hub.sdk import Action, Call, Effect, Fields, field

_SCOPES = {"below": SUBTREE, "children": LEVEL, "itself": BASE}


class Found(Fields):
    location: str
    attributes: dict[str, list[str]]


class Search(Action[LdapClient]):
    """Search the directory with a filter. Values that are no text, such as pictures, come in base64."""

    title = "Search"
    effect = Effect.NONE

    class Input(Fields):
        filter: str = field("Filter", placeholder="(mail=*@example.com)", help="RFC 4515.")
        base: str = field("Base", default="", help="Empty: the connection's.")
        scope: Literal["below", "children", "itself"] = field("Where", default="below")
        attributes: list[str] = field("Attributes", default_factory=list, help="Empty: all but operational ones.")
        limit: int = field("At most", default=100, ge=1, le=1000)

    class Output(Fields):
        entries: list[Found]
        more: bool
        """Whether there may be more than the limit let through."""

    def run(self, input: Any, client: LdapClient, call: Call) -> Output:
        entries = client.first(
            "Searching", input.base or client.base, input.filter, list(input.attributes) or ["*"], input.limit + 1,
            _SCOPES[input.scope],
        )  # fmt: skip
        found = [
            Found(
                location=text(entry.dn),
                attributes={
                    name: [text(value) for value in values]
                    for name, values in entry.attributes.items()
                    if name != "userpassword"
                },
            )
            for entry in entries[: input.limit]
        ]
        return self.Output(entries=found, more=len(entries) > input.limit)
