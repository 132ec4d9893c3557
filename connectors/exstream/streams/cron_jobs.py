"""What Exstream does by the clock: among it the jobs that wipe what ran."""

from __future__ import annotations

from typing import Any

from connectors.exstream.client import ExstreamClient
from connectors.exstream.scope import domains_of, read_whole
from hub.sdk import Fields, OpenFields, Reading, Record, Stream, field


class CronJobs(Stream[ExstreamClient]):
    """What Exstream does by the clock."""

    title = "Cron jobs"

    class Input(Fields):
        domains: list[str] = field("Domains", default=[], choices="domains", help="None means all.")

    class Output(OpenFields):
        domain: str
        id: str

    def read(self, input: Any, client: ExstreamClient) -> Reading:
        def rows() -> list[Record]:
            return [
                Record(f"{domain}|{row['id']}", {"domain": domain, **row})
                for domain in domains_of(client, input.domains)
                for row in client.orchestration.cron_jobs(domain)
            ]

        return read_whole("cron jobs", rows)
