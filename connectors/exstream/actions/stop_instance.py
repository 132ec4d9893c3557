"""Stop a flow instance."""

from __future__ import annotations

from typing import Any

from connectors.exstream.client import ExstreamClient
from connectors.exstream.shapes import Done, OneInstance
from connectors.exstream.touching import OnInstance
from hub.sdk import Call, Effect, Rejected


class StopInstance(OnInstance):
    """Stop a flow instance."""

    effect = Effect.KEYED

    Input = OneInstance

    Output = Done

    def run(self, input: Any, client: ExstreamClient, call: Call) -> Done:
        try:
            client.orchestration.stop_instance(input.domain, input.instance)
        except Rejected as refusal:
            now = client.orchestration.flow_instance(input.domain, input.instance) if refusal.exists else {}
            if now.get("status") != "canceled":
                raise
            return Done(changed=False)
        return Done()
