"""Run an ended job again."""

from __future__ import annotations

from typing import Any

from connectors.exstream.client import ExstreamClient
from connectors.exstream.shapes import Done, OneJob
from connectors.exstream.touching import OnJob
from hub.sdk import Call, Effect, field


class ReprocessJob(OnJob):
    """Run an ended job again."""

    effect = Effect.ONCE

    class Input(OneJob):
        current_model: bool = field("With the flow model of today", default=False)
        current_context: bool = field("With the flow context of today", default=False)

    Output = Done

    def run(self, input: Any, client: ExstreamClient, call: Call) -> Done:
        client.orchestration.reprocess_job(
            input.domain, input.job, current_model=input.current_model, current_context=input.current_context
        )
        return Done()
