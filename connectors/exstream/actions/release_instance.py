"""Let a held flow instance go on."""

from __future__ import annotations

from typing import Any

from connectors.exstream.client import ExstreamClient
from connectors.exstream.shapes import Done, OneInstance
from connectors.exstream.touching import OnInstance
from hub.sdk import Call, Effect, Settled


class ReleaseInstance(OnInstance):
    """Let a held flow instance go on."""

    effect = Effect.ONCE  # The flow may hold a second time further on.

    Input = OneInstance

    Output = Done

    def run(self, input: Any, client: ExstreamClient, call: Call) -> Done:
        client.orchestration.release_instance(input.domain, input.instance)
        return Done()

    def settle(self, input: Any, client: ExstreamClient, call: Call) -> tuple[Settled, dict[str, Any]]:
        """An instance that no longer holds was released; one that holds may hold again."""
        status = client.orchestration.flow_instance(input.domain, input.instance).get("status")
        return (Settled.UNKNOWN if status == "holding" else Settled.DONE), {"status": status}
