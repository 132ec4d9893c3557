"""`manage.py test`: every check and every test, with one summary at the end.

With arguments only pytest runs, and gets them.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from hub.operations import frontend
from hub.operations.local.postgres import Postgres
from hub.operations.local.valkey import Valkey

BROWSER = "/usr/bin/chromium"


@dataclass(frozen=True)
class Outcome:
    name: str
    passed: bool
    seconds: float


def main(root: Path, arguments: list[str]) -> int:
    if arguments:
        return subprocess.run([sys.executable, "-m", "pytest", *arguments], cwd=root, check=False).returncode
    _bring_browser()
    outcomes = [_run(root, name, command) for name, command in checks()]
    outcomes.append(_check_frontend(root))
    outcomes.append(_check_database_state(root))
    outcomes.append(_run(root, "tests", [sys.executable, "-m", "pytest", "-n", "2", "--dist", "loadfile"]))
    print()
    for outcome in outcomes:
        print(f"{'passed' if outcome.passed else 'FAILED':7} {outcome.seconds:6.1f} s  {outcome.name}")
    failed = [outcome.name for outcome in outcomes if not outcome.passed]
    print(f"\nNot well: {', '.join(failed)}." if failed else "\nEverything passed.")
    return 1 if failed else 0


def benchmark(root: Path, arguments: list[str]) -> int:
    """`manage.py benchmark NAME`: one of the files in `benchmarks/` that say how they are used."""
    known = sorted(file.stem for file in (root / "benchmarks").glob("*.py") if "argparse" in file.read_text())
    if not arguments or arguments[0] not in known:
        print(f"Say which: manage.py benchmark {' | '.join(known)}", file=sys.stderr)
        return 2
    command = [sys.executable, "-m", f"benchmarks.{arguments[0]}", *arguments[1:]]
    return subprocess.run(command, cwd=root, check=False).returncode


def checks() -> list[tuple[str, list[str]]]:
    """The checks that need no server."""
    python = sys.executable
    return [
        ("format", [python, "-m", "ruff", "format", "--check", "."]),
        ("lint", [python, "-m", "ruff", "check", "."]),
        ("types", [python, "-m", "mypy"]),
        ("import contracts", [str(Path(python).parent / "lint-imports")]),
        ("licences", [python, "-m", "hub.operations.licences"]),
    ]


def _run(root: Path, name: str, command: list[str], env: dict[str, str] | None = None) -> Outcome:
    print(f"\n--- {name}", flush=True)
    began = time.monotonic()
    done = subprocess.run(command, cwd=root, env=env, check=False)
    return Outcome(name, done.returncode == 0, time.monotonic() - began)


def _check_database_state(root: Path) -> Outcome:
    """Models and migrations agree, and so do the API and its schema."""
    print("\n--- migrations and API schema", flush=True)
    began = time.monotonic()
    import tempfile

    with tempfile.TemporaryDirectory(prefix="lgc-", ignore_cleanup_errors=True) as folder:
        place = Path(folder)
        postgres = Postgres(place / "pg", place / "r", place / "pg.log", fast=True)
        valkey = Valkey(place / "vk", place / "r", place / "vk.log")
        try:
            postgres.start()
            valkey.start()
            env = dict(os.environ) | {"DATABASE_URL": postgres.url, "REDIS_URL": valkey.url, "LOCKGATE_DATA": folder}
            commands = (
                ["makemigrations", "--check", "--dry-run"],
                ["migrate", "--verbosity", "0"],
                ["schema", "--check"],
            )
            passed = all(
                subprocess.run([sys.executable, "manage.py", *command], cwd=root, env=env, check=False).returncode
                == 0
                for command in commands
            )
        finally:
            valkey.stop()
            postgres.stop()
    return Outcome("migrations and API schema", passed, time.monotonic() - began)


def _check_frontend(root: Path) -> Outcome:
    print("\n--- front end", flush=True)
    began = time.monotonic()
    passed = True
    try:
        frontend.build(root, with_checks=True)
        frontend.check(root)
    except frontend.FrontendError as problem:
        print(problem)
        passed = False
    return Outcome("front end", passed, time.monotonic() - began)


def _bring_browser() -> None:
    """The browser tests need Debian's Chromium."""
    if Path(BROWSER).exists():
        return
    install = ["apt-get", "install", "--yes", "--no-install-recommends", "chromium"]
    if os.geteuid() == 0 and shutil.which("apt-get"):
        print("--- installing Chromium for the browser tests", flush=True)
        quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        for command in (["apt-get", "update", "-q"], install):
            subprocess.run(command, env=quiet, stdout=subprocess.DEVNULL, check=False)
    if not Path(BROWSER).exists():
        print(f"The browser tests need Chromium:  sudo {' '.join(install)}\nThey will fail without it.", flush=True)
