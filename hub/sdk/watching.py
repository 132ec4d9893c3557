"""Who looks on while requests leave."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

import requests


class Watcher(Protocol):
    """Sees every request of one connection, one for each hop of a redirect."""

    def leaves(self, request: requests.PreparedRequest) -> Callable[[int | None], None]:
        """A request is about to leave; headers may be added to it. What is returned is called with the status of the
        answer, or None when there was none."""


class Nobody:
    """Looks at nothing."""

    def leaves(self, request: requests.PreparedRequest) -> Callable[[int | None], None]:
        return _ignore


def _ignore(status: int | None) -> None:
    return None
