"""Real workers and schedulers are heard from while they live, and leave when they stop."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

import pytest
from django.db import connection

from hub.operations.heartbeats import beat, heard_from, leave
from hub.operations.models import Heartbeat

ROOT = Path(__file__).resolve().parents[3]
COMMANDS = {
    "worker": ["-m", "celery", "-A", "hub.celery:app", "worker", "--pool", "threads", "--concurrency", "1"],
    "scheduler": ["manage.py", "scheduler"],
}


def _wait(until: Callable[[], bool], seconds: float = 30) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if until():
            return True
        time.sleep(0.1)
    return False


def _env() -> dict[str, str]:
    held = connection.settings_dict
    url = f"postgresql://{held['USER']}@/{held['NAME']}?host={quote(str(held['HOST']), safe='')}"
    if held["PASSWORD"] or not str(held["HOST"]).startswith("/"):
        url = f"postgresql://{held['USER']}:{held['PASSWORD']}@{held['HOST']}:{held['PORT'] or 5432}/{held['NAME']}"
    return dict(os.environ) | {"DATABASE_URL": url, "LOCKGATE_INSIDE": str(ROOT)}


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("role", list(COMMANDS))
def test_a_process_is_heard_from_and_says_when_it_leaves(role: str):
    process = subprocess.Popen(
        [sys.executable, *COMMANDS[role]],
        cwd=ROOT,
        env=_env(),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        assert _wait(lambda: len(heard_from(role)) == 1)
        process.send_signal(signal.SIGTERM)
        assert _wait(lambda: not heard_from(role))
        assert process.wait(20) == 0
    finally:
        process.kill()
        process.wait()


@pytest.mark.django_db
def test_a_process_that_beats_often_writes_seldom(django_assert_num_queries):
    leave("worker", "often")
    beat("worker", "often")

    with django_assert_num_queries(0):
        for _ in range(100):
            assert beat("worker", "often")

    assert Heartbeat.objects.count() == 1
    leave("worker", "often")
    assert heard_from("worker") == []
