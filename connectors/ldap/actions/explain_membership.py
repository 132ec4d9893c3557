"""The action `ldap.explain_membership`."""

from __future__ import annotations

from typing import Any, Literal

from connectors.ldap.client import LdapClient
from connectors.ldap.closure import path
from connectors.ldap.finding import need
from connectors.ldap.names import key_of
from connectors.ldap.nesting import number_of_group, read_nesting
from hub.sdk import Action, Call, Effect, Fields, field


class ExplainMembership(Action[LdapClient]):
    """Say whether somebody is in a group, and through which groups."""

    title = "Explain a membership"
    effect = Effect.NONE

    class Input(Fields):
        member: str = field("Member", help="A user or group, by id, name, uuid or location.")
        group: str = field("Group", choices="groups", help="By id, name, uuid or location.")
        kind: Literal["user", "group"] = field("Kind of member", default="user")

    class Output(Fields):
        is_member: bool
        path: list[str]
        """From the group that the member is directly in to the group asked for; the shortest way."""

    def run(self, input: Any, client: LdapClient, call: Call) -> Output:
        member, group = need(client, input.member, input.kind), need(client, input.group, "group")
        nesting = read_nesting(client)
        goal = number_of_group(nesting, group.uuid, input.group)
        start = nesting.grouping.groups_of(key_of(member.dn.encode()))
        way = path(start, nesting.parents, goal)
        return self.Output(is_member=bool(way), path=[nesting.grouping.body(number, client)["id"] for number in way])
