"""Serves a sandbox over HTTP/1.1 with kept connections, and can cut them.

Werkzeug's own server closes every connection after one answer; clients here should be met by what a real service
does, so this one keeps them. It is for tests and demonstrations, never for a network that is not trusted.
"""

from __future__ import annotations

import contextlib
import io
import socket
import sys
import threading
from collections.abc import Callable, Iterable
from http.server import BaseHTTPRequestHandler
from socketserver import TCPServer, ThreadingMixIn
from types import TracebackType
from typing import Any
from urllib.parse import unquote_to_bytes

from hub.sdk.sandbox.app import SandboxApp

LARGEST_BODY = 64 * 1024 * 1024
IDLE_SECONDS = 60.0


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "Sandbox"
    sys_version = ""
    timeout = IDLE_SECONDS
    wbufsize = 64 * 1024
    disable_nagle_algorithm = True
    server: _Listener

    def handle(self) -> None:
        # A client that goes away in the middle is not news.
        with contextlib.suppress(ConnectionError, TimeoutError):
            super().handle()

    def finish(self) -> None:
        with contextlib.suppress(OSError):
            super().finish()

    def answer(self) -> None:
        body = self._body()
        if body is None:
            return
        self._status = ""
        self._headers: list[tuple[str, str]] = []
        parts = self.server.app(self._environ(body), self._start)
        try:
            content = b"".join(parts)
        finally:
            close = getattr(parts, "close", None)
            if close is not None:
                close()
        self._send(content)

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = do_HEAD = do_OPTIONS = answer  # noqa: N815

    def _start(self, status: str, headers: list[tuple[str, str]], exc_info: object = None) -> Callable[[bytes], Any]:
        self._status, self._headers = status, headers
        return lambda _: None

    def _send(self, content: bytes) -> None:
        if self.server.stopping.is_set():
            self.close_connection = True
        code, _, phrase = self._status.partition(" ")
        self.send_response(int(code), phrase)
        told = {name.lower(): value for name, value in self._headers}
        if self.command != "HEAD" and int(told.get("content-length", len(content))) > len(content):
            self.close_connection = True  # A body cut on purpose.
        for name, value in self._headers:
            self.send_header(name, value)
        if "content-length" not in told and code != "204":
            self.send_header("Content-Length", str(len(content)))
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()
        if self.command != "HEAD" and code != "204":
            self.wfile.write(content)

    def _body(self) -> bytes | None:
        """The whole body, so that the connection stands at the next request; None when it was refused."""
        if self.headers.get("Transfer-Encoding", "").lower() == "chunked":
            return self._chunks()
        try:
            length = int(self.headers.get("Content-Length") or 0)
        except ValueError:
            length = -1
        if not 0 <= length <= LARGEST_BODY:
            self.close_connection = True
            self.send_error(400 if length < 0 else 413)
            return None
        return self.rfile.read(length)

    def _chunks(self) -> bytes | None:
        made = bytearray()
        while True:
            try:
                size = int(self.rfile.readline(1000).split(b";")[0], 16)
            except ValueError:
                size = -1
            if size < 0 or len(made) + size > LARGEST_BODY:
                self.close_connection = True
                self.send_error(400 if size < 0 else 413)
                return None
            made += self.rfile.read(size)
            self.rfile.readline(1000)
            if size == 0:
                return bytes(made)

    def _environ(self, body: bytes) -> dict[str, Any]:
        path, _, query = self.path.partition("?")
        host, port = self.server.server_address[:2]
        environ: dict[str, Any] = {
            "REQUEST_METHOD": self.command,
            "SCRIPT_NAME": "",
            "PATH_INFO": unquote_to_bytes(path).decode("latin-1"),
            "REQUEST_URI": self.path,
            "QUERY_STRING": query,
            "CONTENT_TYPE": self.headers.get("Content-Type", ""),
            "CONTENT_LENGTH": str(len(body)),
            "SERVER_NAME": str(host),
            "SERVER_PORT": str(port),
            "SERVER_PROTOCOL": self.request_version,
            "REMOTE_ADDR": self.client_address[0],
            "wsgi.version": (1, 0),
            "wsgi.url_scheme": "http",
            "wsgi.input": io.BytesIO(body),
            "wsgi.errors": sys.stderr,
            "wsgi.multithread": True,
            "wsgi.multiprocess": False,
            "wsgi.run_once": False,
            "werkzeug.socket": self.connection,
            "sandbox.stopping": self.server.stopping,
        }
        for name, value in self.headers.items():
            key = "HTTP_" + name.upper().replace("-", "_")
            if key not in {"HTTP_CONTENT_TYPE", "HTTP_CONTENT_LENGTH", "HTTP_TRANSFER_ENCODING"}:
                environ[key] = f"{environ[key]},{value}" if key in environ else value
        return environ

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing: the control page shows the last requests."""


class _Listener(ThreadingMixIn, TCPServer):
    daemon_threads = True
    block_on_close = False
    allow_reuse_address = True
    request_queue_size = 128

    def __init__(self, app: SandboxApp, host: str, port: int) -> None:
        self.app = app
        self.stopping = threading.Event()
        self.open: set[socket.socket] = set()
        self.open_lock = threading.Lock()
        super().__init__((host, port), _Handler)

    def process_request(self, request: Any, client_address: Any) -> None:
        with self.open_lock:
            self.open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        with self.open_lock:
            self.open.discard(request)
        super().shutdown_request(request)

    def handle_error(self, request: Any, client_address: Any) -> None:
        if not isinstance(sys.exc_info()[1], ConnectionError | TimeoutError):
            super().handle_error(request, client_address)


class Server:
    """A listening sandbox. Use it as a context manager in tests; `base_url` is where it answers."""

    def __init__(self, app: SandboxApp, host: str = "127.0.0.1", port: int = 0) -> None:
        """Binds at once, so that `port` 0 already has its number. Raises OSError when the port is taken."""
        self.app = app
        self._listener = _Listener(app, host, port)
        self.host, self.port = str(self._listener.server_address[0]), int(self._listener.server_address[1])
        self.base_url = f"http://{self.host}:{self.port}"
        self._thread: threading.Thread | None = None

    def start(self) -> Server:
        """Answer from a thread of its own."""
        self._thread = threading.Thread(
            target=self._listener.serve_forever, kwargs={"poll_interval": 0.05}, name="sandbox", daemon=True
        )
        self._thread.start()
        self.app.began(self.base_url)
        return self

    def stop(self, grace_seconds: float = 5.0) -> None:
        """Take no new request, let those under way be answered, then close what is left."""
        listener = self._listener
        listener.stopping.set()
        if self._thread is not None:
            listener.shutdown()
            self._thread.join()
            self._thread = None
        listener.server_close()
        _shut(listener, socket.SHUT_RD)
        waited = threading.Event()
        for _ in range(int(grace_seconds / 0.01)):
            if not listener.open:
                break
            waited.wait(0.01)
        _shut(listener, socket.SHUT_RDWR)
        self.app.ended()

    def __enter__(self) -> Server:
        return self if self._thread else self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()


def serve(app: SandboxApp, host: str = "127.0.0.1", port: int = 0) -> Server:
    """Start serving in a thread. Port 0 takes a free one."""
    return Server(app, host, port).start()


def _shut(listener: _Listener, how: int) -> None:
    with listener.open_lock:
        sockets: Iterable[socket.socket] = list(listener.open)
    for connection in sockets:
        with contextlib.suppress(OSError):
            connection.shutdown(how)
