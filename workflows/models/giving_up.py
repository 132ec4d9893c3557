"""Leases that this process gave up because the database went away: free again as soon as it answers.

Without it the work would wait until the lease lapses, although nobody does it.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.db import InterfaceError, OperationalError, connections

PAUSE_SECONDS = 0.5
_AWAY = (OperationalError, InterfaceError)

_given_up: deque[Callable[[], object]] = deque()
_freeing = threading.Lock()


@contextmanager
def freed_when_given_up(free: Callable[[], object]) -> Iterator[None]:
    """Call `free`, from another thread, once the database is back that went away during the block.

    `free` must change nothing when the lease is not ours any more.
    """
    try:
        yield
    except _AWAY:
        _given_up.append(free)
        threading.Thread(target=free_all, name="freeing", daemon=True).start()
        raise


def free_all() -> None:
    """Free what was given up; returns when nothing is left."""
    with _freeing:
        try:
            while _given_up:
                try:
                    _given_up[0]()
                    _given_up.popleft()
                except _AWAY:
                    connections.close_all()
                    time.sleep(PAUSE_SECONDS)
        finally:
            connections.close_all()
