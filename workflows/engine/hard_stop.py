"""An end to waiting for a call, however its connector behaves."""

from __future__ import annotations

import contextvars
import threading
from collections.abc import Callable
from typing import TypeVar

from django.db import connections

Made = TypeVar("Made")
GRACE_SECONDS = 5.0
"""What a call may take beyond its timeout, so that a connector that keeps to it can say itself what happened."""


class OutOfTime(Exception):
    """The call has not come back. Its thread cannot be stopped; whatever it still gives is dropped."""


def within(seconds: float, do: Callable[[], Made]) -> Made:
    """What `do` gives or raises, in a thread of its own. Raises OutOfTime when that takes longer."""
    made: list[Made] = []
    raised: list[BaseException] = []

    def go() -> None:
        try:
            made.append(do())
        except BaseException as error:
            raised.append(error)
        finally:
            connections.close_all()

    thread = threading.Thread(target=contextvars.copy_context().run, args=(go,), name="call", daemon=True)
    thread.start()
    thread.join(seconds)
    if thread.is_alive():
        raise OutOfTime
    if raised:
        raise raised[0]
    return made[0]
