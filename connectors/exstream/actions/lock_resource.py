"""Lock a resource for our sign-in."""

from __future__ import annotations

from typing import Any

from connectors.exstream.client import ExstreamClient
from connectors.exstream.shapes import Done, OneResource
from hub.sdk import Action, Call, Effect


class LockResource(Action[ExstreamClient]):
    """Lock a resource for our sign-in."""

    effect = Effect.KEYED

    Input = OneResource

    Output = Done

    def run(self, input: Any, client: ExstreamClient, call: Call) -> Done:
        client.design.lock(input.domain, input.resource)
        return Done()
