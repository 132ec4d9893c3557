"""Publish the newest approved version of a flow model."""

from __future__ import annotations

from typing import Any

from connectors.exstream.client import ExstreamClient
from connectors.exstream.shapes import Done, OneFlowModel
from hub.sdk import Action, Call, Effect


class PublishFlowModel(Action[ExstreamClient]):
    """Publish the newest approved version of a flow model."""

    effect = Effect.ONCE  # Each time makes another snapshot.

    Input = OneFlowModel

    Output = Done

    def run(self, input: Any, client: ExstreamClient, call: Call) -> Done:
        client.orchestration.publish(input.domain, input.model)
        return Done()
