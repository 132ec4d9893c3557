"""Leases: the right to do a piece of work lasts a short while, and is renewed for as long as its process lives.

One thread renews whatever its process holds: runs, plans that are being applied, event sources that are read. It
ends when there is nothing. A process that dies renews nothing, so that others take on its work when the leases have
lapsed. Work that was given up because the database went away is freed as soon as the database answers again.
"""

from __future__ import annotations

import threading
import uuid
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import structlog
from django.db import InterfaceError, OperationalError, connection, connections
from django.db.models import DateTimeField, Func, Q
from django.db.models.expressions import CombinedExpression
from django.db.models.functions import Now
from django.db.models.lookups import LessThan

log = structlog.get_logger(__name__)

LEASE_SECONDS = 20
BEAT_SECONDS = 5.0
AFTER_FAILURE_SECONDS = 1.0
GRACE_SECONDS = 10
"""After a start of the database nobody's lease counts as lapsed for so long: the living could not renew theirs."""
AWAY = (OperationalError, InterfaceError)
"""What the database's being away raises."""
_RENEW = """
UPDATE {table} leased SET lease_until = clock_timestamp() + make_interval(secs => %(seconds)s)
FROM unnest(%(ids)s::uuid[], %(fences)s::int[]) AS held(id, fence)
WHERE leased.id = held.id AND leased.fence = held.fence AND leased.{ours} AND leased.id IN (
    SELECT id FROM {table} WHERE id = ANY(%(ids)s::uuid[]) ORDER BY id FOR UPDATE SKIP LOCKED
)
"""
"""Whoever writes about a piece of work at this moment holds its row, and nobody can claim it: one that takes long
must not keep the other leases from being renewed."""
_FREE = "UPDATE {table} SET lease_until = {freed} WHERE id = %s AND fence = %s AND {ours}"


@dataclass(frozen=True)
class Kind:
    """A table whose rows are leased, by the columns `fence` and `lease_until`."""

    table: str
    ours: str
    """What is true of a row as long as its lease can be renewed."""
    freed: str
    """`lease_until` of what is free."""


RUNS = Kind("workflows_run", "state = 'running'", "clock_timestamp()")
PLANS = Kind("workflows_plan", "state = 'applying'", "NULL")
SOURCES = Kind("workflows_trigger", "lease_until IS NOT NULL", "NULL")


@dataclass(frozen=True)
class Lease:
    """The right to do one piece of work. Whoever claims it anew raises its fence, and this one is worth nothing."""

    kind: Kind
    id: uuid.UUID
    fence: int


def fresh() -> CombinedExpression:
    """The `lease_until` of what is claimed now, by the database's clock."""
    return Now() + timedelta(seconds=LEASE_SECONDS)


def is_free() -> Q:
    """Rows that nobody holds, or whose holder has not been heard of for too long."""
    started = Func(function="pg_postmaster_start_time", output_field=DateTimeField())
    return Q(lease_until=None) | Q(
        Q(LessThan(started, Now() - timedelta(seconds=GRACE_SECONDS))), lease_until__lt=Now()
    )


class Keeper:
    """Renews the leases of one process."""

    def __init__(self) -> None:
        self._held: dict[tuple[Kind, uuid.UUID], int] = {}
        self._given_up: list[Lease] = []
        self._mutex = threading.Lock()
        # Held while leases are written: what is given up meanwhile is freed after it was renewed, never before.
        self._writing = threading.Lock()
        self._thread: threading.Thread | None = None
        self._beat = threading.Event()

    def hold(self, leases: Iterable[Lease]) -> None:
        """From now on these are ours until they are let go of."""
        with self._mutex:
            self._held.update({(each.kind, each.id): each.fence for each in leases})
            self._look_after()

    def let_go(self, lease: Lease) -> None:
        with self._mutex:
            if self._held.get((lease.kind, lease.id)) == lease.fence:
                del self._held[lease.kind, lease.id]

    def let_go_of_all(self) -> None:
        with self._mutex:
            self._held.clear()
            self._given_up.clear()

    @contextmanager
    def keeping(self, lease: Lease) -> Iterator[None]:
        """The lease is renewed in the block and no more after it. When the database goes away in the block, the work
        is freed once it is back."""
        self.hold([lease])
        try:
            yield
        except AWAY:
            self.give_up(lease)
            raise
        finally:
            self.let_go(lease)

    def give_up(self, lease: Lease) -> None:
        """Let others have the work, as soon as the database answers."""
        with self._mutex:
            if self._held.get((lease.kind, lease.id)) == lease.fence:
                del self._held[lease.kind, lease.id]
            self._given_up.append(lease)
            self._look_after()
        self._beat.set()

    def renew(self) -> None:
        """Renew all at once. What somebody else has claimed since is not ours to renew, and stays as it is."""
        with self._writing:
            with self._mutex:
                held = dict(self._held)
            for kind in {kind for kind, _ in held}:
                mine = {key: fence for (other, key), fence in held.items() if other == kind}
                given: dict[str, Any] = {"seconds": LEASE_SECONDS, "ids": list(mine), "fences": list(mine.values())}
                with connection.cursor() as cursor:
                    cursor.execute(_RENEW.format(table=kind.table, ours=kind.ours), given)

    def free_given_up(self) -> None:
        """Let others have what was given up. What somebody else has claimed since is not ours to free."""
        with self._writing:
            with self._mutex:
                waiting = list(self._given_up)
            for each in waiting:
                with connection.cursor() as cursor:
                    cursor.execute(_FREE.format(**vars(each.kind)), [each.id, each.fence])
                with self._mutex:
                    if each in self._given_up:
                        self._given_up.remove(each)

    def _look_after(self) -> None:
        if (self._held or self._given_up) and self._thread is None:
            self._thread = threading.Thread(target=self._keep, name="leases", daemon=True)
            self._thread.start()

    def _keep(self) -> None:
        pause = BEAT_SECONDS
        try:
            while True:
                self._beat.wait(pause)
                self._beat.clear()
                with self._mutex:
                    if not self._held and not self._given_up:
                        self._thread = None
                        return
                try:
                    self.free_given_up()
                    self.renew()
                    pause = BEAT_SECONDS
                except Exception as error:
                    # Whatever it was: a process that renews no more loses all that it is at.
                    log.warning("lease.not-renewed", error=type(error).__name__)
                    connection.close()
                    pause = AFTER_FAILURE_SECONDS
        finally:
            connections.close_all()


keeper = Keeper()
