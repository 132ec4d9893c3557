"""`manage.py test`: every check and every test, with one summary at the end.

With arguments only pytest runs, and gets them.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from hub.operations import frontend
from hub.operations.local.postgres import Postgres
from hub.operations.local.valkey import Valkey

BROWSER = "/usr/bin/chromium"
TESTS = ["-m", "pytest", "-n", "2", "--dist", "loadfile", "--no-loadscope-reorder"]

Check = Callable[[Path, IO[str]], bool]
"""Looks at the repository, says what it finds, and returns whether all is well."""


@dataclass(frozen=True)
class Outcome:
    name: str
    passed: bool
    seconds: float
    said: str = ""


def main(root: Path, arguments: list[str]) -> int:
    if arguments:
        return subprocess.run([sys.executable, "-m", "pytest", *arguments], cwd=root, check=False).returncode
    _bring_browser()
    outcomes = _side_by_side(root, checks())
    print("\n--- tests", flush=True)
    began = time.monotonic()
    tested = subprocess.run([sys.executable, *TESTS], cwd=root, check=False)
    outcomes.append(Outcome("tests", tested.returncode == 0, time.monotonic() - began))
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


def checks() -> dict[str, Check]:
    """What is checked before the tests, the longest first. None of them needs a server that is there already."""
    python = sys.executable
    return {
        "types": _command(python, "-m", "mypy"),
        "front end": _check_frontend,
        "migrations and API schema": _check_database_state,
        "import contracts": _command(str(Path(python).parent / "lint-imports")),
        "licences": _command(python, "-m", "hub.operations.licences"),
        "lint": _command(python, "-m", "ruff", "check", "."),
        "format": _command(python, "-m", "ruff", "format", "--check", "."),
    }


def _side_by_side(root: Path, wanted: dict[str, Check]) -> list[Outcome]:
    """As many at once as there are processors. What each says is shown when it is done, in one piece."""
    outcomes = []
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        for ended in as_completed([pool.submit(_outcome, root, name, check) for name, check in wanted.items()]):
            outcome = ended.result()
            print(f"\n--- {outcome.name}\n{outcome.said}", end="", flush=True)
            outcomes.append(outcome)
    return outcomes


def _outcome(root: Path, name: str, check: Check) -> Outcome:
    began = time.monotonic()
    with tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace") as said:
        passed = check(root, said)
        said.seek(0)
        return Outcome(name, passed, time.monotonic() - began, said.read())


def _command(*command: str) -> Check:
    def check(root: Path, said: IO[str]) -> bool:
        return _succeeds(root, said, list(command))

    return check


def _succeeds(root: Path, said: IO[str], command: list[str], env: dict[str, str] | None = None) -> bool:
    done = subprocess.run(command, cwd=root, env=env, stdout=said, stderr=subprocess.STDOUT, check=False)
    return done.returncode == 0


def _check_database_state(root: Path, said: IO[str]) -> bool:
    """Models and migrations agree, and so do the API and its schema."""
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
            return all(_succeeds(root, said, [sys.executable, "manage.py", *each], env) for each in commands)
        finally:
            valkey.stop()
            postgres.stop()


def _check_frontend(root: Path, said: IO[str]) -> bool:
    try:
        frontend.build(root, with_checks=True)
        frontend.check(root, said)
    except frontend.FrontendError as problem:
        said.seek(0, os.SEEK_END)
        said.write(f"{problem}\n")
        return False
    return True


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
