"""The action `otds.assign_role`."""

from __future__ import annotations

from typing import Any, Literal

from connectors.otds.client import OtdsClient, part
from hub.sdk import Action, Call, Effect, Fields, Rejected, field


class AssignRole(Action[OtdsClient]):
    """Give an application role to a user or group. One who has it already keeps it."""

    title = "Assign a role"
    effect = Effect.KEYED

    class Input(Fields):
        role: str = field("Role", choices="roles", help="By name or id.")
        holder: str = field("User or group", help="By id or location.")
        kind: Literal["user", "group"] = field("Kind", default="user")

    class Output(Fields):
        role: str

    def run(self, input: Any, client: OtdsClient, call: Call) -> Output:
        rows = client.all_rows(
            "/roles", "roles", "Reading roles", where_filter=input.role.rpartition("@")[0] or input.role
        )
        found = [row for row in rows if input.role in (row.get("id"), row["name"])]
        if len(found) != 1:
            said = "There is no role" if not found else "There is more than one role"
            raise Rejected(f"{said} {input.role}.", missing=not found, field="role")
        path = f"/{input.kind}s/{part(input.holder)}/roles"
        what = f"Giving {input.role} to {input.holder}"
        client.write("POST", path, what, {"stringList": [found[0]["location"]]})
        return self.Output(role=str(found[0]["name"]))
