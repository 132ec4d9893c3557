"""A TCP proxy that misbehaves as networks do: it delays, cuts within an answer, half-closes, goes silent."""

from __future__ import annotations

import contextlib
import selectors
import socket
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

Address = tuple[str, int] | Path
_AT_ONCE = 65_536


@dataclass
class Weather:
    """What becomes of what passes. Changed while connections are open."""

    delay_seconds: float = 0.0
    silent: bool = False
    """Connections stay open, and nothing passes any more."""


@dataclass
class Proxy:
    """Between whoever connects to `port` and the service."""

    service: Address
    weather: Weather = field(default_factory=Weather)
    on_request: Callable[[bytes], str] = lambda data: ""
    """Looks at what is sent to the service. "cut before": the connection ends, and the service never sees it;
    "cut after": the service gets it, and nobody its answer; "cut within": half of the answer comes."""

    def __post_init__(self) -> None:
        self._ended, self._pairs = threading.Event(), list[tuple[socket.socket, socket.socket]]()
        self._server = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._server.getsockname()[1])
        threading.Thread(target=self._accept, daemon=True).start()

    def stop(self) -> None:
        self._ended.set()
        self._server.close()
        self.cut()

    def cut(self) -> int:
        """End every connection at once; returns how many."""
        pairs, self._pairs = self._pairs, []
        for pair in pairs:
            _end(*pair)
        return len(pairs)

    def half_close(self) -> int:
        """The service hears no more, and may still answer; returns of how many connections."""
        for _, service in self._pairs:
            with contextlib.suppress(OSError):
                service.shutdown(socket.SHUT_WR)
        return len(self._pairs)

    def be_silent(self, seconds: float) -> int:
        """Nothing passes for so long, and then every connection ends; returns how many."""
        self.weather.silent = True
        self._ended.wait(seconds)
        self.weather.silent = False
        return self.cut()

    def _accept(self) -> None:
        while not self._ended.is_set():
            try:
                client, _ = self._server.accept()
            except OSError:
                return
            try:
                service = _connected(self.service)
            except OSError:
                client.close()
                continue
            self._pairs = [pair for pair in self._pairs if pair[0].fileno() >= 0] + [(client, service)]
            threading.Thread(target=self._carry, args=(client, service), daemon=True).start()

    def _carry(self, client: socket.socket, service: socket.socket) -> None:
        with contextlib.suppress(OSError, ValueError), selectors.DefaultSelector() as ready:
            ready.register(client, selectors.EVENT_READ, service)
            ready.register(service, selectors.EVENT_READ, client)
            verdict = ""
            while not self._ended.is_set() and ready.get_map():
                for key, _ in ready.select(0.2):
                    source = client if key.data is service else service
                    data = source.recv(_AT_ONCE)
                    self._hold()
                    if not data:
                        ready.unregister(source)
                        key.data.shutdown(socket.SHUT_WR)
                        continue
                    if source is client:
                        # A request may come in pieces: what was said of the first is said of all.
                        verdict = verdict or self.on_request(data)
                        if verdict == "cut before":
                            raise ConnectionAbortedError
                    elif verdict.startswith("cut"):
                        if verdict == "cut within":
                            client.sendall(data[: len(data) // 2])
                        raise ConnectionAbortedError
                    key.data.sendall(data)
        _end(client, service)

    def _hold(self) -> None:
        time.sleep(self.weather.delay_seconds)
        while self.weather.silent and not self._ended.is_set():
            time.sleep(0.05)


def _connected(service: Address) -> socket.socket:
    if isinstance(service, Path):
        made = socket.socket(socket.AF_UNIX)
        made.connect(str(service))
        return made
    return socket.create_connection(service, timeout=5)


def _end(*held: socket.socket) -> None:
    for each in held:
        with contextlib.suppress(OSError):
            each.shutdown(socket.SHUT_RDWR)
        each.close()
