"""Templates, images, flow models and all other resources."""

from __future__ import annotations

from typing import Any, Literal

from connectors.exstream.client import ExstreamClient
from connectors.exstream.scope import domains_of, read_pages
from hub.sdk import Fields, OpenFields, Reading, Record, Stream, field


class Resources(Stream[ExstreamClient]):
    """Templates, images, flow models and all other resources."""

    class Input(Fields):
        domains: list[str] = field("Domains", default=[], choices="domains", help="None means all.")
        types: list[str] = field("Types", default=[], help="Types or groups such as designer; none means all.")
        states: list[Literal["DRAFT", "REVIEW", "APPROVED", "REJECTED"]] = field("States", default=[])
        latest_only: bool = field("Latest versions only", default=True)

    class Output(OpenFields):
        domain: str
        id: str
        version: int
        name: str
        type: str
        state: str

    def read(self, input: Any, client: ExstreamClient) -> Reading:
        wanted: dict[str, Any] = {"types": input.types, "states": input.states}
        if input.latest_only:
            wanted["latestVersion"] = True

        def record(domain: str, row: dict[str, Any]) -> Record:
            return Record(f"{domain}|{row['id']}|{row['version']}", {"domain": domain, **row})

        return read_pages(
            lambda: domains_of(client, input.domains),
            lambda domain: client.design.resources(domain, wanted, fetchDomains=True),
            record,
        )
