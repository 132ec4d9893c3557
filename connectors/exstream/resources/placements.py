"""Which resources of a domain are associated with other domains as well."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from connectors.exstream.client import ExstreamClient
from connectors.exstream.scope import domains_of, read_pages
from hub.sdk import Call, Fields, Reading, Record, Rejected, Resource, field


class Placements(Resource[ExstreamClient]):
    """Associations of approved resources with domains besides their home. What a resource uses follows it into a
    domain, and stays when it leaves (HELP)."""

    title = "Placements"
    operations = ("create", "delete")

    class Input(Fields):
        homes: list[str] = field("Homes", choices="domains", help="Domains in which the resources are.")
        domains: list[str] = field("Domains", choices="domains", help="The other domains.")

    class Output(Fields):
        home: str
        resource: str
        name: str
        type: str
        domain: str

    def read(self, input: Any, client: ExstreamClient) -> Reading:
        whole = read_pages(
            lambda: domains_of(client, input.homes),
            lambda home: client.design.resources(home, {"latestVersion": True}, fetchDomains=True),
            lambda home, row: Record(f"{home}|{row['id']}", {"home": home, "row": row}),
        )

        def records() -> Iterator[Record]:
            count = 0
            for _, found in whole.records:
                home, row = found["home"], found["row"]
                for domain in set(domains_in(row)) & set(input.domains) - {home}:
                    count += 1
                    yield Record(f"{home}|{row['id']}|{domain}", _body(home, row, domain))
            whole.proof.count = count

        return Reading(records(), whole.proof)

    def read_one(self, key: str, client: ExstreamClient) -> dict[str, Any] | None:
        home, resource, domain = key.split("|")
        try:
            row = client.design.resource(home, resource)
        except Rejected as refusal:
            if refusal.missing:
                return None
            raise
        return _body(home, row, domain) if domain in domains_in(row) else None

    def key_of(self, body: dict[str, Any]) -> str:
        return f"{body['home']}|{body['resource']}|{body['domain']}"

    def create(self, key: str, body: dict[str, Any], client: ExstreamClient, call: Call) -> None:
        client.design.promote(body["home"], body["resource"], body["domain"])

    def delete(self, key: str, before: dict[str, Any], client: ExstreamClient, call: Call) -> None:
        client.design.demote(before["home"], before["resource"], before["domain"])

    def describe(self, key: str, body: dict[str, Any]) -> str:
        return f"{body['name']} ({body['type']}) of {body['home']} in {body['domain']}"


def domains_in(row: dict[str, Any]) -> list[str]:
    """The domains that a resource is associated with."""
    return [str(each["id"]) for each in row.get("domains") or []]


def _body(home: str, row: dict[str, Any], domain: str) -> dict[str, Any]:
    return {"home": home, "resource": str(row["id"]), "name": str(row.get("name") or ""),
            "type": str(row.get("type") or ""), "domain": domain}  # fmt: skip
