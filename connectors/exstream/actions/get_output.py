"""Fetch one output of a flow step."""

from __future__ import annotations

import base64
from typing import Any

from connectors.exstream.client import ExstreamClient
from connectors.exstream.shapes import OneStep
from connectors.exstream.touching import OnWhoKnows
from hub.sdk import Call, Effect, Fields, field


class GetOutput(OnWhoKnows):
    """Fetch one output of a flow step."""

    effect = Effect.NONE

    class Input(OneStep):
        name: str = field("Name of the output", placeholder="out1.pdf")

    class Output(Fields):
        name: str
        media_type: str
        content_base64: str

    def run(self, input: Any, client: ExstreamClient, call: Call) -> Output:
        response = client.orchestration.step_file(input.domain, input.step, f"artifact/{input.name}")
        kind = response.headers.get("Content-Type", "application/octet-stream")
        content = base64.b64encode(response.content).decode()
        return self.Output(name=input.name, media_type=kind, content_base64=content)
