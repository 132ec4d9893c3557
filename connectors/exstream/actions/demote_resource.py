"""Take a resource out of a domain; what it uses stays."""

from __future__ import annotations

from typing import Any

from connectors.exstream.client import ExstreamClient
from connectors.exstream.shapes import Done, OneResource
from hub.sdk import Action, Call, Effect, field


class DemoteResource(Action[ExstreamClient]):
    """Take a resource out of a domain; what it uses stays."""

    effect = Effect.KEYED

    class Input(OneResource):
        target: str = field("Target domain", choices="domains")

    Output = Done

    def run(self, input: Any, client: ExstreamClient, call: Call) -> Done:
        client.design.demote(input.domain, input.resource, input.target)
        return Done()
