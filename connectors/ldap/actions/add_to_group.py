"""The action `ldap.add_to_group`."""

from __future__ import annotations

from typing import Any, Literal

from connectors.ldap.client import LdapClient
from connectors.ldap.finding import is_in, need
from hub.sdk import Action, Call, Effect, Fields, field


class AddToGroup(Action[LdapClient]):
    """Put a user or group directly into a group. One who is in it already stays."""

    title = "Add to a group"
    effect = Effect.KEYED

    class Input(Fields):
        group: str = field("Group", choices="groups", help="By id, name, uuid or location.")
        member: str = field("Member", help="A user or group, by id, name, uuid or location.")
        kind: Literal["user", "group"] = field("Kind of member", default="user")

    class Output(Fields):
        changed: bool

    def run(self, input: Any, client: LdapClient, call: Call) -> Output:
        group, member = need(client, input.group, "group"), need(client, input.member, input.kind)
        changed = not is_in(client, group, member)
        if changed:
            what = f"Adding {member.id} to {group.id}"
            client.add_value(group.dn, group.members_attribute, member.dn, what)
        return self.Output(changed=changed)
