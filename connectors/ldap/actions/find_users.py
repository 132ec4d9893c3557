"""The action `ldap.find_users`."""

from __future__ import annotations

from typing import Any, Literal

from connectors.ldap.client import LdapClient
from connectors.ldap.people import people_like
from hub.sdk import Action, Call, Effect, Fields, field
from hub.sdk.directories import Person


class FindUsers(Action[LdapClient]):
    """Find people by a part of the login, the name or the e-mail address. Their groups are not looked up."""

    title = "Find users"
    effect = Effect.NONE

    class Input(Fields):
        filter: str = field("Holds", default="", help="Empty: everybody.")
        state: Literal["", "enabled", "disabled"] = field("State", default="")
        limit: int = field("At most", default=100, ge=1, le=1000)

    class Output(Fields):
        users: list[Person]

    def run(self, input: Any, client: LdapClient, call: Call) -> Output:
        found = people_like(client, input.filter, input.state, input.limit)
        return self.Output(users=[Person.model_validate(body) for body in found])
