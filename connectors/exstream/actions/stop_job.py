"""Stop a running job."""

from __future__ import annotations

from typing import Any

from connectors.exstream.client import ExstreamClient
from connectors.exstream.shapes import Done, OneJob
from connectors.exstream.touching import OnJob
from hub.sdk import Call, Effect, Rejected


class StopJob(OnJob):
    """Stop a running job."""

    effect = Effect.KEYED

    Input = OneJob

    Output = Done

    def run(self, input: Any, client: ExstreamClient, call: Call) -> Done:
        try:
            client.orchestration.stop_job(input.domain, input.job)
        except Rejected as refusal:
            if not refusal.exists or client.orchestration.job(input.domain, input.job).get("status") != "canceled":
                raise
            return Done(changed=False)
        return Done()
