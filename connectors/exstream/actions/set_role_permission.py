"""Say what a role may do with a type of resource."""

from __future__ import annotations

from typing import Any, Literal

from connectors.exstream.client import ExstreamClient
from connectors.exstream.permissions import words_of, written_like
from connectors.exstream.shapes import Done
from hub.sdk import Action, Call, Effect, Fields, field


class SetRolePermission(Action[ExstreamClient]):
    """Say what a role may do with a type of resource."""

    effect = Effect.KEYED

    class Input(Fields):
        role: str = field("Role", choices="roles")
        type: str = field("Type", placeholder="all", help="A type, or a group such as designer.")
        permissions: list[Literal["CREATE", "READ", "WRITE", "DELETE", "APPROVE", "ALL"]] = field("Permissions")

    Output = Done

    def run(self, input: Any, client: ExstreamClient, call: Call) -> Done:
        rows = client.design.role_permissions(input.role)
        before = next((row.get("permissions") for row in rows if row.get("objectType") == input.type), None)
        if before is not None and words_of(before) == sorted(set(input.permissions)):
            return Done(changed=False)
        like = before if before is not None else next((row.get("permissions") for row in rows), "")
        client.design.set_role_permission(input.role, input.type, written_like(like, list(input.permissions)))
        return Done()
