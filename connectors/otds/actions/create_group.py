"""The action `otds.create_group`."""

from __future__ import annotations

from typing import Any

from connectors.otds.client import OtdsClient
from connectors.otds.shapes import attributes_of, group
from hub.sdk import Action, Call, Effect, Fields, Rejected, field
from hub.sdk.directories import Group


class CreateGroup(Action[OtdsClient]):
    """Create a group. One that is there already with the same description counts as created."""

    title = "Create a group"
    effect = Effect.KEYED

    class Input(Fields):
        partition: str = field("Partition", choices="partitions")
        name: str = field("Name", min_length=1)
        description: str = field("Description", default="")

    class Output(Fields):
        group: Group
        created: bool

    def run(self, input: Any, client: OtdsClient, call: Call) -> Output:
        sent = {"userPartitionID": input.partition, "name": input.name, "description": input.description}
        created = True
        try:
            client.write("POST", "/groups", f"Creating the group {input.name}", sent)
        except Rejected as refusal:
            if not refusal.exists:
                raise
            created = False
        name = input.name if "@" in input.name else f"{input.name}@{input.partition}"
        row = client.need_group(name)
        made = Group.model_validate(group(row, attributes_of(row)))
        if not created and made.description != input.description:
            raise Rejected(f"There is already a group {name} with another description.", exists=True, field="name")
        return self.Output(group=made, created=created)
