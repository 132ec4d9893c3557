"""Compose one communication now."""

from __future__ import annotations

from typing import Any, Literal

from connectors.exstream.client import ExstreamClient
from connectors.exstream.shapes import InDomain
from connectors.exstream.touching import OnResource
from hub.sdk import Call, Effect, Fields, Rejected, field


class Generate(OnResource):
    """Compose one communication now."""

    resource_field = "communication"
    effect = Effect.ONCE  # The communication's outputs may be delivered.

    class Input(InDomain):
        communication: str = field("Communication", choices="resources", depends_on=["domain"])
        data_source: str = field("Driver data source", help="A prodDsn of the communication set's manifest.")
        data: str = field("Driver data", lines=8)
        content_type: Literal["application/xml", "application/json"] = field("Data is", default="application/xml")

    class Output(Fields):
        documents: list[dict[str, Any]]

    def run(self, input: Any, client: ExstreamClient, call: Call) -> Output:
        reply = client.orchestration.generate(
            input.domain, input.communication, input.data_source, input.data, input.content_type
        )
        rows = reply.get("data")
        documents = [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else [reply]
        if reply.get("status", "success") != "success":
            said = next((str(row.get("errorMessage")) for row in documents), "no reason given").rstrip(".")
            raise Rejected(f"Exstream could not compose the communication: {said}.", detail={"said": said[:300]})
        return self.Output(documents=documents)
