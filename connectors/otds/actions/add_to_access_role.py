"""The action `otds.add_to_access_role`."""

from __future__ import annotations

from typing import Any, Literal

from connectors.otds.client import OtdsClient, part
from hub.sdk import Action, Call, Effect, Fields, field


class AddToAccessRole(Action[OtdsClient]):
    """Let a user, group or partition use a resource. One who may already still may."""

    title = "Add to an access role"
    effect = Effect.KEYED

    class Input(Fields):
        access_role: str = field("Access role", placeholder="Access to exstream")
        member: str = field("User, group or partition")
        kind: Literal["user", "group", "partition"] = field("Kind", default="group")

    class Output(Fields):
        access_role: str

    def run(self, input: Any, client: OtdsClient, call: Call) -> Output:
        listed = {"user": "users", "group": "groups", "partition": "userPartitions"}[input.kind]
        what = f"Adding {input.member} to {input.access_role}"
        body = {listed: [{"name": input.member, "location": ""}]}
        client.write("POST", f"/accessroles/{part(input.access_role)}/members", what, body)
        return self.Output(access_role=input.access_role)
