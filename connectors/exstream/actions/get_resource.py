"""Read one resource with its approvals and our rights on it."""

from __future__ import annotations

from typing import Any

from connectors.exstream.client import ExstreamClient
from connectors.exstream.shapes import OneResource, ResourceFields
from connectors.exstream.touching import OnResource
from hub.sdk import Call, Effect, field


class GetResource(OnResource):
    """Read one resource with its approvals and our rights on it."""

    effect = Effect.NONE

    class Input(OneResource):
        version: int | None = field("Version", default=None, help="None means the latest.")

    Output = ResourceFields

    def run(self, input: Any, client: ExstreamClient, call: Call) -> ResourceFields:
        return ResourceFields.model_validate(
            client.design.resource(input.domain, input.resource, version=input.version)
        )
