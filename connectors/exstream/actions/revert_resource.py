"""Make the content of an older version the draft."""

from __future__ import annotations

from typing import Any

from connectors.exstream.client import ExstreamClient
from connectors.exstream.shapes import OneResource, ResourceFields
from connectors.exstream.touching import OnResource
from hub.sdk import Call, Effect, field


class RevertResource(OnResource):
    """Make the content of an older version the draft."""

    effect = Effect.ONCE  # It may make a new version each time.

    class Input(OneResource):
        version: int = field("Older version", ge=1)
        comment: str = field("Comment", default="", lines=3)

    Output = ResourceFields

    def run(self, input: Any, client: ExstreamClient, call: Call) -> ResourceFields:
        made = client.design.revert(input.domain, input.resource, input.version, input.comment)
        return ResourceFields.model_validate(made)
