"""Hide a resource: the nearest thing to retiring it."""

from __future__ import annotations

from typing import Any

from connectors.exstream.client import ExstreamClient
from connectors.exstream.shapes import Done, OneResource
from connectors.exstream.touching import OnResource
from hub.sdk import Call, Effect


class HideResource(OnResource):
    """Hide a resource: the nearest thing to retiring it."""

    effect = Effect.KEYED

    Input = OneResource

    Output = Done

    def run(self, input: Any, client: ExstreamClient, call: Call) -> Done:
        client.design.set_hidden(input.domain, input.resource, hidden=True)
        return Done()
