"""The action `otds.list_partitions`."""

from __future__ import annotations

from typing import Any

from connectors.otds.auth import list_partitions
from connectors.otds.client import OtdsClient
from hub.sdk import Action, Call, Effect, Fields


class ListPartitions(Action[OtdsClient]):
    """List the user partitions."""

    title = "List partitions"
    effect = Effect.NONE

    class Input(Fields):
        pass

    class Output(Fields):
        partitions: list[dict[str, str]]

    def run(self, input: Any, client: OtdsClient, call: Call) -> Output:
        found = list_partitions(client)
        return self.Output(partitions=[{"name": name, "description": words} for name, words in found])
