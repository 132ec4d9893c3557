"""Which group has which role in which domain."""

from __future__ import annotations

from typing import Any

from connectors.exstream.client import ExstreamClient
from connectors.exstream.scope import domains_of, read_whole
from hub.sdk import Call, Fields, Reading, Record, Resource, UnexpectedReply, field


class GroupRoles(Resource[ExstreamClient]):
    """Assignments of Exstream roles to OTDS groups, per domain."""

    title = "Role assignments"
    operations = ("create", "delete")

    class Input(Fields):
        domains: list[str] = field("Domains", default=[], choices="domains", help="None means all.")
        group_prefix: str = field("Only groups that begin with", default="")

    class Output(Fields):
        domain: str
        group: str
        role: str

    def read(self, input: Any, client: ExstreamClient) -> Reading:
        def rows() -> list[Record]:
            found = [record for domain in domains_of(client, input.domains) for record in assignments(client, domain)]
            return [record for record in found if record.body["group"].startswith(input.group_prefix)]

        return read_whole("role assignments", rows)

    def read_one(self, key: str, client: ExstreamClient) -> dict[str, Any] | None:
        domain, _, _ = key.partition("|")
        return next((record.body for record in assignments(client, domain) if record.key == key), None)

    def key_of(self, body: dict[str, Any]) -> str:
        return f"{body['domain']}|{body['group']}|{body['role']}"

    def create(self, key: str, body: dict[str, Any], client: ExstreamClient, call: Call) -> None:
        client.design.assign_group_role(body["domain"], body["group"], body["role"])

    def delete(self, key: str, before: dict[str, Any], client: ExstreamClient, call: Call) -> None:
        client.design.remove_group_role(before["domain"], before["group"], before["role"])

    def describe(self, key: str, body: dict[str, Any]) -> str:
        return f"{body['group']} has the role {body['role']} in {body['domain']}"


def assignments(client: ExstreamClient, domain: str) -> list[Record]:
    """The assignments of one domain."""
    made = []
    for row in client.design.group_roles(domain):
        group, role = row.get("group"), row.get("roleName")
        if not isinstance(group, str) or not isinstance(role, str):
            raise UnexpectedReply(f"A role assignment in {domain} has no group or no role.")
        made.append(Record(f"{domain}|{group}|{role}", {"domain": domain, "group": group, "role": role}))
    return made
