"""Leases: the right to carry out a run lasts a short while, and is renewed for as long as its process lives.

One thread renews whatever its process holds, and ends when there is nothing. A process that dies renews nothing, so
that others take on its runs when the leases have lapsed.
"""

from __future__ import annotations

import threading
import uuid
from collections.abc import Iterable

import structlog
from django.db import connection, connections

log = structlog.get_logger(__name__)

LEASE_SECONDS = 20
BEAT_SECONDS = 5.0
AFTER_FAILURE_SECONDS = 1.0
GRACE_SECONDS = 10
"""After a start of the database nobody's lease counts as lapsed for so long: the living could not renew theirs."""
_RENEW = """
UPDATE workflows_run run SET lease_until = clock_timestamp() + make_interval(secs => %s)
FROM unnest(%s::uuid[], %s::int[]) AS held(id, fence)
WHERE run.id = held.id AND run.fence = held.fence AND run.state = 'running' AND run.id IN (
    SELECT id FROM workflows_run WHERE id = ANY(%s::uuid[]) ORDER BY id FOR UPDATE SKIP LOCKED
)
"""
"""Whoever writes about a run at this moment holds its row, and nobody can claim it: one that takes long must not keep
the other leases from being renewed."""


class Keeper:
    """Renews the leases of one process."""

    def __init__(self) -> None:
        self._held: dict[uuid.UUID, int] = {}
        self._mutex = threading.Lock()
        self._thread: threading.Thread | None = None
        self._beat = threading.Event()

    def hold(self, claims: Iterable[tuple[uuid.UUID, int]]) -> None:
        """From now on these runs, each with its fence, are ours until they are let go of."""
        with self._mutex:
            self._held.update(claims)
            if self._held and self._thread is None:
                self._thread = threading.Thread(target=self._keep, name="leases", daemon=True)
                self._thread.start()

    def let_go(self, run_id: uuid.UUID, fence: int) -> None:
        with self._mutex:
            if self._held.get(run_id) == fence:
                del self._held[run_id]

    def let_go_of_all(self) -> None:
        with self._mutex:
            self._held.clear()

    def renew(self) -> None:
        """Renew all at once. What somebody else has claimed since is not ours to renew, and stays as it is."""
        with self._mutex:
            held = dict(self._held)
        if held:
            with connection.cursor() as cursor:
                ids = list(held)
                cursor.execute(_RENEW, [LEASE_SECONDS, ids, list(held.values()), ids])

    def _keep(self) -> None:
        pause = BEAT_SECONDS
        try:
            while True:
                self._beat.wait(pause)
                with self._mutex:
                    if not self._held:
                        self._thread = None
                        return
                try:
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
