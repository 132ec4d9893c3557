"""What moved lately in workspaces that somebody looks at.

One thread of the process looks, for all who watch, and only while somebody does. It looks a little further back than
last time, because a row is seen when its transaction commits, not when its identifier is made.
"""

from __future__ import annotations

import threading
import time
import uuid
from collections import defaultdict
from dataclasses import dataclass, field

import structlog
from django.db import DatabaseError, connection

from hub.audit.models import AuditEntry
from workflows.models import Event, Run

LOOK_SECONDS = 1.0
BACK_SECONDS = 5.0
MOST = 200
"""Of one kind at one look. Whoever watches asks for what they show; that something moved is enough to know."""
log = structlog.get_logger(__name__)

Moved = tuple[str, str]
"""The kind of a thing, and its id."""


def moved_since(workspace: uuid.UUID, floor: uuid.UUID, number: int) -> tuple[dict[uuid.UUID, Moved], int]:
    """Rows made after an identifier, each with what it says moved; and the last audit line, seen from another."""
    events = Event.objects.filter(run__workspace_id=workspace, id__gt=floor).order_by("-id")
    found: dict[uuid.UUID, Moved] = {row: ("run", str(run)) for row, run in events.values_list("id", "run_id")[:MOST]}
    runs = Run.objects.filter(workspace_id=workspace, id__gt=floor).order_by("-id").values_list("id", flat=True)
    found |= {row: ("run", str(row)) for row in runs[:MOST]}
    lines = AuditEntry.objects.filter(workspace_id=workspace, number__gt=number).order_by("-number")[:MOST]
    for line in lines:
        found[line.id] = (line.target_type, line.target_id)
        number = max(number, line.number)
    return found, number


@dataclass
class _Watched:
    """One workspace: who waits for its news, and what was told already."""

    watchers: set[Watcher] = field(default_factory=set)
    seen: dict[uuid.UUID, float] = field(default_factory=dict)
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
                except DatabaseError as error:
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
        now = time.time()
        floor = _identifier_of(now - BACK_SECONDS)
        for workspace, held in watched:
            found, held.number = moved_since(workspace, floor, held.number)
            news = {moved for row, moved in found.items() if row not in held.seen}
            held.seen = {row: at for row, at in held.seen.items() if at > now - 4 * BACK_SECONDS}
            held.seen |= dict.fromkeys(found, now)
            if news:
                for watcher in list(held.watchers):
                    watcher.tell(news)


def _identifier_of(at: float) -> uuid.UUID:
    """The smallest UUIDv7 of a moment."""
    return uuid.UUID(int=(int(at * 1000) << 80) | (7 << 76) | (2 << 62))


watch = Watch()
