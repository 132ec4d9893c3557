"""Trying a connection: signing in, asking who we are, and keeping what came of it."""

from __future__ import annotations

import logging
import traceback
from collections.abc import Callable
from dataclasses import asdict
from typing import Any, TypeVar

from django.utils import timezone

from hub.connections.models import Connection, Health
from hub.connections.opening import OpenConnection, open_connection, open_fresh
from hub.sdk import Choice, ConnectorError, Identity, UnexpectedReply

_log = logging.getLogger(__name__)
Answer = TypeVar("Answer")


def try_sign_in(connection: Connection) -> Identity:
    """Sign in afresh. Raises one of the five classes, whatever the connector does."""

    def ask() -> Identity:
        opened = open_fresh(connection)
        try:
            return opened.who_am_i()
        finally:
            opened.close()

    return _guarded(connection, ask)


def live_choices(connection: Connection, name: str, values: dict[str, Any]) -> list[Choice]:
    """The entries of a live choice list. Raises one of the five classes, whatever the connector does."""

    def ask() -> list[Choice]:
        with open_connection(connection) as opened:
            return list(_list_of(opened, name)(opened.client, values))

    return _guarded(connection, ask)


def is_there(connection: Connection, name: str, value: str, values: dict[str, Any]) -> bool | None:
    """Whether a live list that is too long to be read whole has this entry; None when the connector cannot tell."""

    def ask() -> bool | None:
        with open_connection(connection) as opened:
            return opened.connector.sign_in.has(opened.client, name, value, values)

    return _guarded(connection, ask)


def note_outcome(connection: Connection, outcome: Identity | ConnectorError) -> bool:
    """Keep what a sign-in found, unless the connection was changed since. Says whether it was kept."""
    now = timezone.now()
    if isinstance(outcome, Identity):
        found: dict[str, Any] = {
            "health": Health.WELL,
            "health_code": "",
            "health_message": "",
            "health_field": "",
            "identity": _plain(outcome),
        }
    else:
        found = {
            "health": Health.FAILING,
            "health_code": outcome.code,
            "health_message": outcome.message,
            "health_field": outcome.field[:100],
        }
    same = Connection.objects.filter(id=connection.id, revision=connection.revision)
    kept = bool(same.update(tested_at=now, **found))
    if kept:
        connection.tested_at = now
        for name, value in found.items():
            setattr(connection, name, value)
    return kept


def _list_of(opened: OpenConnection, name: str) -> Callable[[Any, dict[str, Any]], list[Choice]]:
    return opened.connector.sign_in.choices[name]


def _guarded(connection: Connection, ask: Callable[[], Answer]) -> Answer:
    try:
        return ask()
    except ConnectorError:
        raise
    except Exception as trouble:  # A connector's own mistake must not look like ours, nor show its inside.
        last = traceback.extract_tb(trouble.__traceback__)[-1]
        # Without its message, which may quote a secret.
        _log.error(
            "The connector %s failed with %s at %s:%s.",
            connection.connector,
            type(trouble).__name__,
            last.filename,
            last.lineno,
        )
        raise UnexpectedReply(
            f'The connector "{connection.connector}" failed ({type(trouble).__name__}). The hub\'s log says more.'
        ) from None


def _plain(identity: Identity) -> dict[str, Any]:
    return {**asdict(identity), "rights": list(identity.rights), "notes": list(identity.notes)}
