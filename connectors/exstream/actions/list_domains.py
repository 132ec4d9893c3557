"""List the domains with their settings."""

from __future__ import annotations

from typing import Any

from connectors.exstream.client import ExstreamClient
from hub.sdk import Action, Call, Effect, Fields


class ListDomains(Action[ExstreamClient]):
    """List the domains that the sign-in sees, with their settings."""

    effect = Effect.NONE

    class Input(Fields):
        pass

    class Output(Fields):
        domains: list[dict[str, Any]]

    def run(self, input: Any, client: ExstreamClient, call: Call) -> Output:
        return self.Output(domains=client.design.domains())
