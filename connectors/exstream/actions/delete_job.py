"""Delete a finished job."""

from __future__ import annotations

from typing import Any

from connectors.exstream.client import ExstreamClient
from connectors.exstream.shapes import Done, OneJob
from connectors.exstream.touching import OnJob
from hub.sdk import Call, Effect, Rejected, field


class DeleteJob(OnJob):
    """Delete a finished job."""

    effect = Effect.KEYED

    class Input(OneJob):
        force: bool = field("Even if it has not ended", default=False)

    Output = Done

    def run(self, input: Any, client: ExstreamClient, call: Call) -> Done:
        try:
            client.orchestration.delete_job(input.domain, input.job, force=input.force)
        except Rejected as refusal:
            if not refusal.missing:
                raise
            return Done(changed=False)
        return Done()
