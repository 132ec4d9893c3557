"""Hide a resource: the nearest thing to retiring it."""

from __future__ import annotations

from typing import Any

from connectors.exstream.client import ExstreamClient
from connectors.exstream.shapes import Done, OneResource
from hub.sdk import Action, Call, Effect


class HideResource(Action[ExstreamClient]):
    """Hide a resource: the nearest thing to retiring it."""

    effect = Effect.KEYED

    Input = OneResource

    Output = Done

    def run(self, input: Any, client: ExstreamClient, call: Call) -> Done:
        client.design.set_hidden(input.domain, input.resource, hidden=True)
        return Done()
