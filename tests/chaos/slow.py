"""An outside system that answers when it is told to, and counts who calls it at a time."""

from __future__ import annotations

import threading
from collections import Counter
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit


class SlowTarget:
    """Every request waits until the gate is open. What is sent counts as written as soon as it is here."""

    def __init__(self) -> None:
        self.gate = threading.Event()
        self.written: Counter[str] = Counter()
        self._changed = threading.Condition()
        self.here = self.most = 0
        target = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                target._arrive("")
                self._answer()

            def do_POST(self) -> None:
                self.rfile.read(int(self.headers["Content-Length"]))
                target._arrive(urlsplit(self.path).path.rpartition("/")[2])
                self._answer()

            def _answer(self) -> None:
                target.gate.wait()
                target._leave()
                self.send_response(200)
                self.send_header("Content-Length", "2")
                self.end_headers()
                self.wfile.write(b"{}")

            def log_message(self, *_: object) -> None:
                return None

        class Server(ThreadingHTTPServer):
            daemon_threads = True
            request_queue_size = 256

            def handle_error(self, *_: object) -> None:
                """Whoever called is dead."""

        self._server = Server(("127.0.0.1", 0), Handler)
        self.port = int(self._server.server_address[1])
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def _arrive(self, order: str) -> None:
        with self._changed:
            self.here += 1
            self.most = max(self.most, self.here)
            if order:
                self.written[order] += 1
            self._changed.notify_all()

    def _leave(self) -> None:
        with self._changed:
            self.here -= 1

    def wait_for(self, count: int, seconds: float) -> bool:
        """Until so many are here at the same time."""
        with self._changed:
            return self._changed.wait_for(lambda: self.here >= count, seconds)

    def stop(self) -> None:
        self.gate.set()
        self._server.shutdown()
        self._server.server_close()
