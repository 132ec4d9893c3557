"""Jobs: the runs that roles with MONITOR see."""

from __future__ import annotations

from typing import Any

from connectors.exstream.client import ExstreamClient
from connectors.exstream.scope import domains_of, read_pages
from hub.sdk import Fields, OpenFields, Reading, Record, Stream, field


class Jobs(Stream[ExstreamClient]):
    """Jobs: the runs that roles with MONITOR see."""

    class Input(Fields):
        domains: list[str] = field("Domains", default=[], choices="domains", help="None means all.")
        statuses: list[str] = field("Statuses", default=[], help="None means all.")
        since: str = field(
            "Started since",
            default="",
            pattern=r"^(\d{4}-\d{2}-\d{2})?$",
            form="a day such as 2026-01-31",
            placeholder="2026-01-31",
        )
        ended_since: str = field(
            "Ended since",
            default="",
            pattern=r"^(\d{4}-\d{2}-\d{2})?$",
            form="a day such as 2026-01-31",
            placeholder="2026-01-31",
        )
        deleted: bool = field(
            "Deleted ones instead", default=False, help="Those that are marked deleted and not wiped yet."
        )

    class Output(OpenFields):
        domain: str
        id: str
        status: str

    def read(self, input: Any, client: ExstreamClient) -> Reading:
        wanted = {"statuses": input.statuses, "startDateStart": input.since, "endDateStart": input.ended_since}

        def record(domain: str, row: dict[str, Any]) -> Record:
            return Record(f"{domain}|{row['id']}", {"domain": domain, **row})

        return read_pages(
            lambda: domains_of(client, input.domains),
            lambda domain: client.orchestration.jobs(domain, wanted, deleted=input.deleted),
            record,
        )
