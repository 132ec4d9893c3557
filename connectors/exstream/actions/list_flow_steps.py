"""List the steps of a flow instance."""

from __future__ import annotations

from typing import Any

from connectors.exstream.client import ExstreamClient
from connectors.exstream.shapes import OneInstance
from hub.sdk import Action, Call, Effect, Fields, field


class ListFlowSteps(Action[ExstreamClient]):
    """List the steps of a flow instance."""

    effect = Effect.NONE

    class Input(OneInstance):
        types: list[str] = field("Step types", default=[], help="Such as output; none means all.")

    class Output(Fields):
        steps: list[dict[str, Any]]
        complete: bool

    def run(self, input: Any, client: ExstreamClient, call: Call) -> Output:
        wanted = {"flowInstanceId": input.instance, "stepTypes": input.types}
        listing = client.orchestration.flow_steps(input.domain, wanted)
        found = list(listing.items(lambda row: str(row.get("id"))))
        return self.Output(steps=found, complete=not listing.problem())
