"""Opens connections to addresses that were checked, and to no others."""

from __future__ import annotations

import contextlib
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Any

import certifi

from hub.sdk.addresses import Allowance, plain_host, read_address
from hub.sdk.deadlines import Deadline, DeadlineSocket, DeadlineTlsSocket
from hub.sdk.errors import Misconfigured, TryLater

Resolver = Callable[..., Any]
"""Answers like `socket.getaddrinfo`."""
CONNECT_SECONDS = 10.0


@lru_cache(maxsize=256)
def trust(authorities: str) -> ssl.SSLContext:
    """What certificates are checked against: the machine's authorities, the usual public ones, and these."""
    context = ssl.create_default_context()
    context.load_verify_locations(cafile=certifi.where())
    if authorities:
        try:
            context.load_verify_locations(cadata=authorities)
        except (ssl.SSLError, ValueError):
            raise Misconfigured("The certificate authority is no PEM text. Paste the whole certificate.") from None
    context.sslsocket_class = DeadlineTlsSocket
    return context


class Dialer:
    """Resolves a name once, checks what came out, and connects to exactly that."""

    def __init__(self, allowance: Allowance, resolver: Resolver) -> None:
        self._allowance = allowance
        self._resolver = resolver
        self._local = threading.local()

    @contextlib.contextmanager
    def keeping(self, deadline: Deadline) -> Iterator[None]:
        """Connections of this thread keep to this deadline."""
        self._local.deadline = deadline
        try:
            yield
        finally:
            self._local.deadline = None

    @property
    def deadline(self) -> Deadline | None:
        return getattr(self._local, "deadline", None)

    def targets(self, host: str, port: int) -> list[tuple[int, tuple[Any, ...]]]:
        """The socket addresses that may be connected to, with their families; never empty."""
        found = self._resolve(host, port)
        refusals: list[str] = []
        allowed: list[tuple[int, tuple[Any, ...]]] = []
        for family, _, _, _, where in found:
            if reason := self._allowance.refusal(plain_host(host), port, read_address(str(where[0]))):
                refusals.append(f"{where[0]} is {reason}")
            else:
                allowed.append((family, where))
        if not allowed:
            raise Misconfigured(
                f'"{host}" may not be reached: {refusals[0]}. '
                f'An administrator can allow it with an egress rule for "{plain_host(host)}".',
                detail={"host": host, "port": port},
            )
        return allowed

    def dial(self, host: str, port: int, deadline: Deadline) -> DeadlineSocket:
        """A connection to the first address that accepts one."""
        last = "refused the connection"
        for family, where in self.targets(host, port):
            made = DeadlineSocket(family, socket.SOCK_STREAM)
            try:
                made.settimeout(min(CONNECT_SECONDS, deadline.left()))
                made.connect(where)
                made.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                made.settimeout(deadline.left())
            except TimeoutError:
                made.close()
                last = "did not answer in time"
            except OSError as trouble:
                made.close()
                last = _why(trouble)
            else:
                made.deadline = deadline
                return made
        raise TryLater(f"{host}:{port} {last}. It will be tried again.", sent=False)

    def _resolve(self, host: str, port: int) -> list[Any]:
        if not 0 < port < 65536:
            raise Misconfigured(f"{host}: port {port} does not exist. Ports are 1 to 65535.")
        try:
            found = self._resolver(plain_host(host), port, 0, socket.SOCK_STREAM)
        except socket.gaierror as trouble:
            raise TryLater(
                f'The name "{host}" cannot be resolved. Check its spelling and the name server.',
                sent=False,
                detail={"host": host, "code": trouble.errno},
            ) from None
        except (UnicodeError, ValueError):
            raise Misconfigured(f'"{host}" is no host name.') from None
        if not found:
            raise TryLater(f'The name "{host}" has no address.', sent=False)
        return list(found)


def _why(trouble: OSError) -> str:
    if isinstance(trouble, ConnectionRefusedError):
        return "refused the connection"
    return "cannot be reached"
