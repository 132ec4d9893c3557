"""Where a benchmark plays: PostgreSQL, Valkey and the two sandboxes of its own, each in its own process."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hub.operations.local import child
from hub.operations.local.postgres import Postgres
from hub.operations.local.valkey import Valkey

ROOT = Path(__file__).resolve().parents[1]


@dataclass(frozen=True)
class Stage:
    """Running servers: what the sandboxes say of themselves, process ids, and the environment of the hub."""

    about: dict[str, Any]
    servers: dict[str, int]
    env: dict[str, str]

    def run(self, module: str, *arguments: str) -> Any:
        """Run a module in a process of its own; the last line of what it prints is JSON."""
        done = subprocess.run(
            [sys.executable, "-m", module, *arguments], cwd=ROOT, env=self.env, stdout=subprocess.PIPE, text=True
        )
        if done.returncode != 0:
            raise SystemExit(f"{module} {' '.join(arguments)} failed.")
        return json.loads(done.stdout.splitlines()[-1])


@contextmanager
def stage(size: str) -> Iterator[Stage]:
    """The hub's servers and both sandboxes."""
    with bare() as made:
        folder = Path(made.env["LOCKGATE_DATA"]).parent
        sandbox = _sandbox(folder, size, made.env)
        try:
            yield Stage(_about(sandbox), made.servers | {"sandboxes": sandbox.pid}, made.env)
        finally:
            child.stop(sandbox)


@contextmanager
def bare() -> Iterator[Stage]:
    """Servers as `manage.py up` starts them, with settings that keep every commit, on an empty data folder."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="lgb-", ignore_cleanup_errors=True)))
        postgres = Postgres(folder / "pg", folder / "r", folder / "postgres.log")
        stack.callback(postgres.stop)
        postgres.start()
        valkey = Valkey(folder / "vk", folder / "r", folder / "valkey.log")
        stack.callback(valkey.stop)
        valkey.start()
        env = dict(os.environ) | {
            "DATABASE_URL": postgres.url,
            "REDIS_URL": valkey.url,
            "LOCKGATE_DATA": str(folder / "data"),
            "LOCKGATE_SECRET_KEY": "benchmark",
            "LOCKGATE_ADMIN_PASSWORD": "benchmark-1234",
            "DJANGO_SETTINGS_MODULE": "hub.settings",
        }
        assert postgres.child is not None
        yield Stage({}, {"postgresql": postgres.child.pid}, env)


def _sandbox(folder: Path, size: str, env: dict[str, str]) -> subprocess.Popen[bytes]:
    command = [sys.executable, "manage.py", "sandbox", "--otds-port", "0", "--exstream-port", "0", "--size", size,
               "--data", str(folder / "sandboxes"), "--json"]  # fmt: skip
    return subprocess.Popen(
        command, cwd=ROOT, env=env, stdout=subprocess.PIPE,
        preexec_fn=child.die_with_parent(),  # noqa: PLW1509 - no threads run yet
    )  # fmt: skip


def _about(sandbox: subprocess.Popen[bytes]) -> dict[str, Any]:
    assert sandbox.stdout is not None
    line = sandbox.stdout.readline()
    if not line:
        raise SystemExit("The sandboxes did not start.")
    about: dict[str, Any] = json.loads(line)
    return about
