"""Say who we are signed in as, with groups and roles."""

from __future__ import annotations

from typing import Any

from connectors.exstream.client import ExstreamClient
from hub.sdk import Action, Call, Effect, Fields


class WhoAmI(Action[ExstreamClient]):
    """Say who we are signed in as, with groups and roles."""

    effect = Effect.NONE

    class Input(Fields):
        pass

    class Output(Fields):
        name: str
        tenant: str
        tenant_admin: bool
        groups: list[str]
        roles: list[str]

    def run(self, input: Any, client: ExstreamClient, call: Call) -> Output:
        user = client.design.current_user()
        return self.Output(
            name=str(user.get("name") or ""),
            tenant=str(user.get("tenantName") or ""),
            tenant_admin=bool(user.get("isTenantAdmin")),
            groups=[str(each) for each in user.get("groups") or []],
            roles=[str(each.get("name")) for each in user.get("roles") or []],
        )
