"""The action `otds.list_access_roles`."""

from __future__ import annotations

from typing import Any

from connectors.otds.client import OtdsClient, part
from hub.sdk import Action, Call, Effect, Fields, UnexpectedReply, field


class ListAccessRoles(Action[OtdsClient]):
    """List who may use which resource: the access roles with their members."""

    title = "List access roles"
    effect = Effect.NONE

    class Input(Fields):
        name: str = field("Only this access role", default="")

    class Output(Fields):
        access_roles: list[dict[str, Any]]

    def run(self, input: Any, client: OtdsClient, call: Call) -> Output:
        what = "Reading the access roles"
        if input.name:
            rows = [client.read(f"/accessroles/{part(input.name)}", what)]
        else:
            # The name of the list is not established.
            answer = client.read("/accessroles", what)
            lists = [found for found in answer.values() if isinstance(found, list)]
            if len(lists) != 1:
                raise UnexpectedReply(f"{what}: there is no list in the answer.")
            rows = lists[0]
        return self.Output(access_roles=[_shown(row) for row in rows])


def _shown(row: dict[str, Any]) -> dict[str, Any]:
    members = row.get("accessRoleMembers") or {}
    return {
        "name": row.get("name"),
        "description": row.get("description") or "",
        "users": [each.get("displayName") for each in members.get("users") or []],
        "groups": [each.get("name") for each in members.get("groups") or []],
        "partitions": [each.get("userPartition") for each in members.get("userPartitions") or []],
    }
