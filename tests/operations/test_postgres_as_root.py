"""PostgreSQL out of its wheel where we are root and may not make user namespaces, as in many containers."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from hub.operations.local.child import LocalServerError
from hub.operations.local.postgres import Postgres

pytestmark = pytest.mark.skipif(os.geteuid() != 0, reason="an ordinary user needs none of this")


@pytest.fixture
def place(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder, on a machine without user namespaces."""
    which = shutil.which
    monkeypatch.setattr(shutil, "which", lambda name: None if name == "unshare" else which(name))
    made = Path(tempfile.mkdtemp(prefix="lgr-"))
    yield made
    shutil.rmtree(made, ignore_errors=True)


def test_it_runs_as_an_ordinary_user_that_the_machine_has(place: Path) -> None:
    place.chmod(0o755)
    data = place / "data"
    data.mkdir(mode=0o700)
    server = Postgres(data / "postgres", data / "run", data / "postgres.log", fast=True)
    for _ in range(2):
        server.start()
        with psycopg.connect(server.url) as connection:
            assert connection.execute("SELECT 1").fetchone() == (1,)
        server.stop()

    assert (data / "postgres").stat().st_uid != 0
    assert data.stat().st_mode & 0o077 == 0o011, "others may pass, and look at nothing"


def test_a_place_that_no_ordinary_user_reaches_is_named_with_what_to_do(place: Path) -> None:
    data = place / "data"
    data.mkdir(mode=0o700)

    with pytest.raises(LocalServerError, match=f"cannot reach .* and {data}.*ordinary user, or set DATABASE_URL"):
        Postgres(data / "postgres", data / "run", data / "postgres.log").start()
