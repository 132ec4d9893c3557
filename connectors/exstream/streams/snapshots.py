"""Flow models as they were published: who did it, and when."""

from __future__ import annotations

from typing import Any

from connectors.exstream.client import ExstreamClient
from connectors.exstream.scope import domains_of, read_pages
from hub.sdk import Fields, OpenFields, Reading, Record, Stream, field


class Snapshots(Stream[ExstreamClient]):
    """Flow models as they were published: who did it, and when."""

    title = "Published flow models"

    class Input(Fields):
        domains: list[str] = field("Domains", default=[], choices="domains", help="None means all.")

    class Output(OpenFields):
        domain: str
        id: str

    def read(self, input: Any, client: ExstreamClient) -> Reading:
        def record(domain: str, row: dict[str, Any]) -> Record:
            return Record(f"{domain}|{row['id']}", {"domain": domain, **row})

        return read_pages(lambda: domains_of(client, input.domains), client.orchestration.snapshots, record)
