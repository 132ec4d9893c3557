"""A web application that does nothing: what the web server and the load generator can do at most."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

SAID = b'{"run": "00000000-0000-0000-0000-000000000000", "duplicate": false}'
HEADERS = [("Content-Type", "application/json"), ("Content-Length", str(len(SAID)))]


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    environ["wsgi.input"].read()
    start_response("202 Accepted", HEADERS)
    return [SAID]
