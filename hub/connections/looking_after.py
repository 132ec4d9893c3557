"""Connections are tried again now and then, so that their health is how they are, and not how they were once."""

from __future__ import annotations

import threading
from datetime import timedelta
from typing import Any

import structlog
from django.conf import settings
from django.db import close_old_connections, transaction
from django.db.models import F, Q
from django.utils.module_loading import import_string

from hub.accounts.access import Actor
from hub.audit import record
from hub.connections import signing_in
from hub.connections.models import Connection, Health
from hub.sdk import ConnectorError, SignInRefused
from hub.watch import clock

log = structlog.get_logger(__name__)
AT_ONCE = 5
"""So many are tried one after the other before the scheduler looks anew which are due."""
_under_way: threading.Thread | None = None


def look() -> None:
    """Try those that are due, beside the scheduler, which waits for no service."""
    global _under_way
    if not settings.CONNECTION_TEST_SECONDS or (_under_way is not None and _under_way.is_alive()):
        return
    _under_way = threading.Thread(target=_look, name="connections", daemon=True)
    _under_way.start()


def _look() -> None:
    try:
        try_those_due()
    except Exception as trouble:  # The database may be away: the next look finds out.
        log.warning("connections.not-tried", error=type(trouble).__name__)
    finally:
        close_old_connections()


def try_those_due() -> int:
    """Try some that were not tried for a while; how many.

    One whose sign-in was refused is left to a person: services lock accounts that are refused again and again.
    """
    old = Q(tested_at=None) | Q(tested_at__lt=clock.now() - timedelta(seconds=settings.CONNECTION_TEST_SECONDS))
    due = Connection.objects.filter(old).exclude(health=Health.FAILING, health_code=SignInRefused.code)
    for path in settings.CONNECTIONS_SPARED:
        due = due.exclude(import_string(path)())
    count = 0
    for connection in due.select_related("workspace").order_by(F("tested_at").asc(nulls_first=True))[:AT_ONCE]:
        mine = Connection.objects.filter(
            id=connection.id, revision=connection.revision, tested_at=connection.tested_at
        )
        if mine.update(tested_at=clock.now()):  # Of several schedulers one tries it.
            _try(connection)
            count += 1
    return count


def _try(connection: Connection) -> None:
    before = connection.health, connection.health_code
    outcome: Any
    try:
        outcome = signing_in.try_sign_in(connection)
    except ConnectorError as trouble:
        outcome = trouble
    with transaction.atomic():
        kept = signing_in.note_outcome(connection, outcome)
        found = {"health": connection.health, "code": connection.health_code}
        if kept and before != (connection.health, connection.health_code):
            record(Actor.system(connection.workspace), "connection.tested", connection, found)
            log.info("connection.tested", connection=connection.slug, **found)
