"""A connector, put together from its folder."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import Any, ClassVar, Generic, TypeVar

from pydantic import BaseModel

from hub.sdk.opening import Choice, Identity, Opening

Client = TypeVar("Client")

ChoiceList = Callable[[Any, dict[str, Any]], list[Choice]]
MOST_CHOICES = 500
"""A live choice list holds at most so many entries. One with fewer is the whole list."""


class SignIn(ABC, Generic[Client]):
    """How to sign in, and how to ask "who am I". Lives in `auth.py`; the class there is called `Auth`.

    `Settings` are the connection's fields; those marked secret are sealed and never read back.
    """

    Settings: ClassVar[type[BaseModel]]
    choices: ClassVar[dict[str, ChoiceList]] = {}
    """Live choice lists by name: called with the client and the values of the fields they depend on."""

    def has(self, client: Client, choices: str, value: str, values: dict[str, Any]) -> bool | None:
        """Whether this is an entry of a live list that is too long to be read whole. None: that cannot be told."""
        return None

    @abstractmethod
    def open(self, settings: Any, opening: Opening) -> Client:
        """Make a client. Makes no call; signing in happens when the client is first used."""

    @abstractmethod
    def who_am_i(self, client: Client) -> Identity:
        """Sign in and say who we are, to which tenant, with which rights. Raises like an action."""

    def hosts(self, settings: Any) -> list[str]:
        """The hosts that a connection with these settings talks to, shown to the admin."""
        return []
