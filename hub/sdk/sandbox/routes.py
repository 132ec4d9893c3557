"""How the endpoints of a sandbox are declared."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from hub.sdk.sandbox.exchange import Exchange

Handler = Callable[..., Any]
"""Called with the exchange and the route's variables. Answers a `Reply`, a JSON body, or None for 204."""


@dataclass(frozen=True)
class Route:
    """A rule in werkzeug's syntax, its method, and what answers it."""

    method: str
    rule: str
    handler: Handler
    writes: bool
    """True when the handler runs in the one writing transaction."""
    public: bool
    """True when no sign-in is asked for."""

    @property
    def operation(self) -> str:
        """The name of the route in the write counters."""
        return f"{self.method} {self.rule}"


class Routes:
    """Collects the routes of one module. `prefix` is put before every rule."""

    def __init__(self, prefix: str = "") -> None:
        self.prefix = prefix
        self.all: list[Route] = []

    def on(
        self, method: str, *rules: str, writes: bool | None = None, public: bool = False
    ) -> Callable[[Handler], Handler]:
        """Declare what answers `method` on each of the rules. GET reads and all else writes, unless told."""

        def declare(handler: Handler) -> Handler:
            for rule in rules:
                decided = method not in {"GET", "HEAD"} if writes is None else writes
                self.all.append(Route(method, self.prefix + rule, handler, decided, public))
            return handler

        return declare


__all__ = ["Exchange", "Handler", "Route", "Routes"]
