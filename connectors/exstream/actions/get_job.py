"""Read one job."""

from __future__ import annotations

from typing import Any

from connectors.exstream.client import ExstreamClient
from connectors.exstream.shapes import JobFields, OneJob
from connectors.exstream.touching import OnJob
from hub.sdk import Call, Effect


class GetJob(OnJob):
    """Read one job."""

    effect = Effect.NONE

    Input = OneJob

    Output = JobFields

    def run(self, input: Any, client: ExstreamClient, call: Call) -> JobFields:
        return JobFields.model_validate(client.orchestration.job(input.domain, input.job))
