"""Start a batch run of the published flows of a service."""

from __future__ import annotations

from typing import Any, Literal

from connectors.exstream.client import ExstreamClient
from connectors.exstream.shapes import InDomain, InstanceFields
from hub.sdk import Action, Call, Effect, Fields, Settled, field


class SubmitBatch(Action[ExstreamClient]):
    """Start a batch run of the published flows of a service."""

    effect = Effect.ONCE  # Again would be a second run.

    class Input(InDomain):
        service: str = field("Batch service", choices="batch_services", depends_on=["domain"])
        data: str = field("Driver data", lines=8)
        content_type: Literal["application/xml", "application/json"] = field("Data is", default="application/xml")
        variables: dict[str, str] = field("Flow variables", default={}, help="Sent as headers.")

    class Output(Fields):
        job: str
        instances: list[InstanceFields]

    def run(self, input: Any, client: ExstreamClient, call: Call) -> Output:
        rows = client.orchestration.submit_batch(
            input.domain, input.service, input.data, input.content_type, input.variables, call.key
        )
        found = [InstanceFields.model_validate(row) for row in rows]
        return self.Output(job=found[0].job_id if found else "", instances=found)

    def settle(self, input: Any, client: ExstreamClient, call: Call) -> tuple[Settled, dict[str, Any]]:
        """Looks for a job with our external id, when the connection knows how to set one."""
        if not client.settings.external_id_header:
            return Settled.UNKNOWN, {"reason": "The connection does not set an external id."}
        listing = client.orchestration.jobs(input.domain, {"externalId": call.key})
        rows = list(listing.items(lambda row: str(row.get("id"))))
        found = [str(row.get("id")) for row in rows if row.get("externalId") == call.key]
        if found:
            return Settled.DONE, {"job": found[0], "external_id": call.key}
        return (Settled.UNKNOWN if listing.problem() else Settled.NOT_DONE), {"external_id": call.key}
