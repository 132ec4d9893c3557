"""Whether what is being done is still wanted. Asked wherever it may take long: by every wait for a service, and by
whoever goes through many records.

A connector need not know of it. What is wanted no more leaves by an exception that no connector handles.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

ASKED_EVERY_SECONDS = 1.0


class GivenUp(BaseException):
    """What was being done is given up. Not an error of anybody's: only who asked for it may catch it."""


class NotWanted(GivenUp):
    """Whoever wanted it does not any more."""


class OutOfTime(GivenUp):
    """The time for all of it is over."""


@dataclass
class _Asked:
    is_wanted: Callable[[], bool]
    until: float
    asked_at: float


_asked: ContextVar[_Asked | None] = ContextVar("asked", default=None)


@contextmanager
def while_wanted(is_wanted: Callable[[], bool], seconds: float | None = None) -> Iterator[None]:
    """What is done in the block is given up soon after nobody wants it any more, or so many seconds have passed.

    Holds for this thread. `is_wanted` is asked about once a second.
    """
    now = time.monotonic()
    token = _asked.set(_Asked(is_wanted, now + seconds if seconds is not None else float("inf"), now))
    try:
        yield
    finally:
        _asked.reset(token)


def is_limited() -> bool:
    """Whether what is being done may be given up, so that no wait may be long."""
    return _asked.get() is not None


def check() -> None:
    """Raises NotWanted or OutOfTime. Costs next to nothing."""
    held = _asked.get()
    if held is None:
        return
    now = time.monotonic()
    if now >= held.until:
        raise OutOfTime
    if now - held.asked_at >= ASKED_EVERY_SECONDS:
        held.asked_at = now
        if not held.is_wanted():
            raise NotWanted
