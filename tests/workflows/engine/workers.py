"""Real workers in processes of their own, against the database of the test."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from django.db import connection

from workflows.engine.bell import ring

ROOT = Path(__file__).parents[3]


def worker(name: str, *options: str, app: str = "hub.celery:app", **more: str) -> subprocess.Popen[bytes]:
    held = connection.settings_dict
    env = dict(os.environ) | {"LOCKGATE_ROLE": "worker", "LOCKGATE_EGRESS_ALLOW": "127.0.0.1"} | more
    env["DATABASE_URL"] = f"postgresql://{held['USER']}@/{held['NAME']}?host={held['HOST']}"
    command = ["celery", "--quiet", "-A", app, "worker", "--pool", "threads", "--concurrency", "4", *options]
    command += ["--loglevel", "warning", "--hostname", f"{name}@here", "--without-gossip", "--without-mingle"]
    return subprocess.Popen([sys.executable, "-m", *command], cwd=ROOT, env=env)


def wait_for(what: Callable[[], bool], seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < deadline
        ring()  # What the scheduler would do.
        time.sleep(0.5)
