"""Create a resource from a file."""

from __future__ import annotations

import base64
import binascii
from typing import Any

from connectors.exstream.client import ExstreamClient
from connectors.exstream.shapes import InDomain, ResourceFields
from hub.sdk import Action, Call, Effect, Misconfigured, Settled, field


class CreateResource(Action[ExstreamClient]):
    """Create a resource from a file."""

    effect = Effect.ONCE  # Whether a second one of the same name is refused is not documented.

    class Input(InDomain):
        name: str = field("Name", min_length=1)
        type: str = field("Type", placeholder="exstrapplication")
        subtype: str = field("Subtype", default="", advanced=True)
        file_name: str = field("File name", default="content.bin")
        content_base64: str = field("Content, as base64", lines=6)
        media_type: str = field("Media type", default="application/octet-stream")

    Output = ResourceFields

    def run(self, input: Any, client: ExstreamClient, call: Call) -> ResourceFields:
        try:
            content = base64.b64decode(input.content_base64, validate=True)
        except binascii.Error:
            raise Misconfigured("The content is not base64.", field="content_base64") from None
        file = (input.file_name, content, input.media_type)
        made = client.design.create_from_file(input.domain, input.name, input.type, input.subtype, file)
        return ResourceFields.model_validate(made)

    def settle(self, input: Any, client: ExstreamClient, call: Call) -> tuple[Settled, dict[str, Any]]:
        """None of that name means that it was not made; one may be ours or another's."""
        listing = client.design.resources(input.domain, {"types": [input.type], "name": input.name})
        found = list(listing.items(lambda row: f"{row.get('id')}|{row.get('version')}"))
        named = [row for row in found if row.get("name") == input.name]
        if listing.problem() or named:
            return Settled.UNKNOWN, {"found": [row.get("id") for row in named]}
        return Settled.NOT_DONE, {"found": []}
