"""The stream `otds.users`."""

from __future__ import annotations

from typing import Any

from connectors.otds.client import OtdsClient
from connectors.otds.listings import read_named, read_users
from hub.sdk import Proof, Reading, Record
from hub.sdk.memberships import DirectoryUsers


class Users(DirectoryUsers[OtdsClient]):
    """Users with their attributes and direct groups."""

    most_named = 100

    def read(self, input: Any, client: OtdsClient) -> Reading:
        proof, aliases = Proof(), dict(input.attributes)
        if input.only:
            found = read_named(client, proof, input.only, partition=input.partition, aliases=aliases)
        else:
            found = read_users(client, proof, partition=input.partition, state=input.state, aliases=aliases)
        return Reading((Record(body["uuid"], body) for body in found if _has_state(body, input.state)), proof)


def _has_state(body: dict[str, Any], state: str) -> bool:
    return not state or body["disabled"] == (state == "disabled")
