"""The action `otds.remove_from_group`."""

from __future__ import annotations

from typing import Any, Literal

from connectors.otds.client import OtdsClient
from hub.sdk import Action, Call, Effect, Fields, field


class RemoveFromGroup(Action[OtdsClient]):
    """Take a user or group out of a group. One who is not in it is left alone."""

    title = "Remove from a group"
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
        changed = any(row.get("uuid") == group["uuid"] for row in found)
        if changed:
            client.remove_member(str(group["id"]), input.member)
        return self.Output(changed=changed)
