"""Signs of life of the processes, kept in the database for `manage.py doctor` and `/metrics`."""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from datetime import timedelta

from django.db import DatabaseError, InterfaceError, close_old_connections, connection

from hub.operations.pools import DEFAULT
from hub.watch import clock
from hub.watch.tallies import bring

EVERY_SECONDS = 10.0
MISSED_SECONDS = 45.0
"""Whoever was not heard from for so long is taken to be gone."""
_FORGOTTEN_AFTER = timedelta(days=1)
_last: dict[tuple[str, str], float] = {}


def beat(role: str, name: str, pools: Sequence[str] = ()) -> bool:
    """Say that this process lives. Cheap to call in every turn of a loop: it writes once in ten seconds.

    A database that does not answer is no reason to stop working: then it says False.
    """
    now = time.monotonic()
    if now - _last.get((role, name), -EVERY_SECONDS) < EVERY_SECONDS:
        return True
    from hub.operations.models import Heartbeat

    try:
        clock.look()
        moment = clock.now()
        _, is_new = Heartbeat.objects.update_or_create(
            role=role,
            name=name,
            defaults={"heard_at": moment, "pools": list(pools)},
            create_defaults={"began_at": moment, "heard_at": moment, "pools": list(pools)},
        )
        if is_new:
            Heartbeat.objects.filter(heard_at__lt=moment - _FORGOTTEN_AFTER).delete()
    except (DatabaseError, InterfaceError):
        return False
    _last[role, name] = now
    return True


def leave(role: str, name: str) -> None:
    """Say that this process stops on purpose."""
    from hub.operations.models import Heartbeat

    _last.pop((role, name), None)
    try:
        Heartbeat.objects.filter(role=role, name=name).delete()
    except (DatabaseError, InterfaceError):
        return


def heard_from(role: str) -> list[str]:
    """The names of the processes of a role that live."""
    from hub.operations.models import Heartbeat

    since = clock.now() - timedelta(seconds=MISSED_SECONDS)
    return list(
        Heartbeat.objects.filter(role=role, heard_at__gte=since).order_by("name").values_list("name", flat=True)
    )


def pools_served() -> set[str]:
    """The pools in which at least one worker lives."""
    from hub.operations.models import Heartbeat

    since = clock.now() - timedelta(seconds=MISSED_SECONDS)
    rows = Heartbeat.objects.filter(role="worker", heard_at__gte=since).values_list("pools", flat=True)
    return {pool for pools in rows for pool in pools or [DEFAULT]}


class Heart(threading.Thread):
    """Beats for a process whose own loop is not ours, and brings what it counted, until it is stopped."""

    def __init__(self, role: str, name: str, pools: Sequence[str] = ()) -> None:
        super().__init__(name=f"heart-{role}", daemon=True)
        self._role, self._who, self._pools = role, name, pools
        self._stop_asked = threading.Event()

    def run(self) -> None:
        while not self._stop_asked.is_set():
            close_old_connections()
            beat(self._role, self._who, self._pools)
            bring()
            self._stop_asked.wait(EVERY_SECONDS)
        leave(self._role, self._who)
        bring()
        connection.close()

    def stop(self, patience_seconds: float = 3) -> None:
        self._stop_asked.set()
        self.join(patience_seconds)
