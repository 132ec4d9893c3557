"""Change the description, categories or other metadata of a resource."""

from __future__ import annotations

from typing import Any

from connectors.exstream.client import ExstreamClient
from connectors.exstream.shapes import OneResource, ResourceFields
from connectors.exstream.touching import OnResource, domains_written
from hub.sdk import Call, Effect, field


class UpdateMetadata(OnResource):
    """Change the description, categories or other metadata of a resource."""

    effect = Effect.KEYED  # The same changes again change nothing.

    class Input(OneResource):
        changes: dict[str, Any] = field("Changes", help="In Exstream's own names, such as description.")

    Output = ResourceFields

    def touches(self, input: Any, client: ExstreamClient) -> frozenset[str]:
        return super().touches(input, client) | domains_written(input.changes)

    def run(self, input: Any, client: ExstreamClient, call: Call) -> ResourceFields:
        return ResourceFields.model_validate(
            client.design.update_metadata(input.domain, input.resource, input.changes)
        )
