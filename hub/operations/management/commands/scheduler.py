"""The scheduler's loop: calls every job that `settings.SCHEDULER_JOBS` names, again and again.

Any number of schedulers may run. A job must therefore be safe to run twice at once; it settles that with row locks.
"""

from __future__ import annotations

import os
import signal
import socket
import threading
import time
from dataclasses import dataclass, field
from typing import Any

import structlog
from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser
from django.db import DatabaseError, close_old_connections
from django.utils.module_loading import import_string

from hub.operations.heartbeats import beat, leave
from hub.operations.measures import JOBS, JOBS_FAILED, JOBS_LATE
from hub.watch.tallies import bring

log = structlog.get_logger(__name__)

LONGEST_PAUSE_SECONDS = 15.0


@dataclass
class Job:
    """A function without arguments, and how often it is called."""

    path: str
    every_seconds: float
    due_at: float = 0.0
    failures: int = 0
    function: Any = field(default=None)

    def run(self) -> None:
        began = time.monotonic()
        if self.due_at:
            JOBS_LATE.add(max(began - self.due_at, 0.0), self.path)
        try:
            self.function = self.function or import_string(self.path)
            self.function()
            self.failures = 0
            pause = self.every_seconds
        except Exception as error:
            # One job that fails must not keep the others from running; a database that is away comes back.
            self.failures += 1
            JOBS_FAILED.add(self.path)
            pause = min(self.every_seconds * 2**self.failures, LONGEST_PAUSE_SECONDS)
            if isinstance(error, DatabaseError):
                log.warning("scheduler.database-away", job=self.path, again_in_seconds=pause)
            else:
                log.exception("scheduler.job-failed", job=self.path, again_in_seconds=pause)
        JOBS.add(time.monotonic() - began, self.path)
        self.due_at = time.monotonic() + pause


class Command(BaseCommand):
    help = "Fire schedules, poll events, and sweep up after processes that died. Runs until it is stopped."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--once", action="store_true", help="call every job once and end")

    def handle(self, *, once: bool, **options: Any) -> None:
        jobs = [Job(path, every) for path, every in settings.SCHEDULER_JOBS.items()]
        if once:
            for job in jobs:
                job.run()
            return
        stop = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stop.set())
        name = f"{socket.gethostname()}:{os.getpid()}"
        while not stop.is_set():
            beat("scheduler", name)
            bring(unless_just=True)
            for job in jobs:
                if job.due_at <= time.monotonic() and not stop.is_set():
                    close_old_connections()
                    job.run()
            due_at = min((job.due_at for job in jobs), default=0.0) or time.monotonic() + LONGEST_PAUSE_SECONDS
            stop.wait(min(max(0.05, due_at - time.monotonic()), LONGEST_PAUSE_SECONDS))
        leave("scheduler", name)
