"""The action `otds.update_user`."""

from __future__ import annotations

from typing import Any

from connectors.otds.client import OtdsClient
from connectors.otds.shapes import person
from hub.sdk import Action, Call, Effect, Fields, field
from hub.sdk.directories import Person


class UpdateUser(Action[OtdsClient]):
    """Change attributes or the description of a user."""

    title = "Change a user"
    effect = Effect.KEYED

    class Input(Fields):
        user: str = field("User", placeholder="amara.diallo@Northwind", help="By id or location.")
        attributes: dict[str, str] = field(
            "Attributes", default_factory=dict, help="OTDS attribute and value; an empty value clears it."
        )
        description: str | None = field("Description", default=None, help="Left as it is when not given.")

    class Output(Fields):
        user: Person

    def run(self, input: Any, client: OtdsClient, call: Call) -> Output:
        before = client.need_user(input.user)
        values = {name: [value] for name, value in input.attributes.items()}
        if values or input.description is not None:
            client.change_user(str(before["id"]), str(before["userPartitionID"]), values, input.description)
        return self.Output(user=Person.model_validate(person(client.need_user(input.user), client.settings)))
