"""A thread that ends gives its connection to the database back at once.

Django keeps a connection for each thread, in objects that refer to each other: what a thread leaves behind is closed
when Python next looks for such rings, which may be never. The web server ends threads that were idle for a while and
begins new ones, so that a quiet minute between two busy ones would take twice as many connections.
"""

from __future__ import annotations

import os
import threading
from typing import Any
from weakref import WeakKeyDictionary

import psycopg


class _Line:
    """Closes a connection when nothing refers to this: its thread ended, or has another."""

    def __init__(self, connection: psycopg.Connection[Any]) -> None:
        self._connection = connection
        self._process = os.getpid()

    def __del__(self) -> None:
        if self._process == os.getpid():  # A fork has a copy, and the connection is not its to end.
            self._connection.close()


class _Lines(threading.local):
    """Of this thread, by the connection as Django has it: code that runs in an event loop has one of its own."""

    def __init__(self) -> None:
        self.held: WeakKeyDictionary[Any, _Line] = WeakKeyDictionary()


_this_thread = _Lines()


def tie_to_thread(connection: Any, **_: Any) -> None:
    """Heard when Django made a connection in this thread."""
    _this_thread.held[connection] = _Line(connection.connection)
