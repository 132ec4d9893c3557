"""Lock a resource for our sign-in."""

from __future__ import annotations

from typing import Any

from connectors.exstream.client import ExstreamClient
from connectors.exstream.shapes import Done, OneResource
from connectors.exstream.touching import OnResource
from hub.sdk import Call, Effect


class LockResource(OnResource):
    """Lock a resource for our sign-in."""

    effect = Effect.KEYED

    Input = OneResource

    Output = Done

    def run(self, input: Any, client: ExstreamClient, call: Call) -> Done:
        client.design.lock(input.domain, input.resource)
        return Done()
