"""Create a role, unless there is one of that name."""

from __future__ import annotations

from typing import Any

from connectors.exstream.client import ExstreamClient
from connectors.exstream.permissions import written_like
from connectors.exstream.shapes import Done
from hub.sdk import Action, Call, Effect, Fields, Rejected, field


class CreateRole(Action[ExstreamClient]):
    """Create a role, unless there is one of that name."""

    effect = Effect.KEYED

    class Input(Fields):
        name: str = field("Name", min_length=1)
        description: str = field("Description", default="")
        app_permissions: list[str] = field("Application permissions", default=[], help="Such as MONITOR.")

    Output = Done

    def run(self, input: Any, client: ExstreamClient, call: Call) -> Done:
        like = next((row.get("appPermissions") for row in client.design.roles() if row.get("appPermissions")), "")
        words = written_like(like, input.app_permissions)
        body = {"name": input.name, "description": input.description, "appPermissions": words}
        try:
            client.design.create_role(body)
        except Rejected as refusal:
            if not refusal.exists:
                raise
            return Done(changed=False)
        return Done()
