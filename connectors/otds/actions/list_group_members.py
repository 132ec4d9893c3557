"""The action `otds.list_group_members`."""

from __future__ import annotations

from typing import Any

from connectors.otds.client import OtdsClient, part
from connectors.otds.listings import read_groups
from connectors.otds.shapes import attributes_of, value
from hub.sdk import Action, Call, Effect, Fields, Proof, UnexpectedReply, field


class Member(Fields):
    """A user of the group. `disabled` is None when OTDS did not say."""

    id: str
    name: str
    mail: str
    disabled: bool | None


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
        people: list[Member] = field("The same users with name, mail and state", default_factory=list)

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
        people: dict[str, Member] = {}
        for name in [start["id"], *(ids[key] for key in below if input.nested)]:
            rows = client.all_rows(f"/groups/{part(name)}/users", "users", f"Reading the members of {name}")
            people |= {row["id"]: _member(row, client.settings.mail_attribute) for row in rows}
        users = sorted(people)
        return self.Output(
            users=users, groups=sorted(ids[key] for key in below), people=[people[name] for name in users]
        )


def _member(row: dict[str, Any], mail: str) -> Member:
    """That the rows of a group's users carry their attributes, as those of other lists do, is assumed."""
    attributes = attributes_of(row)
    said = value(attributes, "accountDisabled").lower()
    return Member(
        id=row["id"],
        name=value(attributes, "displayName"),
        mail=value(attributes, mail),
        disabled=said == "true" if said else None,
    )


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
