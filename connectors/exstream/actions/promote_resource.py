"""Associate a resource with another domain; what it uses follows."""

from __future__ import annotations

from typing import Any

from connectors.exstream.client import ExstreamClient
from connectors.exstream.shapes import Done, OneResource
from connectors.exstream.touching import OnResource
from hub.sdk import Call, Effect, field


class PromoteResource(OnResource):
    """Associate a resource with another domain; what it uses follows."""

    effect = Effect.KEYED

    class Input(OneResource):
        target: str = field("Target domain", choices="domains", part=True)

    Output = Done

    def run(self, input: Any, client: ExstreamClient, call: Call) -> Done:
        client.design.promote(input.domain, input.resource, input.target)
        return Done()
