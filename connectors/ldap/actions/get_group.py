"""The action `ldap.get_group`."""

from __future__ import annotations

from typing import Any

from connectors.ldap.client import LdapClient
from connectors.ldap.people import whole_group
from hub.sdk import Action, Call, Effect, Fields, field
from hub.sdk.directories import Group


class GetGroup(Action[LdapClient]):
    """Read one group with the groups it is directly in."""

    title = "Get a group"
    effect = Effect.NONE

    class Input(Fields):
        group: str = field("Group", choices="groups", help="By id, name, uuid or location.")

    class Output(Fields):
        found: bool
        group: Group | None

    def run(self, input: Any, client: LdapClient, call: Call) -> Output:
        body = whole_group(client, input.group)
        return self.Output(found=body is not None, group=None if body is None else Group.model_validate(body))
