"""Show a hidden resource again."""

from __future__ import annotations

from typing import Any

from connectors.exstream.client import ExstreamClient
from connectors.exstream.shapes import Done, OneResource
from connectors.exstream.touching import OnResource
from hub.sdk import Call, Effect


class ShowResource(OnResource):
    """Show a hidden resource again."""

    effect = Effect.KEYED

    Input = OneResource

    Output = Done

    def run(self, input: Any, client: ExstreamClient, call: Call) -> Done:
        client.design.set_hidden(input.domain, input.resource, hidden=False)
        return Done()
