"""The action `otds.list_group_members`."""

from __future__ import annotations

from typing import Any

from connectors.otds.client import OtdsClient, part
from connectors.otds.listings import read_groups
from hub.sdk import Action, Call, Effect, Fields, Proof, UnexpectedReply, field


class ListGroupMembers(Action[OtdsClient]):
    """List the users in a group, with those of nested groups on request."""

    title = "List the members of a group"
    effect = Effect.NONE

    class Input(Fields):
        group: str = field("Group", choices="groups", help="By id or location.")
        nested: bool = field("With nested groups", default=False)

    class Output(Fields):
        users: list[str]
        groups: list[str]

    def run(self, input: Any, client: OtdsClient, call: Call) -> Output:
        proof = Proof()
        start = client.need_group(input.group)
        groups = list(read_groups(client, proof))
        if not proof.complete:
            raise UnexpectedReply(f"The groups could not be read whole: {proof.problems[0]}")
        inside: dict[str, list[str]] = {}
        for each in groups:
            for parent in each["member_of"]:
                inside.setdefault(parent, []).append(each["uuid"])
        ids = {each["uuid"]: each["id"] for each in groups}
        below = _below(start["uuid"], inside) if input.nested else inside.get(start["uuid"], [])
        users: set[str] = set()
        for name in [start["id"], *(ids[key] for key in below if input.nested)]:
            rows = client.all_rows(f"/groups/{part(name)}/users", "users", f"Reading the members of {name}")
            users |= {row["id"] for row in rows}
        return self.Output(users=sorted(users), groups=sorted(ids[key] for key in below))


def _below(start: str, inside: dict[str, list[str]]) -> list[str]:
    """Every group below one, each once; a cycle ends where it began."""
    found: list[str] = []
    seen, waiting = {start}, [start]
    while waiting:
        for child in inside.get(waiting.pop(), []):
            if child not in seen:
                seen.add(child)
                found.append(child)
                waiting.append(child)
    return found
