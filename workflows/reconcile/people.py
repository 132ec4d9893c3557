"""The people of a directory, with the groups they are in, by way of other groups too."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from hub.connections import open_connection
from hub.connections.models import Connection
from hub.registry import catalog
from hub.sdk import Misconfigured, Proof
from workflows.reconcile.guards import Source
from workflows.reconcile.nesting import Nesting, Path

IN_GROUP = "in_group"
"""The condition on groups. It stands among the fields of a person."""


class Member(NamedTuple):
    """Somebody, with the asked groups they are in as `in_group`, and a shortest way to each group."""

    uuid: str
    person: dict[str, Any]
    ways: Mapping[str, Path]


class People:
    """One reading of the people of a partition. What was read is proved once everybody was."""

    def __init__(
        self,
        directory: Connection,
        partition: str,
        attributes: dict[str, str],
        *,
        only: Iterable[str] = (),
        must_find: Iterable[str] = (),
        asked_groups: Iterable[str] = (),
        is_managed: Callable[[str], bool] = lambda group: False,
        known_groups: Iterable[str] = (),
    ) -> None:
        """`only` names those to read, by their ids; empty: everybody. A reading in which somebody of `must_find` is
        missing is not complete.

        `is_managed` says which groups lead nowhere, because they are the outcome: else somebody would stay in one
        because they are in it. Asked groups that are not there are a mistake, unless they are known from before.
        """
        self._directory, self._partition, self._attributes = directory, partition, attributes
        self._only, self._must_find = frozenset(only), frozenset(must_find)
        self._is_managed = is_managed
        self.asked_groups = {self.whole(group) for group in asked_groups}
        self._known_groups = set(known_groups)
        self.groups: frozenset[str] = frozenset()
        """The ids of all groups, once they were read."""
        self._proof = Proof()
        self._groups_proof: Proof | None = None
        self._nesting: Nesting | None = None

    def whole(self, group: str) -> str:
        """A group's id; a name without partition is one of ours."""
        return group if "@" in group else f"{group}@{self._partition}"

    def read_groups(self) -> None:
        """Read which groups there are, and which is in which. Once.

        Raises the five classes of connector errors.
        """
        if self._nesting is None:
            with open_connection(self._directory) as opened:
                self._nesting = self._nested(opened.client)

    def read(self) -> Iterator[Member]:
        """Everybody; groups first when some are asked for. Raises the five classes of connector errors."""
        if self.asked_groups:
            self.read_groups()
        stream = catalog().stream(f"{self._directory.connector}.users").implementation
        scope: dict[str, Any] = {"partition": self._partition, "attributes": self._attributes}
        missing = set(self._must_find)
        scope |= {"only": sorted(self._only | missing)} if self._only else {}
        if not self.asked_groups and "groups" in stream.Input.model_fields:
            scope["groups"] = False  # No rule looks at them, and what they cost is saved.
        with open_connection(self._directory) as opened:
            reading = stream.read(stream.Input.model_validate(scope), opened.client)
            self._proof = reading.proof
            for uuid, person in reading.records:
                missing.discard(person["id"])
                if self._only and person["id"] in self._must_find - self._only:
                    continue
                ways = self._nesting.paths(person["member_of"]) if self._nesting else {}
                yield Member(uuid, person | {IN_GROUP: sorted(self.asked_groups & ways.keys())}, ways)
            if missing:
                self._proof.complete = False
                self._proof.problems.append(f"{', '.join(sorted(missing))} must be found, and was not")

    def sources(self, last_count: int | None) -> list[Source]:
        """What was read, for the guards. To be asked once everybody was read."""
        groups = [Source("The directory's groups", self._groups_proof)] if self._groups_proof else []
        return [Source("The directory", self._proof, last_count), *groups]

    def _nested(self, client: Any) -> Nesting:
        stream = catalog().stream(f"{self._directory.connector}.groups").implementation
        reading = stream.read(stream.Input.model_validate({}), client)
        found = list(reading.records)
        made = Nesting((body for _, body in found), counts=lambda group: not self._is_managed(group))
        self.groups = frozenset(body["id"] for _, body in found)
        self._groups_proof = reading.proof
        missing = sorted(self.asked_groups - made.ids - self._known_groups)
        if missing and reading.proof.complete:  # Of an incomplete reading the guard speaks.
            raise Misconfigured(
                f'The directory has no group "{missing[0]}", for which a rule asks. Correct the rule.'
            )
        return made


def named(groups: str | Sequence[str]) -> Sequence[str]:
    """One name stands for a list of one."""
    return [groups] if isinstance(groups, str) else groups


def ways_told(groups: Iterable[str], ways: Mapping[str, Path]) -> list[str]:
    """In words, for a cause: by which groups somebody is in each of these."""
    return [" > ".join(ways[group]) for group in groups]
