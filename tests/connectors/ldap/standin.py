"""What the tests of every connector are run against here: a real OpenLDAP behind a proxy that can spoil it."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from hub.sdk.sandbox import FaultKind
from tests.connectors.ldap.northwind import northwind
from tests.connectors.ldap.proxy import Spoil, before
from tests.connectors.ldap.slapd import running

_AS = {
    FaultKind.LATENCY: (None, 0),
    FaultKind.STATUS: (Spoil.RESET, 0),
    FaultKind.HANG: (Spoil.STALL, 40),
    FaultKind.EXPIRED: (Spoil.RESET, 40),
    FaultKind.DROP_BEFORE: (Spoil.CUT, 0),
    FaultKind.DROP_AFTER: (Spoil.CUT, 20),
    FaultKind.CUT_BODY: (Spoil.CUT, 60),
    FaultKind.FEWER_ROWS: (Spoil.CUT, 500),
    FaultKind.GARBAGE: (Spoil.GARBAGE, 14),
}


@contextlib.contextmanager
def stand_in(folder: Path) -> Iterator[tuple[dict[str, Any], Callable[[FaultKind], None]]]:
    """The settings of a connection that signs in, and how to make it misbehave."""
    with running(folder, northwind()) as server, before(server.port) as proxy:
        yield (
            server.settings(host="127.0.0.1", port=proxy.port, security="none"),
            lambda kind: proxy.set(*_AS[kind]),
        )
