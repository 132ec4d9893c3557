"""Counts the requests of connections by what was answered, and traces those of runs."""

from __future__ import annotations

from collections.abc import Callable
from time import perf_counter
from urllib.parse import urlsplit

import requests

from hub.watch import traces
from hub.watch.tallies import Counts, Durations

SENT = Counts(
    "lockgate_outgoing_requests",
    "Requests to outside services, by the status of the answer.",
    ["connector", "status"],
)
TOOK = Durations("lockgate_outgoing_seconds", "Requests to outside services: until the answer began.", ["connector"])
NONE = "none"


class Watching:
    """Looks on for one connection."""

    def __init__(self, connector: str) -> None:
        self._connector = connector

    def leaves(self, request: requests.PreparedRequest) -> Callable[[int | None], None]:
        began = perf_counter()
        traced = None
        if (trace := traces.current.get()) is not None:
            host = urlsplit(str(request.url)).hostname or ""
            request.headers[traces.HEADER], traced = trace.request(str(request.method), host)

        def answered(status: int | None) -> None:
            if traced is not None:
                traced(status)
            SENT.add(self._connector, NONE if status is None else str(status))
            TOOK.add(perf_counter() - began, self._connector)

        return answered
