"""The action `otds.get_user`."""

from __future__ import annotations

from typing import Any

from connectors.otds.client import OtdsClient
from connectors.otds.shapes import person
from hub.sdk import Action, Call, Effect, Fields, field
from hub.sdk.directories import Person


class GetUser(Action[OtdsClient]):
    """Read one user with all attributes and direct groups."""

    title = "Get a user"
    effect = Effect.NONE

    class Input(Fields):
        user: str = field("User", placeholder="amara.diallo@Northwind", help="By id or location.")

    class Output(Fields):
        found: bool
        user: Person | None

    def run(self, input: Any, client: OtdsClient, call: Call) -> Output:
        row = client.user(input.user)
        made = None if row is None else Person.model_validate(person(row, client.settings))
        return self.Output(found=made is not None, user=made)
