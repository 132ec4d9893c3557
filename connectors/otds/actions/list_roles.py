"""The action `otds.list_roles`."""

from __future__ import annotations

from typing import Any

from connectors.otds.client import OtdsClient
from hub.sdk import Action, Call, Effect, Fields, field


class ListRoles(Action[OtdsClient]):
    """List the application roles."""

    title = "List roles"
    effect = Effect.NONE

    class Input(Fields):
        partition: str = field("Partition", default="", choices="partitions", help="Empty: all partitions.")

    class Output(Fields):
        roles: list[dict[str, str]]

    def run(self, input: Any, client: OtdsClient, call: Call) -> Output:
        where = {"where_partition_name": input.partition} if input.partition else {}
        rows = client.all_rows("/roles", "roles", "Reading roles", **where)
        named = {"id": "id", "name": "name", "partition": "userPartitionID", "location": "location"}
        return self.Output(
            roles=[{ours: str(row.get(theirs) or "") for ours, theirs in named.items()} for row in rows]
        )
