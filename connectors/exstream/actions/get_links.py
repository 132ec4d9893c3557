"""Read what a resource uses, or what uses it."""

from __future__ import annotations

from typing import Any, Literal

from connectors.exstream.client import ExstreamClient
from connectors.exstream.shapes import OneResource, ResourceFields
from connectors.exstream.touching import OnWhoKnows
from hub.sdk import Call, Effect, Fields, field


class GetLinks(OnWhoKnows):
    """Read what a resource uses, or what uses it."""

    effect = Effect.NONE

    class Input(OneResource):
        depth: int = field("Depth", default=1, ge=1, le=10)
        direction: Literal["uses", "used by"] = field("Direction", default="uses")

    class Output(Fields):
        resources: list[ResourceFields]

    def run(self, input: Any, client: ExstreamClient, call: Call) -> Output:
        rows = client.design.linked_resources(
            input.domain, input.resource, input.depth, users=input.direction == "used by"
        )
        return self.Output(resources=[ResourceFields.model_validate(row) for row in rows])
