"""The action `otds.add_to_group`."""

from __future__ import annotations

from typing import Any, Literal

from connectors.otds.client import OtdsClient
from hub.sdk import Action, Call, Effect, Fields, field


class AddToGroup(Action[OtdsClient]):
    """Put a user or group directly into a group. One who is in it already stays."""

    title = "Add to a group"
    effect = Effect.KEYED

    class Input(Fields):
        group: str = field("Group", choices="groups", help="By id or location.")
        member: str = field("Member", help="A user or group, by id or location.")
        kind: Literal["user", "group"] = field("Kind of member", default="user")

    class Output(Fields):
        changed: bool

    def run(self, input: Any, client: OtdsClient, call: Call) -> Output:
        group = client.need_group(input.group)
        found = client.groups_of(input.kind, input.member)
        changed = all(row.get("uuid") != group["uuid"] for row in found)
        if changed:
            client.add_member(str(group["id"]), input.kind, input.member)
        return self.Output(changed=changed)
