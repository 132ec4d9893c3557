"""The action `ldap.list_group_members`."""

from __future__ import annotations

from typing import Any

from connectors.ldap.client import LdapClient
from connectors.ldap.finding import need
from connectors.ldap.memberships import people_by_key
from connectors.ldap.nesting import number_of_group, read_nesting
from hub.sdk import Action, Call, Effect, Fields, Proof, UnexpectedReply, field


class ListGroupMembers(Action[LdapClient]):
    """List the users in a group, with those of nested groups on request."""

    title = "List the members of a group"
    effect = Effect.NONE

    class Input(Fields):
        group: str = field("Group", choices="groups", help="By id, name, uuid or location.")
        nested: bool = field("With nested groups", default=False)

    class Output(Fields):
        users: list[str]
        groups: list[str]

    def run(self, input: Any, client: LdapClient, call: Call) -> Output:
        group = need(client, input.group, "group")
        nesting = read_nesting(client)
        start = number_of_group(nesting, group.uuid, input.group)
        below = nesting.below(start) if input.nested else nesting.children[start]
        looked_at = [start, *below] if input.nested else [start]
        members = {key for number in looked_at for key in nesting.grouping.members_of(number)}
        proof = Proof()
        users = sorted(person.id for key, person in people_by_key(client, proof) if key in members)
        if not proof.complete:
            raise UnexpectedReply(f"The people could not be read whole: {proof.problems[0]}")
        groups = sorted(nesting.grouping.body(number, client)["id"] for number in set(below))
        return self.Output(users=users, groups=groups)
