"""Take a resource out of a domain; what it uses stays."""

from __future__ import annotations

from typing import Any

from connectors.exstream.client import ExstreamClient
from connectors.exstream.shapes import Done, OneResource
from connectors.exstream.touching import OnResource
from hub.sdk import Call, Effect, field


class DemoteResource(OnResource):
    """Take a resource out of a domain; what it uses stays."""

    effect = Effect.KEYED

    class Input(OneResource):
        target: str = field("Target domain", choices="domains", part=True)

    Output = Done

    def run(self, input: Any, client: ExstreamClient, call: Call) -> Done:
        client.design.demote(input.domain, input.resource, input.target)
        return Done()
