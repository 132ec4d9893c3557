"""Take the lock off a resource."""

from __future__ import annotations

from typing import Any

from connectors.exstream.client import ExstreamClient
from connectors.exstream.shapes import Done, OneResource
from connectors.exstream.touching import OnResource
from hub.sdk import Call, Effect, field


class UnlockResource(OnResource):
    """Take the lock off a resource."""

    effect = Effect.KEYED

    class Input(OneResource):
        force: bool = field("Break another user's lock", default=False, help="Tenant administrators only.")

    Output = Done

    def run(self, input: Any, client: ExstreamClient, call: Call) -> Done:
        client.design.unlock(input.domain, input.resource, force=input.force)
        return Done()
