"""The action `otds.assign_seat`."""

from __future__ import annotations

from typing import Any

from connectors.otds.client import OtdsClient
from connectors.otds.seating import licence_of
from hub.sdk import Action, Call, Effect, Fields, field


class AssignSeat(Action[OtdsClient]):
    """Give a user a named seat. One who has it already keeps it."""

    title = "Assign a licence seat"
    effect = Effect.KEYED

    class Input(Fields):
        resource: str = field("Resource", choices="resources")
        counter: str = field("Counter", placeholder="NAMED_DESIGNER")
        user: str = field("User", help="By id or location.")
        licence: str = field(
            "Licence",
            default="",
            choices="licences",
            depends_on=("resource",),
            help="Needed when a resource has several.",
        )

    class Output(Fields):
        licence: str
        user: str

    def run(self, input: Any, client: OtdsClient, call: Call) -> Output:
        user = client.need_user(input.user)
        licence = licence_of(client, input.resource, input.licence)
        client.assign_seat(licence, input.counter, str(user["location"]))
        return self.Output(licence=licence, user=user["id"])
