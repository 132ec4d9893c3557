"""The resource `ldap.group_members`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from connectors.ldap.client import LdapClient
from connectors.ldap.finding import find, find_group, is_in, need
from connectors.ldap.memberships import read_memberships
from connectors.ldap.names import escape
from connectors.ldap.naming import read_memberships_of
from hub.sdk import Call, Proof, Rejected
from hub.sdk.memberships import Chosen, DirectoryMembers, parts_of


class GroupMembers(DirectoryMembers[LdapClient]):
    """Who is directly in which group. One record is one membership, and each is written by itself."""

    def found(self, input: Any, client: LdapClient, proof: Proof, chosen: Chosen) -> Iterator[dict[str, Any]]:
        only = _condition(client, input)
        if input.members:
            yield from read_memberships_of(
                client, proof, input.members, partition=input.partition, chosen=chosen, only=only
            )
            return
        for group, member in read_memberships(
            client, proof, partition=input.partition, chosen=lambda each: chosen(each.id, each.name, each.uuid),
            only=only,
        ):  # fmt: skip
            yield {"group": group.id, "member": member.id, "kind": member.kind}

    def read_one(self, key: str, client: LdapClient) -> dict[str, Any] | None:
        group_id, member_id = parts_of(key)
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


def _condition(client: LdapClient, input: Any) -> str:
    """A filter that every group asked for fits. The server compares without regard to case, so others may as well."""
    names = [name.removesuffix(f"@{client.partition}") for name in input.groups]
    named = "".join(f"(cn={escape(name)})" for name in names)
    prefix = f"(cn={escape(input.name_prefix)}*)" if input.name_prefix else ""
    return f"(&{f'(|{named})' if named else ''}{prefix})" if named or prefix else ""
