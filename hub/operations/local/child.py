"""Child processes that never outlive us."""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import IO, Any

PR_SET_PDEATHSIG = 1


class LocalServerError(Exception):
    """A server could not be made or started. The message says why and what to do."""


def die_with_parent(number: int = signal.SIGTERM) -> Callable[[], None] | None:
    """For `preexec_fn`: the kernel sends `number` to the child when the thread that forked it ends.

    Fork from the main thread only, else the child dies with a thread that has merely finished.
    """
    if not sys.platform.startswith("linux"):
        return None
    libc = ctypes.CDLL(None, use_errno=True)

    def ask_kernel() -> None:
        libc.prctl(PR_SET_PDEATHSIG, number)

    return ask_kernel


def start(
    command: Sequence[str | Path],
    *,
    log: Path | IO[bytes] | None = None,
    env: Mapping[str, str] | None = None,
    cwd: Path | None = None,
    death_signal: int = signal.SIGTERM,
) -> subprocess.Popen[bytes]:
    """Start a child in a session of its own (Ctrl-C reaches only us), its output appended to `log`."""
    with contextlib.ExitStack() as stack:
        output: int | IO[bytes] = subprocess.DEVNULL
        if isinstance(log, Path):
            output = stack.enter_context(log.open("ab"))
        elif log is not None:
            output = log
        return subprocess.Popen(
            [str(part) for part in command],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            env=dict(env) if env is not None else None,
            cwd=cwd,
            start_new_session=True,
            preexec_fn=die_with_parent(death_signal),  # noqa: PLW1509 - the only way to set it; no threads hold locks yet
        )


def stop(child: subprocess.Popen[Any], *, ask: int = signal.SIGTERM, patience_seconds: float = 10) -> None:
    """Ask a child to stop, wait, and kill its whole session when it does not."""
    if child.poll() is None:
        with contextlib.suppress(ProcessLookupError):
            child.send_signal(ask)
        try:
            child.wait(patience_seconds)
        except subprocess.TimeoutExpired:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(child.pid, signal.SIGKILL)
            child.wait(5)


def tail_of(log: Path, lines: int = 15) -> str:
    """The end of a log, for an error message."""
    try:
        return "\n".join(log.read_text(errors="replace").splitlines()[-lines:])
    except OSError:
        return ""
