"""Read what the engine said in a flow step."""

from __future__ import annotations

from typing import Any

from connectors.exstream.client import ExstreamClient
from connectors.exstream.shapes import OneStep
from connectors.exstream.touching import OnWhoKnows
from hub.sdk import Call, Effect, Fields


class GetMessageFile(OnWhoKnows):
    """Read what the engine said in a flow step."""

    effect = Effect.NONE

    Input = OneStep

    class Output(Fields):
        text: str

    def run(self, input: Any, client: ExstreamClient, call: Call) -> Output:
        return self.Output(text=client.orchestration.step_file(input.domain, input.step, "message-file").text)
