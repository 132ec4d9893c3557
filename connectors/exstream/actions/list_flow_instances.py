"""List the flow instances of a job."""

from __future__ import annotations

from typing import Any

from connectors.exstream.client import ExstreamClient
from connectors.exstream.shapes import InstanceFields, OneJob
from hub.sdk import Action, Call, Effect, Fields


class ListFlowInstances(Action[ExstreamClient]):
    """List the flow instances of a job."""

    effect = Effect.NONE

    Input = OneJob

    class Output(Fields):
        instances: list[InstanceFields]
        complete: bool

    def run(self, input: Any, client: ExstreamClient, call: Call) -> Output:
        listing = client.orchestration.flow_instances(input.domain, {"jobId": input.job})
        found = [InstanceFields.model_validate(row) for row in listing.items(lambda row: str(row.get("id")))]
        return self.Output(instances=found, complete=not listing.problem())
