"""List the jobs of a domain."""

from __future__ import annotations

from typing import Any

from connectors.exstream.client import ExstreamClient
from connectors.exstream.shapes import InDomain, JobFields
from hub.sdk import Action, Call, Effect, Fields, field


class ListJobs(Action[ExstreamClient]):
    """List the jobs of a domain."""

    effect = Effect.NONE

    class Input(InDomain):
        statuses: list[str] = field("Statuses", default=[])
        channel: str = field("Channel", default="")
        triggered_by: str = field("Started by", default="")
        ended_since: str = field(
            "Ended since", default="", pattern=r"^(\d{4}-\d{2}-\d{2})?$", form="a day such as 2026-01-31"
        )

    class Output(Fields):
        jobs: list[JobFields]
        complete: bool

    def run(self, input: Any, client: ExstreamClient, call: Call) -> Output:
        wanted = {
            "statuses": input.statuses,
            "channel": input.channel,
            "triggeredBy": input.triggered_by,
            "endDateStart": input.ended_since,
        }
        listing = client.orchestration.jobs(input.domain, wanted)
        found = [JobFields.model_validate(row) for row in listing.items(lambda row: str(row.get("id")))]
        return self.Output(jobs=found, complete=not listing.problem())
