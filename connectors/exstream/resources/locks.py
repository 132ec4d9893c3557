"""Who holds which resource locked."""

from __future__ import annotations

from typing import Any

from connectors.exstream.client import ExstreamClient
from connectors.exstream.scope import domains_of, read_pages
from hub.sdk import Call, Fields, Reading, Record, Rejected, Resource, field


class Locks(Resource[ExstreamClient]):
    """Locks on resources. Removing one is a forced unlock, which only tenant administrators may do."""

    title = "Locks"
    operations = ("delete",)

    class Input(Fields):
        domains: list[str] = field("Domains", default=[], choices="domains", help="None means all.")
        locked_by: list[str] = field("Only locks of", default=[], help="login@partition; none means everyone.")

    class Output(Fields):
        domain: str
        resource: str
        version: int
        name: str
        type: str
        locked_by: str

    def read(self, input: Any, client: ExstreamClient) -> Reading:
        def record(domain: str, row: dict[str, Any]) -> Record | None:
            body = _body(domain, row)
            if body is None or (input.locked_by and body["locked_by"] not in input.locked_by):
                return None
            return Record(f"{domain}|{body['resource']}", body)

        return read_pages(
            lambda: domains_of(client, input.domains),
            lambda domain: client.design.resources(domain, {"locked": True, "latestVersion": True}),
            record,
        )

    def read_one(self, key: str, client: ExstreamClient) -> dict[str, Any] | None:
        domain, _, resource = key.rpartition("|")
        try:
            return _body(domain, client.design.resource(domain, resource))
        except Rejected as refusal:
            if refusal.missing:
                return None
            raise

    def delete(self, key: str, before: dict[str, Any], client: ExstreamClient, call: Call) -> None:
        try:
            client.design.unlock(before["domain"], before["resource"], force=True)
        except Rejected as refusal:
            if not refusal.missing:
                raise

    def describe(self, key: str, body: dict[str, Any]) -> str:
        return f"{body['name']} in {body['domain']}, locked by {body['locked_by']}"


def _body(domain: str, row: dict[str, Any]) -> dict[str, Any] | None:
    if not row.get("locked"):
        return None
    return {
        "domain": domain,
        "resource": str(row["id"]),
        "version": int(row["version"]),
        "name": str(row.get("name") or ""),
        "type": str(row.get("type") or ""),
        "locked_by": str(row.get("lockedBy") or ""),
    }
