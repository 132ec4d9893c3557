"""OpenText's own Python client works against the sandbox, unmodified, with every method that reaches a server."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from hub.sdk.sandbox import Server

VERSION = "3.9.4"
METHODS = 75


@pytest.fixture(scope="session")
def pyxecm(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The published package, installed by pip beside ours; it declares Python 3.12 for classes we do not use."""
    folder = tmp_path_factory.mktemp("pyxecm")
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--ignore-requires-python"]
    command += ["--disable-pip-version-check", "--no-compile", "--target", str(folder), f"pyxecm=={VERSION}"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=100)
    assert done.returncode == 0, f"pip could not install pyxecm {VERSION}; this test needs it.\n{done.stderr}"
    return folder


def test_opentexts_own_client_runs_every_method_against_the_sandbox(pyxecm: Path, otds: Server) -> None:
    script = Path(__file__).with_name("pyxecm_session.py")
    done = subprocess.run(
        [sys.executable, "-I", str(script), str(pyxecm), str(otds.port)], capture_output=True, text=True, timeout=100
    )

    assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"
    assert done.stdout.splitlines()[-1] == f"{METHODS} methods"
