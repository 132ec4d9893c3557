"""The action `otds.enable_user`."""

from __future__ import annotations

from typing import Any

from connectors.otds.client import OtdsClient
from connectors.otds.shapes import attributes_of, value
from hub.sdk import Action, Call, Effect, Fields, field


class EnableUser(Action[OtdsClient]):
    """Enable a user who was disabled."""

    title = "Enable a user"
    effect = Effect.KEYED

    class Input(Fields):
        user: str = field("User", placeholder="amara.diallo@Northwind", help="By id or location.")

    class Output(Fields):
        id: str
        changed: bool

    def run(self, input: Any, client: OtdsClient, call: Call) -> Output:
        row = client.need_user(input.user)
        changed = value(attributes_of(row), "accountDisabled").lower() == "true"
        if changed:
            client.change_user(str(row["id"]), str(row["userPartitionID"]), {"accountDisabled": ["false"]}, None)
        return self.Output(id=row["id"], changed=changed)
