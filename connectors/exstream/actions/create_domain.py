"""Create a domain, unless there is one of that name."""

from __future__ import annotations

from typing import Any, Literal

from connectors.exstream.client import ExstreamClient
from connectors.exstream.shapes import Done
from hub.sdk import Action, Call, Effect, Fields, Rejected, field


class CreateDomain(Action[ExstreamClient]):
    """Create a domain, unless there is one of that name."""

    effect = Effect.KEYED

    class Input(Fields):
        name: str = field("Name", min_length=1, max_length=255)
        description: str = field("Description", default="")
        production: bool = field("Production", default=False, help="Cannot be changed later.")
        workflow: Literal["NORMAL", "SIMPLE", "ADVANCED"] = field("Workflow", default="NORMAL")
        job_tracing: bool = field("Trace what jobs use", default=False)
        restrict_approval: bool = field("Nobody approves their own work", default=False)

    Output = Done

    def run(self, input: Any, client: ExstreamClient, call: Call) -> Done:
        body = {
            "id": input.name,
            "description": input.description,
            "production": input.production,
            "workflow": input.workflow,
            "jobTracing": input.job_tracing,
            "restrictApproval": input.restrict_approval,
        }
        try:
            client.design.create_domain(body)
        except Rejected as refusal:
            if not refusal.exists:
                raise
            return Done(changed=False)
        return Done()
