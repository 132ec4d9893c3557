"""The action `otds.get_group`."""

from __future__ import annotations

from typing import Any

from connectors.otds.client import OtdsClient
from connectors.otds.shapes import attributes_of, group
from hub.sdk import Action, Call, Effect, Fields, field
from hub.sdk.directories import Group


class GetGroup(Action[OtdsClient]):
    """Read one group."""

    title = "Get a group"
    effect = Effect.NONE

    class Input(Fields):
        group: str = field("Group", choices="groups", help="By id or location.")

    class Output(Fields):
        found: bool
        group: Group | None

    def run(self, input: Any, client: OtdsClient, call: Call) -> Output:
        row = client.group(input.group)
        made = None if row is None else Group.model_validate(group(row, attributes_of(row)))
        return self.Output(found=made is not None, group=made)
