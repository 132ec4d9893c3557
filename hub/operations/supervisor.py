"""Keeps the hub's processes running: starts them, starts again what dies, stops all of them.

Children are forked from the main thread only: the kernel ends them with the thread that forked them.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from hub.operations.local import child
from hub.operations.local.child import LocalServerError

FIRST_PAUSE_SECONDS = 0.5
LONGEST_PAUSE_SECONDS = 30.0
STEADY_SECONDS = 30.0


@dataclass
class Service:
    """One process: how to start it, and what became of it."""

    name: str
    command: list[str]
    env: dict[str, str]
    log: Path
    process: subprocess.Popen[bytes] | None = None
    started_at: float = 0.0
    start_again_at: float | None = None
    pause_seconds: float = FIRST_PAUSE_SECONDS
    restarts: int = 0
    meanwhile: str = ""
    """What it means that it does not run."""

    def start(self) -> None:
        self.process = child.start(self.command, log=self.log, env=self.env)
        self.started_at = time.monotonic()
        self.start_again_at = None

    @property
    def is_running(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def clear_away(self) -> None:
        """End what a dead process left behind in its session."""
        if self.process is not None:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self.process.pid, signal.SIGKILL)

    def stop(self, patience_seconds: float) -> None:
        if self.process is not None:
            child.stop(self.process, patience_seconds=patience_seconds)
            self.clear_away()


@dataclass
class Supervisor:
    """Watches services from the main thread until it is told to stop."""

    say: Callable[[str], None]
    services: list[Service] = field(default_factory=list)
    stopping: bool = False

    def add(self, service: Service) -> None:
        """Start a service and watch it from now on."""
        service.start()
        self.services.append(service)

    def ask_to_stop(self, *_: object) -> None:
        """A signal handler."""
        self.stopping = True

    def watch(self) -> None:
        """Return when asked to stop."""
        while not self.stopping:
            for service in self.services:
                self._look_at(service)
            time.sleep(0.2)

    def _look_at(self, service: Service) -> None:
        now = time.monotonic()
        if service.is_running:
            if now - service.started_at > STEADY_SECONDS:
                service.pause_seconds = FIRST_PAUSE_SECONDS
            return
        if service.start_again_at is None:
            code = service.process.returncode if service.process else None
            service.clear_away()
            service.start_again_at = now + service.pause_seconds
            meanwhile = f" {service.meanwhile}" if service.meanwhile else ""
            again = f"and is started again in {service.pause_seconds:g} s"
            self.say(f"{_called(service)} {_reason(code)}, {again}.{meanwhile} Its log: {service.log}")
            service.pause_seconds = min(service.pause_seconds * 2, LONGEST_PAUSE_SECONDS)
        elif now >= service.start_again_at:
            service.restarts += 1
            try:
                service.start()
            except (OSError, LocalServerError) as trouble:  # Such as a full disk: it may not stay so.
                service.start_again_at = time.monotonic() + service.pause_seconds
                again = f"It is tried again in {service.pause_seconds:g} s."
                self.say(f"{_called(service)} could not be started. {again} {trouble}")
                service.pause_seconds = min(service.pause_seconds * 2, LONGEST_PAUSE_SECONDS)
                return
            if service.process is not None and service.process.poll() is None:
                self.say(f"{_called(service)} was started again.")

    def stop(self, patience_seconds: float = 10) -> None:
        """Stop the services, last started first; all are asked at once, so that the wait is shared."""
        self.stopping = True
        for service in reversed(self.services):
            if service.is_running and service.process is not None:
                with contextlib.suppress(ProcessLookupError):
                    service.process.terminate()
        deadline = time.monotonic() + patience_seconds
        for service in reversed(self.services):
            service.stop(max(deadline - time.monotonic(), 0.1))
        self.services.clear()


def _called(service: Service) -> str:
    return service.name if service.name[0].isupper() else f"The {service.name}"


def _reason(code: int | None) -> str:
    if code is None:
        return "could not be started"
    return f"was killed (signal {signal.Signals(-code).name})" if code < 0 else f"ended by itself (exit code {code})"
