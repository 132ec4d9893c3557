"""The action `otds.create_user`."""

from __future__ import annotations

from typing import Any

from connectors.otds.client import OtdsClient, pairs
from connectors.otds.shapes import attributes_of, person, value
from hub.sdk import Action, Call, Effect, Fields, Rejected, field
from hub.sdk.directories import Person


class CreateUser(Action[OtdsClient]):
    """Create a user without a password. One who is there already with the same values counts as created."""

    title = "Create a user"
    # A login is unique in its partition: repeating finds the user there (409) and compares, and makes no second one.
    effect = Effect.KEYED

    class Input(Fields):
        partition: str = field("Partition", choices="partitions")
        name: str = field("Login", min_length=1)
        first_name: str = field("First name", default="")
        last_name: str = field("Last name", default="")
        mail: str = field("E-mail", default="")
        description: str = field("Description", default="")
        attributes: dict[str, str] = field(
            "Further attributes", default_factory=dict, help="OTDS attribute and value."
        )

    class Output(Fields):
        user: Person
        created: bool

    def run(self, input: Any, client: OtdsClient, call: Call) -> Output:
        mail = client.settings.mail_attribute
        named = {"sn": input.last_name, "givenName": input.first_name, mail: input.mail}
        wanted = {name: text for name, text in named.items() if text} | dict(input.attributes)
        body = {
            "userPartitionID": input.partition,
            "name": input.name,
            "description": input.description,
            "values": pairs({name: [text] for name, text in wanted.items()}),
        }
        created = True
        try:
            client.write("POST", "/users", f"Creating the user {input.name}", body)
        except Rejected as refusal:
            if not refusal.exists:
                raise
            created = False
        row = client.need_user(input.name if "@" in input.name else f"{input.name}@{input.partition}")
        other = [name for name, text in wanted.items() if value(attributes_of(row), name) != text]
        if not created and other:
            names = ", ".join(other)
            raise Rejected(f"There is already a user {row['id']}, with another {names}.", exists=True, field="name")
        return self.Output(user=Person.model_validate(person(row, client.settings)), created=created)
