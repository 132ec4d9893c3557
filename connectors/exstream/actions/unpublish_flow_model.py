"""Take a flow model out of production."""

from __future__ import annotations

from typing import Any

from connectors.exstream.client import ExstreamClient
from connectors.exstream.shapes import Done, OneFlowModel
from connectors.exstream.touching import OnResource
from hub.sdk import Call, Effect


class UnpublishFlowModel(OnResource):
    """Take a flow model out of production."""

    resource_field = "model"
    effect = Effect.KEYED

    Input = OneFlowModel

    Output = Done

    def run(self, input: Any, client: ExstreamClient, call: Call) -> Done:
        client.orchestration.unpublish(input.domain, input.model)
        return Done()
