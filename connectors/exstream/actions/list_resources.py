"""List the resources of a domain."""

from __future__ import annotations

from typing import Any, Literal

from connectors.exstream.client import ExstreamClient
from connectors.exstream.shapes import InDomain, ResourceFields
from hub.sdk import Action, Call, Effect, Fields, field


class ListResources(Action[ExstreamClient]):
    """List the resources of a domain."""

    effect = Effect.NONE

    class Input(InDomain):
        types: list[str] = field("Types", default=[], help="Types or groups such as designer; none means all.")
        states: list[Literal["DRAFT", "REVIEW", "APPROVED", "REJECTED"]] = field("States", default=[])
        name: str = field("Name", default="")
        latest_only: bool = field("Latest versions only", default=True)
        at_most: int = field("At most", default=1000, ge=1, le=10000)

    class Output(Fields):
        resources: list[ResourceFields]
        complete: bool

    def run(self, input: Any, client: ExstreamClient, call: Call) -> Output:
        wanted = {"types": input.types, "states": input.states, "name": input.name}
        if input.latest_only:
            wanted["latestVersion"] = True
        listing = client.design.resources(input.domain, wanted, fetchApproval=True)
        found: list[ResourceFields] = []
        for row in listing.items(lambda row: f"{row.get('id')}|{row.get('version')}"):
            if len(found) == input.at_most:
                return self.Output(resources=found, complete=False)
            found.append(ResourceFields.model_validate(row))
        return self.Output(resources=found, complete=not listing.problem())
