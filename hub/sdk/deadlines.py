"""Sockets that keep to a deadline, however slowly the other side drips its bytes."""

from __future__ import annotations

import socket
import ssl
import time
from collections.abc import Callable
from typing import Any, TypeVar

from hub.sdk import patience

Got = TypeVar("Got")
SLICE_SECONDS = 0.5
"""A longer wait is one for a while and then again, when it may turn out that nobody wants the answer any more."""


class Deadline:
    """Until when a conversation must be over, and how long a single wait may last."""

    def __init__(self, seconds: float) -> None:
        self.until = time.monotonic() + seconds
        self.wait_seconds = seconds

    def extend(self, seconds: float) -> None:
        """Give the conversation so much time from now; a single wait stays as long as it was."""
        self.until = time.monotonic() + seconds

    def left(self) -> float:
        """How long the next wait may last. Raises TimeoutError when the time is over, GivenUp when nobody waits."""
        patience.check()
        left = min(self.wait_seconds, self.until - time.monotonic())
        if left <= 0:
            raise TimeoutError("The time for this request is over.")
        return left


class DeadlineSocket(socket.socket):
    """A socket whose every wait ends with the deadline. Without one it is an ordinary socket."""

    deadline: Deadline | None = None

    def recv(self, *args: Any, **kwargs: Any) -> bytes:
        return _received(self, lambda: super(DeadlineSocket, self).recv(*args, **kwargs))

    def recv_into(self, *args: Any, **kwargs: Any) -> int:
        return _received(self, lambda: super(DeadlineSocket, self).recv_into(*args, **kwargs))

    def send(self, *args: Any, **kwargs: Any) -> int:
        _keep(self)
        return super().send(*args, **kwargs)

    def sendall(self, *args: Any, **kwargs: Any) -> None:
        _keep(self)
        super().sendall(*args, **kwargs)


class DeadlineTlsSocket(ssl.SSLSocket):
    """The same, inside TLS. What sends everything does it by `send`."""

    deadline: Deadline | None = None

    def recv(self, *args: Any, **kwargs: Any) -> bytes:
        return _received(self, lambda: super(DeadlineTlsSocket, self).recv(*args, **kwargs))

    def recv_into(self, *args: Any, **kwargs: Any) -> int:
        return _received(self, lambda: super(DeadlineTlsSocket, self).recv_into(*args, **kwargs))

    def send(self, *args: Any, **kwargs: Any) -> int:
        _keep(self)
        return super().send(*args, **kwargs)


Guarded = DeadlineSocket | DeadlineTlsSocket
"""A connection that keeps to its deadline."""


def secured(made: Guarded, context: ssl.SSLContext, host: str) -> DeadlineTlsSocket:
    """TLS inside a connection, with the same deadline; `context` is one of `trust`."""
    _keep(made)
    inside = context.wrap_socket(made, server_hostname=host)
    assert isinstance(inside, DeadlineTlsSocket)  # noqa: S101 - the context makes no others
    inside.deadline = made.deadline
    return inside


def _received(made: Guarded, receive: Callable[[], Got]) -> Got:
    """What comes, waited for as long as the deadline allows."""
    if made.deadline is None:
        return receive()
    until = time.monotonic() + made.deadline.left()
    while True:
        left = min(made.deadline.left(), max(0.001, until - time.monotonic()))
        is_last = not patience.is_limited() or left <= SLICE_SECONDS
        made.settimeout(left if is_last else SLICE_SECONDS)
        try:
            return receive()
        except TimeoutError:
            if is_last:
                raise


def _keep(made: Guarded) -> None:
    if made.deadline is not None:
        made.settimeout(made.deadline.left())
