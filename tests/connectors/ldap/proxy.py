"""A TCP proxy before a directory, that spoils what the directory answers."""

from __future__ import annotations

import contextlib
import socket
import struct
import threading
from collections.abc import Iterator
from enum import StrEnum


class Spoil(StrEnum):
    CUT = "cut"
    """After so many bytes the connection is closed as if nothing were wrong."""
    RESET = "reset"
    STALL = "stall"
    """After so many bytes nothing more comes."""
    GARBAGE = "garbage"
    """After so many bytes everything is something else."""


class Proxy:
    """Forwards to a port of this machine. `spoil` may be set and taken back at any time."""

    def __init__(self, target: int) -> None:
        self._target = target
        self._server = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._server.getsockname()[1])
        self.spoil: Spoil | None = None
        self.after_bytes = 0
        self.connections = 0
        self._released = threading.Event()
        self._threads: list[threading.Thread] = []
        self._sockets: list[socket.socket] = []
        self._start(self._accept)

    def set(self, spoil: Spoil | None, after_bytes: int = 0) -> None:
        self.spoil, self.after_bytes = spoil, after_bytes

    def stop(self) -> None:
        self._released.set()
        for each in [self._server, *self._sockets]:
            with contextlib.suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
            each.close()
        for thread in self._threads:
            thread.join(5)

    def _start(self, work: object, *given: object) -> None:
        thread = threading.Thread(target=work, args=given, daemon=True)  # type: ignore[arg-type]
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                client, _ = self._server.accept()
                self.connections += 1
                upstream = socket.create_connection(("127.0.0.1", self._target))
                self._sockets += [client, upstream]
                self._start(self._forward, client, upstream)
                self._start(self._answer, upstream, client)

    def _forward(self, client: socket.socket, upstream: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while data := client.recv(65536):
                upstream.sendall(data)
        with contextlib.suppress(OSError):
            upstream.shutdown(socket.SHUT_WR)

    def _answer(self, upstream: socket.socket, client: socket.socket) -> None:
        sent = 0
        with contextlib.suppress(OSError):
            while data := upstream.recv(65536):
                if self.spoil is not None and sent + len(data) > self.after_bytes:
                    good = max(0, self.after_bytes - sent)
                    client.sendall(data[:good])
                    self._ruin(client, len(data) - good)
                    return
                client.sendall(data)
                sent += len(data)
        with contextlib.suppress(OSError):
            client.shutdown(socket.SHUT_RDWR)
        client.close()

    def _ruin(self, client: socket.socket, size: int) -> None:
        if self.spoil is Spoil.STALL:
            self._released.wait(30)
        if self.spoil is Spoil.GARBAGE:
            client.sendall(b"\x2a" * max(size, 64))
        if self.spoil is Spoil.RESET:
            client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        else:
            with contextlib.suppress(OSError):
                client.shutdown(socket.SHUT_RDWR)
        client.close()


@contextlib.contextmanager
def before(target: int) -> Iterator[Proxy]:
    made = Proxy(target)
    try:
        yield made
    finally:
        made.stop()
