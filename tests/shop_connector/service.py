"""A service in memory: what it was told, and what it is to answer next."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from hub.sdk import Call


class Shop:
    """The service. `script` holds what the next calls do instead of succeeding: raise, before or after the write."""

    def __init__(self) -> None:
        self.written: list[tuple[str, str]] = []
        self.calls: list[tuple[str, Call]] = []
        self.before: list[BaseException] = []
        self.after: list[BaseException] = []
        self.settles: Callable[[str], Any] | None = None
        self.shelf: dict[str, dict[str, Any]] = {}
        self.complete = True

    def write(self, name: str, item: str, call: Call) -> None:
        self.calls.append((name, call))
        if self.before:
            raise self.before.pop(0)
        self.written.append((name, item))
        if self.after:
            raise self.after.pop(0)


shop = Shop()
