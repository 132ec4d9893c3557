"""What the platform hands a connector when it opens a connection."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Protocol

from hub.sdk.egress import Egress


class TokenCache(Protocol):
    """Keeps tickets and tokens of one connection in this process, so that runs share a sign-in."""

    def get(self, name: str) -> str | None:
        """The token, or None when there is none or it is about to expire."""

    def put(self, name: str, token: str, *, lives_seconds: float) -> None:
        """Keep a token. It is handed out until shortly before it expires."""

    def forget(self, name: str) -> None:
        """Drop a token that the service refused."""


class MemoryTokens:
    """A token cache for tests and for commands that open a connection once. Tokens never expire in it."""

    def __init__(self) -> None:
        self._tokens: dict[str, str] = {}

    def get(self, name: str) -> str | None:
        return self._tokens.get(name)

    def put(self, name: str, token: str, *, lives_seconds: float) -> None:
        self._tokens[name] = token

    def forget(self, name: str) -> None:
        self._tokens.pop(name, None)


@dataclass(frozen=True)
class Opening:
    """The guarded way out, and where tokens are kept. Everything a client may use of the outside world."""

    egress: Egress
    tokens: TokenCache = field(default_factory=MemoryTokens)


@dataclass(frozen=True)
class Identity:
    """Who a connection signed in as: the answer of a connection test.

    `rights` are short phrases a person understands ("tenant administrator", "read only in emea-prod").
    """

    name: str
    tenant: str = ""
    rights: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    detail: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Call:
    """One call of an action: what it may need to know about the attempt it belongs to."""

    key: str
    """The same for every attempt of the same step of the same run; use it as the idempotency key."""

    attempt: int = 1
    timeout_seconds: float = 30.0


@dataclass(frozen=True)
class Choice:
    """One entry of a live choice list."""

    value: str
    label: str
    help: str = ""
