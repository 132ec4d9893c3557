"""Tickets and tokens of one connection, kept in this process."""

from __future__ import annotations

import threading
import time

from hub.watch.masks import hide

_MARGIN_SECONDS = 30.0
_MARGIN_SHARE = 0.2


class ProcessTokens:
    """A token cache that threads may share. A token is not handed out when it is about to expire."""

    def __init__(self) -> None:
        self._tokens: dict[str, tuple[str, float]] = {}
        self._lock = threading.Lock()

    def get(self, name: str) -> str | None:
        with self._lock:
            token, until = self._tokens.get(name, (None, 0.0))
            return token if time.monotonic() < until else None

    def put(self, name: str, token: str, *, lives_seconds: float) -> None:
        hide(token)
        margin = min(_MARGIN_SECONDS, lives_seconds * _MARGIN_SHARE)
        with self._lock:
            self._tokens[name] = (token, time.monotonic() + lives_seconds - margin)

    def forget(self, name: str) -> None:
        with self._lock:
            self._tokens.pop(name, None)
