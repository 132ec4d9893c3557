"""Publish the newest approved version of a flow model."""

from __future__ import annotations

from typing import Any

from connectors.exstream.client import ExstreamClient
from connectors.exstream.shapes import Done, OneFlowModel
from connectors.exstream.touching import OnResource
from hub.sdk import Call, Effect


class PublishFlowModel(OnResource):
    """Publish the newest approved version of a flow model."""

    resource_field = "model"
    effect = Effect.ONCE  # Each time makes another snapshot.

    Input = OneFlowModel

    Output = Done

    def run(self, input: Any, client: ExstreamClient, call: Call) -> Done:
        client.orchestration.publish(input.domain, input.model)
        return Done()
