"""The action `otds.delete_user`."""

from __future__ import annotations

from typing import Any

from connectors.otds.client import OtdsClient, part
from hub.sdk import Action, Call, Effect, Fields, Rejected, field


class DeleteUser(Action[OtdsClient]):
    """Delete a user. One who is not there counts as deleted."""

    title = "Delete a user"
    effect = Effect.KEYED

    class Input(Fields):
        user: str = field("User", placeholder="amara.diallo@Northwind", help="By id or location.")

    class Output(Fields):
        deleted: bool

    def run(self, input: Any, client: OtdsClient, call: Call) -> Output:
        try:
            client.write("DELETE", f"/users/{part(input.user)}", f"Deleting {input.user}")
        except Rejected as refusal:
            if not refusal.missing:
                raise
            return self.Output(deleted=False)
        return self.Output(deleted=True)
