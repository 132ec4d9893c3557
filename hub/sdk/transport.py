"""How requests and urllib3 are made to go through the dialer."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from functools import partial
from http.client import HTTPResponse, RemoteDisconnected
from typing import Any
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter
from requests.models import CONTENT_CHUNK_SIZE
from urllib3 import PoolManager
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import SSLError

from hub.sdk.dialing import Dialer
from hub.sdk.errors import Misconfigured, TryLater, UnexpectedReply

POOLED_CONNECTIONS = 128
CHUNK_BYTES = 2**18


def shown(method: object, url: object) -> str:
    """A request as messages name it: no user, no password, no query."""
    try:
        parts = urlsplit(str(url))
        host = parts.hostname or ""
        port = f":{parts.port}" if parts.port else ""
    except ValueError:
        return f"{method} (an address that cannot be read)".strip()
    host = f"[{host}]" if ":" in host else host
    return f"{method} {parts.scheme}://{host}{port}{parts.path[:200]}".strip()


class _WholeHead(HTTPResponse):
    """An answer whose head did not come to its end is none. The standard library takes what came for all there is,
    and with the headers the length of the body is lost: a success without content."""

    fp: Any

    def begin(self) -> None:
        self.fp = _Lines(self.fp)
        super().begin()
        if self.fp is not None:
            self.fp = self.fp.held


class _Lines:
    """The lines of a head. Raises RemoteDisconnected where the connection ended before the head did."""

    def __init__(self, held: Any) -> None:
        self.held = held

    def readline(self, limit: int = -1) -> bytes:
        line: bytes = self.held.readline(limit)
        if not line.endswith(b"\n") and len(line) != limit:
            raise RemoteDisconnected("The connection ended within the head of the answer.")
        return line

    def __getattr__(self, name: str) -> Any:
        return getattr(self.held, name)


class _Dialed:
    """What both kinds of connection share. Trouble before the request was written leaves as one of our classes."""

    response_class: Any = _WholeHead
    dialer: Dialer
    host: str
    port: int
    sock: Any

    def _new_conn(self) -> Any:
        deadline = self.dialer.deadline
        assert deadline is not None  # noqa: S101 - connections are opened for requests only
        return self.dialer.dial(self.host, self.port, deadline)

    def request(self, *args: Any, **kwargs: Any) -> None:
        if self.sock is not None:
            self.sock.deadline = self.dialer.deadline
        super().request(*args, **kwargs)  # type: ignore[misc]


class _Plain(_Dialed, HTTPConnection):
    def __init__(self, *args: Any, dialer: Dialer, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.dialer = dialer


class _Secure(_Dialed, HTTPSConnection):
    def __init__(self, *args: Any, dialer: Dialer, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.dialer = dialer

    def connect(self) -> None:
        try:
            super().connect()
        except (ssl.SSLCertVerificationError, SSLError, ssl.CertificateError) as trouble:
            raise Misconfigured(
                f"{self.host}:{self.port} shows a certificate that is not trusted ({_reason(trouble)}). Give the "
                "certificate authority in the connection, or use the host's right name.",
            ) from None
        except ssl.SSLError as trouble:
            raise Misconfigured(
                f"{self.host}:{self.port} does not speak TLS as it should ({_reason(trouble)}). Check the port."
            ) from None
        except OSError:
            raise TryLater(f"{self.host}:{self.port} broke off while TLS was agreed on.", sent=False) from None
        self.sock.deadline = self.dialer.deadline


class _Pools(PoolManager):
    """Kept connections, made by the dialer. A kept connection stays with the address that was checked."""

    def __init__(self, dialer: Dialer, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._dialer = dialer

    def _new_pool(self, scheme: str, host: str, port: int, request_context: Any = None) -> Any:
        pool: Any = super()._new_pool(scheme, host, port, request_context)
        pool.ConnectionCls = partial(_Secure if scheme == "https" else _Plain, dialer=self._dialer)
        return pool


class GuardedAdapter(HTTPAdapter):
    """Sends through the dialer, checks certificates against `trusted`, and knows no proxy."""

    def __init__(self, dialer: Dialer, trusted: ssl.SSLContext) -> None:
        self._dialer = dialer
        self._trusted = trusted
        super().__init__(pool_connections=POOLED_CONNECTIONS, pool_maxsize=POOLED_CONNECTIONS)

    def init_poolmanager(self, connections: int, maxsize: int, block: bool = False, **_: Any) -> None:
        self.poolmanager = _Pools(self._dialer, num_pools=connections, maxsize=maxsize, block=block)

    def build_connection_pool_key_attributes(self, request: Any, verify: Any, cert: Any = None) -> Any:
        host, _ = super().build_connection_pool_key_attributes(request, True, None)
        return host, {"ssl_context": self._trusted} if host["scheme"] == "https" else {}

    def cert_verify(self, conn: Any, url: Any, verify: Any, cert: Any) -> None:
        """Nothing to do: the context already knows whom to trust."""

    def build_response(self, req: Any, resp: Any) -> GuardedResponse:
        made = GuardedResponse()
        made.__dict__.update(super().build_response(req, resp).__dict__)
        return made


class GuardedResponse(requests.Response):
    """A response that is read no further than `most_bytes`, and whose trouble is one of our classes."""

    most_bytes: int | None = None

    def check_announced_size(self) -> None:
        """Refuse a body that says beforehand that it is too long."""
        announced = self.headers.get("Content-Length", "")
        if (
            self.most_bytes is None
            or self.request.method == "HEAD"
            or not (announced.isascii() and announced.isdigit())
        ):
            return
        if int(announced) > self.most_bytes:
            self.close()
            raise self._too_long()

    def _too_long(self) -> UnexpectedReply:
        return UnexpectedReply(
            f"{shown(self.request.method, self.url)} answered with more than {self.most_bytes} bytes. "
            "Ask for less at once."
        )

    def iter_content(self, chunk_size: int | None = 1, decode_unicode: bool = False) -> Iterator[Any]:
        if chunk_size == CONTENT_CHUNK_SIZE:  # What requests reads a whole body with: too little for large ones.
            chunk_size = CHUNK_BYTES
        return self._guarded(super().iter_content(chunk_size, decode_unicode))

    def _guarded(self, chunks: Iterator[Any]) -> Iterator[Any]:
        what = shown(self.request.method, self.url)
        size = 0
        try:
            for chunk in chunks:
                size += len(chunk)
                if self.most_bytes is not None and size > self.most_bytes:
                    raise self._too_long()
                yield chunk
        except requests.exceptions.ContentDecodingError:
            self.close()
            raise UnexpectedReply(f"{what} answered with a body that cannot be unpacked.") from None
        except (requests.RequestException, OSError):
            self.close()
            raise TryLater(f"{what}: the answer broke off, or did not end in time.") from None
        except UnexpectedReply:
            self.close()
            raise


def _reason(trouble: Exception) -> str:
    text = getattr(trouble, "verify_message", "") or getattr(trouble, "reason", "") or ""
    return str(text)[:120].rstrip(".") or type(trouble).__name__
