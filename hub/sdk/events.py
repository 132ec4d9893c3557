"""Event sources: what a connection can tell a workflow, asked for from a cursor."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, Generic, Protocol, TypeVar

from pydantic import BaseModel

Client = TypeVar("Client")
Cursor = dict[str, Any]


@dataclass(frozen=True)
class Happening:
    """One thing that happened at the service, in the shape of a CloudEvent.

    `id` is the same whenever the same happening is reported again; it starts at most one run per workflow.
    `subject` names the object ("amara.diallo@northwind"); `at` is ISO 8601 in UTC.
    """

    id: str
    type: str
    subject: str
    at: str
    data: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Kept:
    """What the source knew of one object the last time: a digest to compare, a document to say what was before."""

    digest: str
    document: dict[str, Any] | None = None


class Memory(Protocol):
    """What an event source keeps between polls, per object; saved in the transaction that saves the cursor.

    Services without a change feed are compared with it. Keys are stable identities, never names that move.
    """

    def get_many(self, keys: Iterable[str]) -> Mapping[str, Kept]: ...

    def keys(self) -> Iterator[str]: ...

    def put(self, key: str, kept: Kept) -> None: ...

    def drop(self, key: str) -> None: ...


@dataclass(frozen=True)
class Poll:
    """The answer to one poll. `more` asks to be polled again at once. `warnings` are shown with the trigger."""

    happenings: list[Happening]
    cursor: Cursor
    more: bool = False
    warnings: tuple[str, ...] = ()


class EventSource(ABC, Generic[Client]):
    """A kind of happening that can start a workflow. Files live in `triggers/`, one source each.

    `poll` with cursor None is the first call: it learns where things stand and reports nothing that is already
    so. It must be repeatable: the same cursor and memory give the same happenings.
    """

    title: ClassVar[str] = ""
    Input: ClassVar[type[BaseModel]]
    Output: ClassVar[type[BaseModel]]
    """The shape of `Happening.data`."""
    every_seconds: ClassVar[int] = 60

    @abstractmethod
    def poll(self, input: Any, client: Client, cursor: Cursor | None, memory: Memory) -> Poll:
        """Report what happened since the cursor. Raises only the five classes of `hub.sdk.errors`."""
