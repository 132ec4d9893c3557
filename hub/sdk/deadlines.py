"""Sockets that keep to a deadline, however slowly the other side drips its bytes."""

from __future__ import annotations

import socket
import ssl
import time
from typing import Any


class Deadline:
    """Until when a conversation must be over, and how long a single wait may last."""

    def __init__(self, seconds: float) -> None:
        self.until = time.monotonic() + seconds
        self.wait_seconds = seconds

    def extend(self, seconds: float) -> None:
        """Give the conversation so much time from now; a single wait stays as long as it was."""
        self.until = time.monotonic() + seconds

    def left(self) -> float:
        """How long the next wait may last. Raises TimeoutError when the time is over."""
        left = min(self.wait_seconds, self.until - time.monotonic())
        if left <= 0:
            raise TimeoutError("The time for this request is over.")
        return left


class DeadlineSocket(socket.socket):
    """A socket whose every wait ends with the deadline. Without one it is an ordinary socket."""

    deadline: Deadline | None = None

    def recv(self, *args: Any, **kwargs: Any) -> bytes:
        _keep(self)
        return super().recv(*args, **kwargs)

    def recv_into(self, *args: Any, **kwargs: Any) -> int:
        _keep(self)
        return super().recv_into(*args, **kwargs)

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
        _keep(self)
        return super().recv(*args, **kwargs)

    def recv_into(self, *args: Any, **kwargs: Any) -> int:
        _keep(self)
        return super().recv_into(*args, **kwargs)

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


def _keep(made: Guarded) -> None:
    if made.deadline is not None:
        made.settimeout(made.deadline.left())
