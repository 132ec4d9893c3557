"""What every directory declares alike: its stream of people, and memberships that can be written one by one."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterable, Iterator
from typing import Any, ClassVar, Literal

from hub.sdk.directories import GroupMember, Person
from hub.sdk.errors import Misconfigured
from hub.sdk.events import Client
from hub.sdk.fields import Fields, field
from hub.sdk.resources import Proof, Reading, Record, Resource, Stream

_BETWEEN = ">"


class DirectoryUsers(Stream[Client]):
    """People with their attributes and direct groups."""

    title = "Users"
    most_named: ClassVar[int] = 1000
    """From so many people on, reading everybody is as quick as asking for them by name."""

    class Input(Fields):
        partition: str = field("Partition", default="", choices="partitions", help="Empty: the connection's, or all.")
        attributes: dict[str, str] = field(
            "Further attributes", default_factory=dict, help="A name of yours for each attribute to read."
        )
        state: Literal["", "enabled", "disabled"] = field("State", default="")
        groups: bool = field(
            "With their groups", default=True, help="Without, what the groups cost is saved.", advanced=True
        )
        only: list[str] = field(
            "Only these", default_factory=list, help="Ids of people. Empty: everybody.", advanced=True
        )

    class Output(Person):
        pass


class DirectoryMembers(Resource[Client]):
    """Who is directly in which group. One record is one membership, and each is written by itself."""

    title = "Group members"
    operations = ("create", "delete")

    class Input(Fields):
        partition: str = field("Partition of the groups", choices="partitions")
        groups: list[str] = field(
            "Groups", default_factory=list, help="By name or id. Empty: all that the prefix leaves."
        )
        name_prefix: str = field("Groups whose name begins with", default="")
        members: list[str] = field(
            "Only these members", default_factory=list, help="Ids of people. Empty: everybody.", advanced=True
        )

    class Output(GroupMember):
        pass

    @abstractmethod
    def found(self, input: Any, client: Client, proof: Proof, chosen: Chosen) -> Iterator[dict[str, Any]]:
        """Every membership in the groups that are chosen, each group asked about once or more."""

    def read(self, input: Any, client: Client) -> Reading:
        proof, chosen = Proof(), Chosen(input)

        def records() -> Iterator[Record]:
            for body in self.found(input, client, proof, chosen):
                yield Record(self.key_of(body), body)
            problems = list(chosen.problems(input))
            proof.problems += problems
            proof.complete = proof.complete and not problems

        return Reading(records(), proof)

    def key_of(self, body: dict[str, Any]) -> str:
        return f"{body['group']}{_BETWEEN}{body['member']}"

    def describe(self, key: str, body: dict[str, Any]) -> str:
        return f"{body['member']} in {body['group']}"


class Chosen:
    """Which groups were asked for, and which of them have not been met."""

    def __init__(self, input: Any) -> None:
        self._named, self._prefix = set(input.groups), input.name_prefix
        self._absent = set(self._named)
        self._met: dict[str, str] = {}
        self._twice: set[str] = set()

    def __call__(self, id: str, name: str, uuid: str) -> bool:
        mine = {id, name}
        self._absent -= mine
        if (self._named and not self._named & mine) or not name.startswith(self._prefix):
            return False
        if self._met.setdefault(id, uuid) != uuid:
            self._twice.add(id)
        return True

    def problems(self, input: Any) -> Iterator[str]:
        if self._twice:
            yield f"There are several groups {_listed(self._twice)}."
        # Of some people only the groups that they are in were met.
        if self._absent and not input.members:
            yield f"There is no group {_listed(self._absent)} in {input.partition}."


def parts_of(key: str) -> tuple[str, str]:
    """Group and member of a membership."""
    group, _, member = key.rpartition(_BETWEEN)
    if not group or not member:
        raise Misconfigured(f'"{key}" is no membership. It is written group{_BETWEEN}member.')
    return group, member


def _listed(names: Iterable[str]) -> str:
    return ", ".join(sorted(names))
