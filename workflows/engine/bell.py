"""Telling the workers that there is work. A lost bell loses nothing: the scheduler looks for what is due."""

from __future__ import annotations

import threading
import time

import structlog
from celery import current_app
from django.core.cache import cache
from django.db import DatabaseError, InterfaceError, connections
from kombu.exceptions import OperationalError as BrokerError

from hub.operations.heartbeats import pools_served
from hub.operations.pools import DEFAULT, queue_of

log = structlog.get_logger(__name__)


_DRAIN = "workflows.drain"


def ring(times: int = 1, *, task: str = _DRAIN, args: tuple[str, ...] = ()) -> bool:
    """Ask for a task of `workflows.tasks`; to look for runs is asked of every pool in which somebody hears it. False
    when the broker does not answer; the scheduler sees to it then. One that keeps its callers waiting is not asked
    again for some seconds."""
    if _hanging.is_left_alone:
        return False
    began = time.monotonic()
    heard_in = {DEFAULT} | _pools.now() if task == _DRAIN else {DEFAULT}
    try:
        for queue in map(queue_of, heard_in):
            for _ in range(times):
                current_app.send_task(task, args, retry=False, queue=queue)
    except (BrokerError, OSError) as error:
        log.warning("doorbell.broken", error=type(error).__name__)
        _hanging.note(time.monotonic() - began)
        return False
    return True


class _Hanging:
    """A broker that neither answers nor refuses: its socket is open, and nobody reads from it."""

    def __init__(self) -> None:
        self._until = float("-inf")

    @property
    def is_left_alone(self) -> bool:
        return time.monotonic() < self._until

    def note(self, waited_seconds: float) -> None:
        """It was waited for in vain."""
        if waited_seconds >= _HANGS_SECONDS:
            self._until = time.monotonic() + _LEFT_ALONE_SECONDS


class _Pools:
    """The pools in which workers live, looked up again when that is some seconds old."""

    def __init__(self) -> None:
        self._known: set[str] = set()
        self._until = 0.0

    def now(self) -> set[str]:
        if time.monotonic() >= self._until:
            self._until = time.monotonic() + _KNOWN_SECONDS
            try:
                self._known = pools_served()
            except (DatabaseError, InterfaceError):
                pass  # Whoever is not rung for finds the work by looking.
        return self._known


_HANGS_SECONDS = 0.5
_LEFT_ALONE_SECONDS = 5.0
_KNOWN_SECONDS = 5.0
_hanging = _Hanging()
_pools = _Pools()
_MARK = "workflows.bell"
_MARK_SECONDS = 2


def ring_unless_rung() -> None:
    """Ring, unless a bell is on its way: a worker that hears it takes away the mark before it looks for work.

    What is stored before this is called is found by that look, or by the bell that is rung here.
    """
    if cache.add(_MARK, 1, timeout=_MARK_SECONDS):
        ring()


class _Soon:
    """Rings in a thread of its own, for those who are waited for and must not wait for the broker."""

    def __init__(self) -> None:
        self._wanted, self._mutex = threading.Event(), threading.Lock()
        self._thread: threading.Thread | None = None

    def want(self) -> None:
        self._wanted.set()
        if self._thread is None:
            with self._mutex:
                if self._thread is None:
                    self._thread = threading.Thread(target=self._ring_whenever_wanted, name="bell", daemon=True)
                    self._thread.start()

    def _ring_whenever_wanted(self) -> None:
        while self._wanted.wait():
            self._wanted.clear()
            try:
                ring_unless_rung()
            except Exception:
                log.exception("doorbell.broken")
            finally:
                connections.close_all()


_soon = _Soon()


def ring_soon() -> None:
    """The same, at once but without anybody waiting for it."""
    _soon.want()


def hear() -> None:
    """A worker is about to look for work; what is stored from now on rings again."""
    cache.delete(_MARK)
