"""The action `otds.consolidate_resource`."""

from __future__ import annotations

from typing import Any

from connectors.otds.client import OtdsClient
from hub.sdk import Action, Call, Effect, Fields, field


class ConsolidateResource(Action[OtdsClient]):
    """Push the directory's state to a resource once more."""

    title = "Consolidate a resource"
    effect = Effect.KEYED

    class Input(Fields):
        resource: str = field("Resource", choices="resources")

    class Output(Fields):
        resource: str

    def run(self, input: Any, client: OtdsClient, call: Call) -> Output:
        location = client.resource(input.resource)["resourceDN"]
        body = {
            "cleanupUsersInResource": False,
            "cleanupGroupsInResource": False,
            "resourceList": [location],
            "objectToConsolidate": location,
        }
        client.write("POST", "/consolidation", f"Consolidating {input.resource}", body)
        return self.Output(resource=input.resource)
