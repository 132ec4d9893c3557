"""The action `otds.find_users`."""

from __future__ import annotations

from typing import Any, Literal

from connectors.otds.client import OtdsClient
from connectors.otds.shapes import person
from hub.sdk import Action, Call, Effect, Fields, field
from hub.sdk.directories import Person


class FindUsers(Action[OtdsClient]):
    """Find users by a part of the name, the state, or both."""

    title = "Find users"
    effect = Effect.NONE

    class Input(Fields):
        partition: str = field("Partition", default="", choices="partitions", help="Empty: all partitions.")
        filter: str = field("Filter", default="", help="Passed to OTDS as it is; how it compares is OTDS's rule.")
        state: Literal["", "enabled", "disabled"] = field("State", default="")
        limit: int = field("At most", default=100, ge=1, le=1000)

    class Output(Fields):
        users: list[Person]

    def run(self, input: Any, client: OtdsClient, call: Call) -> Output:
        asked = {
            "where_partition_name": input.partition,
            "where_filter": input.filter,
            "where_state": input.state,
        }
        rows = client.first_rows(
            "/users", "users", "Finding users", input.limit, **{name: value for name, value in asked.items() if value}
        )
        return self.Output(users=[Person.model_validate(person(row, client.settings)) for row in rows])
