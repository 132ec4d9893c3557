"""Change the settings of a domain."""

from __future__ import annotations

from typing import Any

from connectors.exstream.client import ExstreamClient
from connectors.exstream.shapes import InDomain
from connectors.exstream.touching import OnWhoKnows
from hub.sdk import Call, Effect, OpenFields, field


class UpdateDomain(OnWhoKnows):
    """Change the settings of a domain."""

    effect = Effect.KEYED

    class Input(InDomain):
        changes: dict[str, Any] = field("Changes", help="Exstream's own names, such as workflow or approvalGroups.")

    class Output(OpenFields):
        id: str

    def run(self, input: Any, client: ExstreamClient, call: Call) -> Output:
        return self.Output.model_validate(client.design.update_domain(input.domain, input.changes))
