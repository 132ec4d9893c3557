"""Processes that end are started again, for as long as that takes."""

from __future__ import annotations

import sys
import time
from pathlib import Path

import pytest

from hub.operations import supervisor
from hub.operations.supervisor import Service, Supervisor


class Full(Service):
    """The disk is full the first two times."""

    def start(self) -> None:
        if self.restarts in {1, 2}:
            raise OSError(28, "No space left on device")
        super().start()


def test_what_cannot_be_started_again_is_tried_later_and_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(supervisor, "LONGEST_PAUSE_SECONDS", 0.05)
    said: list[str] = []
    watching = Supervisor(said.append)
    service = Full("worker", [sys.executable, "-c", "import time; time.sleep(60)"], {}, tmp_path / "log")
    service.pause_seconds = 0.01
    watching.add(service)
    assert service.process is not None
    service.process.kill()
    deadline = time.monotonic() + 30
    while service.restarts < 3 and time.monotonic() < deadline:
        watching._look_at(service)
    try:
        assert service.is_running
        assert [line for line in said if "No space left on device" in line] == said[1:3]
        assert said[-1] == "The worker was started again."
    finally:
        watching.stop()
