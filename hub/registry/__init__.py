"""Which connectors there are, and what each can do."""

from __future__ import annotations

import threading
from functools import lru_cache
from pathlib import Path

from hub.registry.entries import (
    ActionEntry,
    Catalog,
    Connector,
    Entry,
    EventSourceEntry,
    ResourceEntry,
    StreamEntry,
    UnknownEntry,
)
from hub.registry.manifest import Problem

__all__ = [
    "ActionEntry",
    "Catalog",
    "Connector",
    "Entry",
    "EventSourceEntry",
    "Problem",
    "ResourceEntry",
    "StreamEntry",
    "UnknownEntry",
    "catalog",
    "forget_catalog",
]


_lock = threading.RLock()


def catalog() -> Catalog:
    """Every connector of this installation. Looked for once per process, by one thread while the others wait."""
    with _lock:
        return _found()


@lru_cache(maxsize=1)
def _found() -> Catalog:
    from django.conf import settings

    from hub.registry.finding import find

    return find(Path(settings.BASE) / "connectors", [Path(path) for path in settings.CONNECTOR_PATHS])


def forget_catalog() -> None:
    """Look again at the next call: for tests, and after a connector was added."""
    with _lock:
        _found.cache_clear()
