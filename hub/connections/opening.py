"""Open connections: one client per connection, revision and process."""

from __future__ import annotations

import threading
import uuid
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any, Self

from django.conf import settings
from django.db import connection as database
from django.utils.module_loading import import_string
from pydantic import ValidationError

from hub.connections.models import Connection, EgressRule
from hub.connections.pacing import SharedPace
from hub.connections.tokens import ProcessTokens
from hub.connections.watching import Watching
from hub.registry import Connector, UnknownEntry, catalog
from hub.sdk import Identity, Misconfigured, Opening, Policy
from hub.vault import VaultError, unseal

_KEPT = 500
_NAMED = """
SELECT held.id, held.revision,
    ARRAY(SELECT target FROM connections_egressrule rule WHERE rule.workspace_id = held.workspace_id ORDER BY rule.id)
FROM connections_connection held WHERE held.workspace_id = %s AND held.slug = %s
"""


@dataclass
class OpenConnection:
    """What an open connection keeps. Clients are shared by threads; leaving the `with` block keeps them open."""

    client: Any
    connector: Connector

    def who_am_i(self) -> Identity:
        """Sign in and say who we are. Raises the five classes."""
        return self.connector.sign_in.who_am_i(self.client)

    def close(self) -> None:
        """Let go of the client's own sockets, when it has any."""
        close = getattr(self.client, "close", None)
        if callable(close):
            close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        return None


_open: OrderedDict[tuple[object, ...], OpenConnection] = OrderedDict()
_lock = threading.Lock()
_told: ContextVar[dict[tuple[uuid.UUID, str], Any] | None] = ContextVar("told", default=None)


def open_connection(connection: Connection) -> OpenConnection:
    """The open connection of this process, made when there is none for this revision.

    Makes no call to the service. Raises Misconfigured when the connector is gone, the settings no longer fit it,
    or the secrets do not open.
    """
    policy = policy_of(connection)
    key = (connection.id, connection.revision, policy)
    with _lock:
        if key in _open:
            _open.move_to_end(key)
            return _open[key]
    made = open_fresh(connection, policy)
    with _lock:
        kept = _open.setdefault(key, made)
        for other in [other for other in _open if other[0] == connection.id and other != key]:
            del _open[other]  # Runs that still use it keep their reference; nobody else gets it.
        while len(_open) > _KEPT:
            _open.popitem(last=False)
    return kept


@contextmanager
def asked_once() -> Iterator[None]:
    """In the block `open_named` asks for each connection once: that it is as of then is early enough."""
    held = _told.set({})
    try:
        yield
    finally:
        _told.reset(held)


def open_named(workspace_id: uuid.UUID, slug: str) -> OpenConnection | None:
    """The open connection with this slug; None when there is none. Costs one short question when it is open already.

    Raises Misconfigured as `open_connection` does.
    """
    told = _told.get()
    if told is not None and (workspace_id, slug) in told:
        found = told[workspace_id, slug]
    else:
        with database.cursor() as cursor:
            cursor.execute(_NAMED, [workspace_id, slug])
            found = cursor.fetchone()
        if told is not None:
            told[workspace_id, slug] = found
    if found is None:
        return None
    held, revision, targets = found
    key = (held, revision, Policy(allow=(*settings.EGRESS_ALLOW, *targets)))
    with _lock:
        if key in _open:
            _open.move_to_end(key)
            return _open[key]
    return open_connection(Connection.objects.get(id=held))


def open_fresh(connection: Connection, policy: Policy | None = None) -> OpenConnection:
    """Open without the cache: for a test of the connection, which must not profit from an earlier sign-in."""
    connector = connector_of(connection)
    try:
        secrets = unseal(bytes(connection.sealed), connection.place) if connection.sealed else {}
    except VaultError as trouble:
        raise Misconfigured(f'The secrets of connection "{connection.name}" cannot be opened. {trouble}') from None
    try:
        values = connector.sign_in.Settings.model_validate({**connection.settings, **secrets})
    except ValidationError as trouble:
        first = trouble.errors(include_url=False, include_input=False, include_context=False)[0]
        where = ".".join(str(part) for part in first["loc"])
        raise Misconfigured(
            f'The settings of connection "{connection.name}" no longer fit its connector: {where}: {first["msg"]}.',
            field=where,
        ) from None
    egress = import_string("hub.sdk.guarded.GuardedEgress")(
        policy or policy_of(connection),
        pace=SharedPace(connection.id, connection.requests_per_second),
        watcher=Watching(connection.connector),
    )
    return OpenConnection(connector.sign_in.open(values, Opening(egress=egress, tokens=ProcessTokens())), connector)


def connector_of(connection: Connection) -> Connector:
    """Raises Misconfigured when this installation no longer has the connector."""
    try:
        return catalog().connector(connection.connector)
    except UnknownEntry:
        raise Misconfigured(
            f'Connection "{connection.name}" needs the connector "{connection.connector}", which is not installed.'
        ) from None


def policy_of(connection: Connection) -> Policy:
    """What the installation and the workspace's administrators allow beyond public addresses."""
    rules = EgressRule.objects.filter(workspace_id=connection.workspace_id).values_list("target", flat=True)
    return Policy(allow=(*settings.EGRESS_ALLOW, *rules))


def forget_open_connections() -> None:
    """Drop every client of this process: for tests."""
    with _lock:
        _open.clear()
