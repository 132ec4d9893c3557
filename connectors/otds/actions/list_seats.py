"""The action `otds.list_seats`."""

from __future__ import annotations

from typing import Any

from connectors.otds.client import OtdsClient
from connectors.otds.resources.seats import Seats
from hub.sdk import Action, Call, Effect, Fields, UnexpectedReply, field


class ListSeats(Action[OtdsClient]):
    """List who holds a seat of a licence counter."""

    title = "List licence seats"
    effect = Effect.NONE

    class Input(Fields):
        resource: str = field("Resource", choices="resources")
        counter: str = field("Counter", placeholder="NAMED_DESIGNER")

    class Output(Fields):
        seats: list[dict[str, str]]

    def run(self, input: Any, client: OtdsClient, call: Call) -> Output:
        reading = Seats().read(Seats.Input(resource=input.resource, counter=input.counter), client)
        seats = [record.body for record in reading.records]
        if not reading.proof.complete:
            raise UnexpectedReply(f"The seats could not be read whole: {reading.proof.problems[0]}")
        return self.Output(seats=seats)
