"""The resource `ldap.group_members`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from connectors.ldap.client import LdapClient
from connectors.ldap.finding import find, find_group, is_in, need
from connectors.ldap.memberships import Member, read_memberships
from connectors.ldap.names import escape
from hub.sdk import Call, Fields, Misconfigured, Proof, Reading, Record, Rejected, Resource, field
from hub.sdk.directories import GroupMember

_BETWEEN = ">"


class GroupMembers(Resource[LdapClient]):
    """Who is directly in which group. One record is one membership, and each is written by itself."""

    title = "Group members"
    operations = ("create", "delete")

    class Input(Fields):
        partition: str = field("Partition of the groups", choices="partitions")
        groups: list[str] = field(
            "Groups", default_factory=list, help="By name or id. Empty: all that the prefix leaves."
        )
        name_prefix: str = field("Groups whose name begins with", default="")

    class Output(GroupMember):
        pass

    def read(self, input: Any, client: LdapClient) -> Reading:
        proof = Proof()
        named = set(input.groups)
        absent = set(named)
        chosen: set[str] = set()
        twice: set[str] = set()

        def is_chosen(group: Member) -> bool:
            mine = {group.id, group.name}
            absent.difference_update(mine)
            if (named and not named & mine) or not group.name.startswith(input.name_prefix):
                return False
            if group.id in chosen:
                twice.add(group.id)
            chosen.add(group.id)
            return True

        def records() -> Iterator[Record]:
            found = read_memberships(
                client, proof, partition=input.partition, chosen=is_chosen, only=_condition(client, input)
            )
            for group, member in found:
                body = {"group": group.id, "member": member.id, "kind": member.kind}
                yield Record(self.key_of(body), body)
            if twice:
                proof.complete = False
                proof.problems.append(f"There are several groups {', '.join(sorted(twice))}.")
            if absent:
                names = ", ".join(sorted(absent))
                proof.complete = False
                proof.problems.append(f"There is no group {names} in {input.partition}.")

        return Reading(records(), proof)

    def key_of(self, body: dict[str, Any]) -> str:
        return f"{body['group']}{_BETWEEN}{body['member']}"

    def read_one(self, key: str, client: LdapClient) -> dict[str, Any] | None:
        group_id, _, member_id = key.rpartition(_BETWEEN)
        if not group_id or not member_id:
            raise Misconfigured(f'"{key}" is no membership. It is written group{_BETWEEN}member.')
        group = find_group(client, group_id)
        if group is None:
            return None
        for kind in ("user", "group"):
            member = find(client, member_id, kind)
            if member is not None and is_in(client, group, member):
                return {"group": group_id, "member": member_id, "kind": kind}
        return None

    def create(self, key: str, body: dict[str, Any], client: LdapClient, call: Call) -> None:
        group, member = need(client, body["group"], "group"), need(client, body["member"], body["kind"])
        try:
            client.add_value(group.dn, group.members_attribute, member.dn, f"Adding {member.id} to {group.id}")
        except Rejected as refusal:
            # Servers refuse what is so already in several ways.
            if not refusal.exists and not is_in(client, group, member):
                raise

    def delete(self, key: str, before: dict[str, Any], client: LdapClient, call: Call) -> None:
        group, member = find_group(client, before["group"]), find(client, before["member"], before["kind"])
        if group is None or member is None:
            return
        try:
            client.remove_value(group.dn, group.members_attribute, member.dn, f"Removing {member.id} from {group.id}")
        except Rejected as refusal:
            if not refusal.missing and is_in(client, group, member):
                raise

    def describe(self, key: str, body: dict[str, Any]) -> str:
        return f"{body['member']} in {body['group']}"


def _condition(client: LdapClient, input: Any) -> str:
    """A filter that every group asked for fits. The server compares without regard to case, so others may as well."""
    names = [name.removesuffix(f"@{client.partition}") for name in input.groups]
    named = "".join(f"(cn={escape(name)})" for name in names)
    prefix = f"(cn={escape(input.name_prefix)}*)" if input.name_prefix else ""
    return f"(&{f'(|{named})' if named else ''}{prefix})" if named or prefix else ""
