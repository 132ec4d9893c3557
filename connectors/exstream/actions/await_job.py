"""Wait until a job has ended."""

from __future__ import annotations

from typing import Any

from connectors.exstream.client import ExstreamClient
from connectors.exstream.shapes import JobFields, OneJob
from connectors.exstream.touching import OnJob
from hub.sdk import Call, Effect, TryLater

ENDED = frozenset({"complete", "error", "canceled", "deleted"})


class AwaitJob(OnJob):
    """Wait until a job has ended, however it ended. It is asked for again as the step's retry says."""

    effect = Effect.NONE

    Input = OneJob

    Output = JobFields

    def run(self, input: Any, client: ExstreamClient, call: Call) -> JobFields:
        job = JobFields.model_validate(client.orchestration.job(input.domain, input.job))
        if job.status.lower() not in ENDED:
            raise TryLater(f"The job {job.id} has not ended: it is {job.status}.")
        return job
