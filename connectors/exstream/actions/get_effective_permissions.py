"""Read what a group, or our sign-in, may do in a domain."""

from __future__ import annotations

from typing import Any

from connectors.exstream.client import ExstreamClient
from connectors.exstream.permissions import words_of
from connectors.exstream.shapes import InDomain
from hub.sdk import Action, Call, Effect, Fields, field


class GetEffectivePermissions(Action[ExstreamClient]):
    """Read what a group, or our sign-in, may do in a domain."""

    effect = Effect.NONE

    class Input(InDomain):
        group: str = field("OTDS group", default="", help="None means our own sign-in.")
        type: str = field("Type", default="", help="None means all.")

    class Output(Fields):
        permissions: dict[str, list[str]]

    def run(self, input: Any, client: ExstreamClient, call: Call) -> Output:
        rows = client.design.effective_permissions(input.domain, input.group, input.type)
        found = {
            str(row.get("objectType")): words_of(row.get("permissions")) for row in rows if isinstance(row, dict)
        }
        return self.Output(permissions=found)
