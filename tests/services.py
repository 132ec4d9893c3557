"""A pytest plugin: PostgreSQL and Valkey for one test session, when the environment names none.

Loaded before Django's settings are (`-p tests.services` in pyproject.toml). With several pytest processes the first
one starts the servers, the others inherit their addresses.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

from hub.operations.local.postgres import Postgres
from hub.operations.local.valkey import Valkey

_started: list[Postgres | Valkey] = []
_folder: Path | None = None


def _begin() -> None:
    global _folder
    # Short, because the path of a socket may have at most 107 bytes.
    _folder = Path(tempfile.mkdtemp(prefix="lgt-"))
    os.environ.setdefault("LOCKGATE_DATA", str(_folder / "data"))
    if not os.environ.get("DATABASE_URL"):
        postgres = Postgres(_folder / "pg", _folder / "r", _folder / "postgres.log", fast=True)
        _started.append(postgres)
        postgres.start()
        os.environ["DATABASE_URL"] = postgres.url
    if not os.environ.get("REDIS_URL"):
        valkey = Valkey(_folder / "vk", _folder / "r", _folder / "valkey.log")
        _started.append(valkey)
        valkey.start()
        os.environ["REDIS_URL"] = valkey.url
    worker = os.environ.get("PYTEST_XDIST_WORKER", "")
    if worker and os.environ["REDIS_URL"].startswith("redis+socket:") and "?" not in os.environ["REDIS_URL"]:
        os.environ["REDIS_URL"] += f"?virtual_host={int(worker.removeprefix('gw')) + 1}"


def pytest_unconfigure() -> None:
    while _started:
        _started.pop().stop()
    if _folder is not None:
        shutil.rmtree(_folder, ignore_errors=True)


_begin()
