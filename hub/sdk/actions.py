"""Actions: what a step can do with a connection."""

from __future__ import annotations

from abc import ABC, abstractmethod
from enum import StrEnum
from typing import Any, ClassVar, Generic, TypeVar

from pydantic import BaseModel

from hub.sdk.effects import Effect
from hub.sdk.fields import parts_named
from hub.sdk.opening import Call

Client = TypeVar("Client")


class Settled(StrEnum):
    """What reading back says about a call whose outcome nobody knows."""

    DONE = "done"
    NOT_DONE = "not-done"
    UNKNOWN = "unknown"


class Action(ABC, Generic[Client]):
    """One thing to do with a connection. The docstring's first line is its description.

    Subclasses set `effect`, `Input` and `Output`, and write `run`. The name of the action is the name of its
    file; a connector's actions live in `actions/`, one file each.
    """

    title: ClassVar[str] = ""
    effect: ClassVar[Effect]
    Input: ClassVar[type[BaseModel]]
    Output: ClassVar[type[BaseModel]]

    @abstractmethod
    def run(self, input: Any, client: Client, call: Call) -> BaseModel:
        """Do it, and return an `Output`. Raises only the five classes of `hub.sdk.errors`."""

    def touches(self, input: Any, client: Client) -> frozenset[str] | None:
        """All parts of the service, such as domains, that this call would read or change.

        Asked before every call of a delegate, who is confined to some parts. May ask the service. None: it cannot be
        said, and then no delegate makes this call. Usually what the fields marked `part` name.
        """
        return parts_named(input)

    def settle(self, input: Any, client: Client, call: Call) -> tuple[Settled, dict[str, Any]]:
        """Read back whether a call went through, with the evidence. An `Effect.ONCE` action may offer it."""
        return Settled.UNKNOWN, {}
