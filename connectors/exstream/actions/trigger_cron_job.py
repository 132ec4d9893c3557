"""Start a scheduled job now."""

from __future__ import annotations

from typing import Any

from connectors.exstream.client import ExstreamClient
from connectors.exstream.shapes import Done, InDomain
from connectors.exstream.touching import OnCronJob
from hub.sdk import Call, Effect, field


class TriggerCronJob(OnCronJob):
    """Start a scheduled job now."""

    effect = Effect.ONCE

    class Input(InDomain):
        cron_job: str = field("Scheduled job", choices="cron_jobs", depends_on=["domain"])

    Output = Done

    def run(self, input: Any, client: ExstreamClient, call: Call) -> Done:
        client.orchestration.trigger_cron_job(input.domain, input.cron_job)
        return Done()
