"""Schedule a job."""

from __future__ import annotations

from typing import Any, Literal

from connectors.exstream.client import ExstreamClient
from connectors.exstream.shapes import InDomain
from connectors.exstream.touching import domains_written
from hub.sdk import Action, Call, Effect, OpenFields, field


class CreateCronJob(Action[ExstreamClient]):
    """Schedule a job."""

    effect = Effect.ONCE

    class Input(InDomain):
        name: str = field("Name")
        type: Literal[
            "markDeleted",
            "wipe",
            "startJob",
            "updateExpirationTime",
            "wipeSortingAssets",
            "expireSortingAssets",
            "sortingAndBundling",
        ] = field("Type")
        schedule: str = field(
            "Schedule", placeholder="0 * * * *", pattern=r"^\S+( \S+){4}$", form="a cron rule of five parts"
        )
        details: dict[str, Any] = field("Details", default={}, help="Further fields in Exstream's own names.")

    class Output(OpenFields):
        id: str

    def touches(self, input: Any, client: ExstreamClient) -> frozenset[str]:
        return frozenset({input.domain}) | domains_written(input.details)

    def run(self, input: Any, client: ExstreamClient, call: Call) -> Output:
        # The names of the fields besides cronType are assumed.
        body = {"name": input.name, "cronType": input.type, "cronExpression": input.schedule, "active": True}
        return self.Output.model_validate(
            client.orchestration.create_cron_job(input.domain, {**body, **input.details})
        )
