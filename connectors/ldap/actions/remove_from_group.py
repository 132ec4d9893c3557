"""The action `ldap.remove_from_group`."""

from __future__ import annotations

from typing import Any, Literal

from connectors.ldap.client import LdapClient
from connectors.ldap.finding import is_in, need
from hub.sdk import Action, Call, Effect, Fields, field


class RemoveFromGroup(Action[LdapClient]):
    """Take a user or group out of a group. One who is not in it is left alone."""

    title = "Remove from a group"
    effect = Effect.KEYED

    class Input(Fields):
        group: str = field("Group", choices="groups", help="By id, name, uuid or location.")
        member: str = field("Member", help="A user or group, by id, name, uuid or location.")
        kind: Literal["user", "group"] = field("Kind of member", default="user")

    class Output(Fields):
        changed: bool

    def run(self, input: Any, client: LdapClient, call: Call) -> Output:
        group, member = need(client, input.group, "group"), need(client, input.member, input.kind)
        changed = is_in(client, group, member)
        if changed:
            what = f"Removing {member.id} from {group.id}"
            client.remove_value(group.dn, group.members_attribute, member.dn, what)
        return self.Output(changed=changed)
