"""The stream `otds.users`."""

from __future__ import annotations

from typing import Any, Literal

from connectors.otds.client import OtdsClient
from connectors.otds.listings import read_users
from hub.sdk import Fields, Proof, Reading, Record, Stream, field
from hub.sdk.directories import Person


class Users(Stream[OtdsClient]):
    """Users with their attributes and direct groups."""

    title = "Users"

    class Input(Fields):
        partition: str = field("Partition", default="", choices="partitions", help="Empty: all partitions.")
        attributes: dict[str, str] = field(
            "Further attributes", default_factory=dict, help="A name of yours for each OTDS attribute to read."
        )
        state: Literal["", "enabled", "disabled"] = field("State", default="")

    class Output(Person):
        pass

    def read(self, input: Any, client: OtdsClient) -> Reading:
        proof = Proof()
        found = read_users(
            client, proof, partition=input.partition, state=input.state, aliases=dict(input.attributes)
        )
        return Reading((Record(body["uuid"], body) for body in found), proof)
