"""List the scheduled jobs of a domain."""

from __future__ import annotations

from typing import Any

from connectors.exstream.client import ExstreamClient
from connectors.exstream.shapes import InDomain
from hub.sdk import Action, Call, Effect, Fields


class ListCronJobs(Action[ExstreamClient]):
    """List the scheduled jobs of a domain."""

    effect = Effect.NONE

    Input = InDomain

    class Output(Fields):
        cron_jobs: list[dict[str, Any]]

    def run(self, input: Any, client: ExstreamClient, call: Call) -> Output:
        return self.Output(cron_jobs=client.orchestration.cron_jobs(input.domain))
