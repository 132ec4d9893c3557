"""The action `ldap.get_user`."""

from __future__ import annotations

from typing import Any

from connectors.ldap.client import LdapClient
from connectors.ldap.people import person
from hub.sdk import Action, Call, Effect, Fields, field
from hub.sdk.directories import Person


class GetUser(Action[LdapClient]):
    """Read one person with all attributes and direct groups."""

    title = "Get a user"
    effect = Effect.NONE

    class Input(Fields):
        user: str = field("User", placeholder="amara.diallo@Northwind", help="By id, login, uuid or location.")

    class Output(Fields):
        found: bool
        user: Person | None

    def run(self, input: Any, client: LdapClient, call: Call) -> Output:
        body = person(client, input.user)
        return self.Output(found=body is not None, user=None if body is None else Person.model_validate(body))
