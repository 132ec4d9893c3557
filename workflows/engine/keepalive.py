"""Keeping a lease alive during work that takes longer than the lease."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import structlog
from django.db import DatabaseError, InterfaceError, connections

log = structlog.get_logger(__name__)


@contextmanager
def kept_alive(renew: Callable[[], object], *, every_seconds: float) -> Iterator[None]:
    """Call `renew` again and again, beside the work in the block, until the block ends or the process dies.

    `renew` must change nothing when the lease is not ours any more; a database that is away for a moment is borne.
    """
    done = threading.Event()

    def go() -> None:
        try:
            while not done.wait(every_seconds):
                try:
                    renew()
                except (DatabaseError, InterfaceError) as error:
                    log.warning("lease.not-renewed", error=type(error).__name__)
        finally:
            connections.close_all()

    thread = threading.Thread(target=go, name="keepalive", daemon=True)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()
