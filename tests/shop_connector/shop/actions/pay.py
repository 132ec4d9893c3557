from __future__ import annotations

from typing import Any

from hub.sdk import Action, Call, Effect, Fields, Settled, field
from tests.shop_connector.service import Shop


class Pay(Action[Shop]):
    """Pay for an item."""

    effect = Effect.ONCE

    class Input(Fields):
        item: str = field("Item")
        pin: str = field("PIN", default="", secret=True)

    class Output(Fields):
        item: str

    def run(self, input: Any, client: Shop, call: Call) -> Output:
        client.write("pay", input.item, call)
        return self.Output(item=input.item)

    def settle(self, input: Any, client: Shop, call: Call) -> tuple[Settled, dict[str, Any]]:
        if client.settles is None:
            return Settled.UNKNOWN, {"asked": input.item}
        return client.settles(input.item), {"item": input.item}
