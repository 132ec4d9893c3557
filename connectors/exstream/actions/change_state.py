"""Submit, approve, reject or take back a resource."""

from __future__ import annotations

from typing import Any, Literal

from connectors.exstream.client import ExstreamClient
from connectors.exstream.shapes import OneResource, ResourceFields
from connectors.exstream.touching import OnResource
from hub.sdk import Call, Effect, Settled, field


class ChangeState(OnResource):
    """Submit, approve, reject or take back a resource."""

    effect = Effect.ONCE  # Again could make another version, or approve the next level.

    class Input(OneResource):
        state: Literal["DRAFT", "REVIEW", "APPROVED", "REJECTED"] = field("New state")
        comment: str = field("Comment", default="", lines=3, help="Kept in the history; name the reviewer here.")
        lock: bool = field("Lock it afterwards", default=False, advanced=True)

    Output = ResourceFields

    def run(self, input: Any, client: ExstreamClient, call: Call) -> ResourceFields:
        made = client.design.change_state(input.domain, input.resource, input.state, input.comment, locked=input.lock)
        return ResourceFields.model_validate(made)

    def settle(self, input: Any, client: ExstreamClient, call: Call) -> tuple[Settled, dict[str, Any]]:
        """The resource says in which state it is; an approval chain may have moved without a new state."""
        row = client.design.resource(input.domain, input.resource)
        evidence = {name: row.get(name) for name in ("version", "state", "stateComment", "lastModifiedBy")}
        if row.get("state") == input.state and row.get("stateComment", "") == input.comment:
            return Settled.DONE, evidence
        if row.get("state") == input.state or row.get("approvalInfo"):
            return Settled.UNKNOWN, evidence
        return Settled.NOT_DONE, evidence
