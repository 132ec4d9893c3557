"""Servers that the tests take from Debian's packages, and start themselves."""

from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import NoReturn

import pytest

_POLICY = Path("/usr/sbin/policy-rc.d")


@lru_cache
def bring(program: str, *packages: str) -> str:
    """The program's path. Installs the packages when we may; otherwise its tests are skipped, by name."""
    path = f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin"
    found = shutil.which(program, path=path)
    install = ["apt-get", "install", "--yes", "--no-install-recommends", *packages]
    if found is None and os.geteuid() == 0 and shutil.which("apt-get"):
        with (Path(tempfile.gettempdir()) / "lockgate-tests-apt.lock").open("w") as lock, _starting_no_service():
            fcntl.flock(lock, fcntl.LOCK_EX)
            quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
            for command in (["apt-get", "update", "-q"], install):
                subprocess.run(command, env=quiet, capture_output=True)
        found = shutil.which(program, path=path)
    if found is None:
        leave_out(f"FOR WANT OF {program}: install it with  sudo {' '.join(install)}")
    return found


def leave_out(why: str) -> NoReturn:
    """Skip loudly; where everything has to be tested (`CI` is set), fail."""
    if os.environ.get("CI"):
        pytest.fail(f"NOT TESTED, {why}")
    pytest.skip(f"SKIPPED, {why}")


@contextlib.contextmanager
def _starting_no_service() -> Iterator[None]:
    """A packaged server must not start on all addresses only because a test wants its program."""
    if _POLICY.exists():
        yield
        return
    _POLICY.write_text("#!/bin/sh\nexit 101\n")
    _POLICY.chmod(0o755)
    try:
        yield
    finally:
        _POLICY.unlink()
