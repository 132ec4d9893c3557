"""Resources: objects of a service that a reconcile reads, plans, writes and reads back.

A reading of a service is a *stream* of records with a proof that it is complete. A *resource* is a stream whose
records can also be created, changed and deleted one by one; a plan's rows are changes of resources.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, ClassVar, Generic, NamedTuple, TypeVar

from pydantic import BaseModel

from hub.sdk.errors import Misconfigured
from hub.sdk.opening import Call

Client = TypeVar("Client")


class Record(NamedTuple):
    """One object read. `key` is its stable identity at the service; `body` is plain JSON."""

    key: str
    body: dict[str, Any]


@dataclass
class Proof:
    """Evidence that a stream was read to its end. Filled while the records are consumed; read afterwards.

    A removal may be planned only when `complete` is True. `checks` are sentences for people
    ("401 pages, last cookie empty"); `problems` say what was missing.
    """

    complete: bool = False
    count: int = 0
    checks: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    """What is not right at the service, although it was read whole; shown with the plan."""


@dataclass
class Reading:
    """Records, one page in memory at a time, and the proof that grows with them."""

    records: Iterator[Record]
    proof: Proof


class Stream(ABC, Generic[Client]):
    """A collection that can be read whole. Files live in `streams/`, one each."""

    title: ClassVar[str] = ""
    Input: ClassVar[type[BaseModel]]
    Output: ClassVar[type[BaseModel]]
    """The shape of a record's body."""

    @abstractmethod
    def read(self, input: Any, client: Client) -> Reading:
        """Start reading. Trouble is raised while the records are consumed, as the five classes."""


class Resource(Stream[Client]):
    """A stream whose records can be written. Files live in `resources/`, one each.

    `Input` is the scope of the reading ("these groups", "these domains"). A body is the whole state that we
    manage of one object; what is not in `Output` is left alone. Every write is one object, one change, and
    repeating it changes nothing more; `read_one` tells whether it is already so.
    """

    operations: ClassVar[tuple[str, ...]] = ("create", "update", "delete")

    @abstractmethod
    def read_one(self, key: str, client: Client) -> dict[str, Any] | None:
        """The object now, or None when it does not exist. Precondition of a write, and its read-back."""

    def key_of(self, body: dict[str, Any]) -> str:
        """The key of an object with this body; a plan asks it for what does not exist yet.

        `read` and `read_one` must use the same keys. Override when `operations` names "create".
        """
        raise Misconfigured(f"{self.title} cannot be created.")

    def create(self, key: str, body: dict[str, Any], client: Client, call: Call) -> None:
        """Make the object exist. Override when `operations` names "create"."""
        raise Misconfigured(f"{self.title} cannot be created.")

    def update(self, key: str, before: dict[str, Any], after: dict[str, Any], client: Client, call: Call) -> None:
        """Bring the object from `before` to `after`. Override when `operations` names "update"."""
        raise Misconfigured(f"{self.title} cannot be changed, only created and removed.")

    def delete(self, key: str, before: dict[str, Any], client: Client, call: Call) -> None:
        """Make the object cease to exist. Override when `operations` names "delete"."""
        raise Misconfigured(f"{self.title} cannot be removed.")

    def describe(self, key: str, body: dict[str, Any]) -> str:
        """One line for people: which object this is."""
        return key
