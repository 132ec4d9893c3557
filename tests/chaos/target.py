"""The outside system of the chaos suite: counts every write, and misbehaves in the ways that real ones do."""

from __future__ import annotations

import json
import random
import threading
from collections import Counter
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Target:
    """Takes orders by POST. Some are refused as too busy, and some are written without an answer."""

    def __init__(self, seed: int) -> None:
        self._chance = random.Random(seed)
        self._lock = threading.Lock()
        self.written: Counter[str] = Counter()
        """How often each order was written."""
        target = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                order = json.loads(self.rfile.read(int(self.headers["Content-Length"])))["id"]
                mood = target._mood()
                if mood == "busy":
                    self._answer(503, {"said": "busy"})
                    return
                with target._lock:
                    target.written[order] += 1
                if mood == "silent":
                    self.close_connection = True
                    self.connection.close()
                else:
                    self._answer(200, {"order": order})

            def _answer(self, status: int, body: dict[str, str]) -> None:
                data = json.dumps(body).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

            def log_message(self, *_: object) -> None:
                return None

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.handle_error = lambda *_: None  # type: ignore[method-assign]
        self.port = self._server.server_address[1]
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()

    def _mood(self) -> str:
        with self._lock:
            drawn = self._chance.random()
        return "busy" if drawn < 0.03 else "silent" if drawn < 0.05 else "well"

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()
