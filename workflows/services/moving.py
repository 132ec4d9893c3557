"""What moved lately in workspaces that somebody looks at.

One thread of the process looks, for all who watch, and only while somebody does. It compares how the newest runs and
those that go on stand now with how they stood at its last look.
"""

from __future__ import annotations

import threading
import time
import uuid
from collections import defaultdict
from dataclasses import dataclass, field

import structlog
from django.db import connection

from hub.audit.models import AuditEntry

LOOK_SECONDS = 1.0
BACK_SECONDS = 5.0
MOST = 200
"""Of one kind at one look. Whoever watches asks for what they show; that something moved is enough to know."""
log = structlog.get_logger(__name__)

Moved = tuple[str, str]
"""The kind of a thing, and its id."""


_RUNS = """
WITH looked_at AS (
    (SELECT id FROM workflows_run WHERE workspace_id = %(workspace)s ORDER BY id DESC LIMIT %(most)s)
    UNION
    (SELECT id FROM workflows_run WHERE workspace_id = %(workspace)s AND state IN ('queued', 'running', 'waiting')
        LIMIT %(most)s)
)
SELECT run.id, concat_ws(' ', run.id, run.state, run.fence, steps.opened, steps.last),
    greatest(run.created_at, run.started_at, run.ended_at, steps.last)
        > clock_timestamp() - make_interval(secs => %(back)s)
FROM looked_at JOIN workflows_run run USING (id) LEFT JOIN LATERAL (
    SELECT count(*) AS opened, max(greatest(created_at, ended_at)) AS last
    FROM workflows_runstep WHERE run_id = run.id AND item = ''
) steps ON run.state IN ('running', 'waiting')
"""
"""The newest runs and those that go on: what each looks like, and whether it came to look so lately."""


def runs_of(workspace: uuid.UUID) -> list[tuple[uuid.UUID, str, bool]]:
    """How the runs stand that may move: of each its id, what differs as soon as it moves, and whether it just did."""
    with connection.cursor() as cursor:
        cursor.execute(_RUNS, {"workspace": workspace, "most": MOST, "back": BACK_SECONDS})
        return [(run, mark, bool(lately)) for run, mark, lately in cursor.fetchall()]


def lines_after(workspace: uuid.UUID, number: int) -> tuple[dict[str, Moved], int]:
    """What people did after an audit line, and the last line."""
    found: dict[str, Moved] = {}
    rows = AuditEntry.objects.filter(workspace_id=workspace, number__gt=number).order_by("-number")[:MOST]
    for line in rows:
        found[str(line.id)] = (line.target_type, line.target_id)
        number = max(number, line.number)
    return found, number


@dataclass
class _Watched:
    """One workspace: who waits for its news, and what was told already."""

    watchers: set[Watcher] = field(default_factory=set)
    seen: frozenset[str] | None = None
    """How the runs stood at the last look."""
    number: int = 0


class Watcher:
    """Somebody who waits for news of one workspace."""

    def __init__(self, watch: Watch, workspace: uuid.UUID) -> None:
        self._watch, self._workspace = watch, workspace
        self._bell = threading.Condition()
        self._news: set[Moved] = set()

    def wait(self, seconds: float) -> list[Moved]:
        """What moved since the last time; nothing when the time is over."""
        with self._bell:
            if not self._news:
                self._bell.wait(seconds)
            news, self._news = sorted(self._news), set()
        return news

    def tell(self, news: set[Moved]) -> None:
        with self._bell:
            self._news |= news
            self._bell.notify_all()

    def leave(self) -> None:
        self._watch.leave(self, self._workspace)


class Watch:
    """Looks for all watchers of this process."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._workspaces: dict[uuid.UUID, _Watched] = defaultdict(_Watched)
        self._looks = False

    def join(self, workspace: uuid.UUID) -> Watcher:
        last = AuditEntry.objects.filter(workspace_id=workspace).order_by("-number").values_list("number", flat=True)
        number = last.first() or 0
        watcher = Watcher(self, workspace)
        with self._lock:
            held = self._workspaces[workspace]
            held.number = held.number or number
            held.watchers.add(watcher)
            if not self._looks:
                self._looks = True
                threading.Thread(target=self._look, name="moving", daemon=True).start()
        return watcher

    def leave(self, watcher: Watcher, workspace: uuid.UUID) -> None:
        with self._lock:
            held = self._workspaces[workspace]
            held.watchers.discard(watcher)
            if not held.watchers:
                del self._workspaces[workspace]

    def count(self) -> int:
        """How many watch."""
        with self._lock:
            return sum(len(each.watchers) for each in self._workspaces.values())

    def is_looking(self) -> bool:
        with self._lock:
            return self._looks

    def tell_all(self) -> None:
        """Wake all who watch, with no news."""
        with self._lock:
            watchers = [watcher for each in self._workspaces.values() for watcher in each.watchers]
        for watcher in watchers:
            watcher.tell(set())

    def _look(self) -> None:
        try:
            while self._goes_on():
                try:
                    self._look_once()
                except Exception as error:
                    # Whatever it was: those who watch would wait for ever.
                    log.warning("moving.unseen", error=type(error).__name__)
                    connection.close()
                time.sleep(LOOK_SECONDS)
        finally:
            connection.close()

    def _goes_on(self) -> bool:
        with self._lock:
            self._looks = bool(self._workspaces)
            return self._looks

    def _look_once(self) -> None:
        with self._lock:
            watched = list(self._workspaces.items())
        for workspace, held in watched:
            found, held.number = lines_after(workspace, held.number)
            runs = runs_of(workspace)
            for run, mark, lately in runs:
                if mark not in held.seen if held.seen is not None else lately:
                    found[mark] = ("run", str(run))
            held.seen = frozenset(mark for _, mark, _ in runs)
            if found:
                for watcher in list(held.watchers):
                    watcher.tell(set(found.values()))


watch = Watch()
