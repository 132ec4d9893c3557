"""Sockets that keep to a deadline, however slowly the other side drips its bytes."""

from __future__ import annotations

import socket
import ssl
import time
from typing import Any


class Deadline:
    """Until when a request must be over, and how long a single wait may last."""

    def __init__(self, seconds: float) -> None:
        self.until = time.monotonic() + seconds
        self.wait_seconds = seconds

    def extend(self, seconds: float) -> None:
        """Give the request more time as a whole; a single wait stays as long as it was."""
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

    def recv_into(self, *args: Any, **kwargs: Any) -> int:
        if self.deadline is not None:
            self.settimeout(self.deadline.left())
        return super().recv_into(*args, **kwargs)

    def sendall(self, *args: Any, **kwargs: Any) -> None:
        if self.deadline is not None:
            self.settimeout(self.deadline.left())
        super().sendall(*args, **kwargs)


class DeadlineTlsSocket(ssl.SSLSocket):
    """The same, inside TLS."""

    deadline: Deadline | None = None

    def recv_into(self, *args: Any, **kwargs: Any) -> int:
        if self.deadline is not None:
            self.settimeout(self.deadline.left())
        return super().recv_into(*args, **kwargs)

    def send(self, *args: Any, **kwargs: Any) -> int:
        if self.deadline is not None:
            self.settimeout(self.deadline.left())
        return super().send(*args, **kwargs)
