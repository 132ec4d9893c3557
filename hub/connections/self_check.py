"""What is wrong in the directory behind a connection, asked of its connector."""

from __future__ import annotations

import uuid
from typing import Any

from hub.accounts.access import Actor, allow, fetch
from hub.api.errors import Conflict
from hub.audit import record
from hub.connections.models import Connection
from hub.connections.opening import open_connection
from hub.registry import UnknownEntry, catalog
from hub.sdk import Call

ACTION = "check_directory"


def check_directory(actor: Actor, *, connection: str | uuid.UUID) -> dict[str, Any]:
    """Cycles, empty groups, members that are gone, values that several people have. Nothing is written.

    Raises NotFound, Conflict, and the five classes of connector errors.
    """
    allow(actor, "connection.test")
    held = fetch(actor, Connection, id=connection)
    try:
        action = catalog().action(f"{held.connector}.{ACTION}").implementation
    except UnknownEntry:
        message = f"The connector {held.connector} cannot check a directory."
        raise Conflict(message, code="no-directory-check") from None
    with open_connection(held) as opened:
        report = action.run(action.Input(), opened.client, Call(key=f"check-{held.id}"))
    found: dict[str, Any] = report.model_dump(mode="json")
    record(actor, "connection.directory-checked", held, {"complete": found.get("complete")})
    return found
