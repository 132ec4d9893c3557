"""Read what happened to a resource, with who and why."""

from __future__ import annotations

from typing import Any, Literal

from connectors.exstream.client import ExstreamClient
from connectors.exstream.shapes import OneResource
from connectors.exstream.touching import OnResource
from hub.sdk import Call, Effect, Fields, field


class GetHistory(OnResource):
    """Read what happened to a resource, with who and why."""

    effect = Effect.NONE

    class Input(OneResource):
        kind: Literal["", "CREATE", "STATE", "METADATA", "CONTENT"] = field("Only", default="")

    class Output(Fields):
        entries: list[dict[str, Any]]

    def run(self, input: Any, client: ExstreamClient, call: Call) -> Output:
        return self.Output(entries=client.design.history(input.domain, input.resource, input.kind))
