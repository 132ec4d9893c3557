"""From a bare Python to a process in the hub's own environment. Standard library only.

The environment lies in `.venv`; a stamp in it holds the hash of the locked requirements it was made from, so that
the next start does nothing here. Packages are checked against the hashes in the lock files.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

# The longer lock contains the shorter one.
PROFILES = {"runtime": ("runtime",), "dev": ("runtime", "dev")}
SPACE_NEEDED_MB = 900
USAGE = """python3 manage.py COMMAND

up             set up and start the hub; keeps running
test           every check and every test, or what pytest is told
doctor         what is well and what is not
diagnostics    what support needs to see, in one archive without secrets
template       list, install, simulate and run templates; apply and undo plans
week           a week at an insurer: all eight templates at work
sandbox        the two sandboxes alone
new_connector  write a connector that works
vault, audit   keys and their rotation; whether the audit trail is whole
schema         write the API's description
benchmark      figures that anyone can repeat

--data FOLDER  with any of them: the data folder of the hub that is meant (also LOCKGATE_DATA; otherwise var)

python3 manage.py help COMMAND   what a command takes"""
PROFILE_OF_COMMAND = {"test": "dev", "benchmark": "dev"}
INSIDE = "LOCKGATE_INSIDE"
BEGAN = "LOCKGATE_BEGAN"
DATA = "LOCKGATE_DATA"
HAVE_OWN_DATA = {"up", "sandbox", "test", "benchmark"}
"""Commands for which --data is an option of their own."""

DJANGOS_OWN = {"--version", "-v", "--settings", "--pythonpath", "--traceback", "--no-color", "--force-color"}
"""Options that every command has from Django: they work, and whoever asks for help is not led past them."""


class SetupError(Exception):
    """Setting up cannot go on. The message says what is missing and the command that brings it."""


class Progress:
    """Lines that say what is being done, with the seconds since the start."""

    def __init__(self, *, beside: bool = False) -> None:
        """`beside` what a command answers, which a program may read."""
        self._beside = beside
        # Wall-clock time, because it goes on in the process that takes this one's place.
        self._began = float(os.environ.setdefault(BEGAN, str(time.time())))

    def say(self, text: str) -> None:
        out = sys.stderr if self._beside else sys.stdout
        print(f"[{time.time() - self._began:5.1f} s] {text}", file=out, flush=True)


def run(root: Path, argv: list[str]) -> int:
    """Carry out a command of manage.py, in the hub's environment; makes or mends that environment first."""
    command = argv[1] if len(argv) > 1 else "help"
    if command in {"help", "--help", "-h"} and len(argv) <= 2:
        print(USAGE)
        return 0
    if command == "help" and argv[2] in {"up", "test", "benchmark"}:
        command, argv = argv[2], [argv[0], argv[2], "--help"]
    if command == "up" and {"--help", "-h"} & set(argv[2:]):
        # It is told from the standard library alone: nothing is installed for it.
        from hub.operations.up import main

        return main(root, argv[2:])
    try:
        if command not in HAVE_OWN_DATA:
            argv = _take_data_folder(argv)
        if not _is_inside(root):
            progress = Progress(beside=command not in {"up", "test", "benchmark"})
            _prepare(root, PROFILE_OF_COMMAND.get(command, "runtime"), progress)
            return _go_inside(root, argv)
    except SetupError as problem:
        print(f"\n{problem}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nStopped.", file=sys.stderr)
        return 130
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hub.settings")
    if command == "up":
        from hub.operations.up import main

        return main(root, argv[2:])
    if command == "test":
        from hub.operations.testing import main as test

        return test(root, argv[2:])
    if command == "benchmark":
        from hub.operations.testing import benchmark

        return benchmark(root, argv[2:])
    from django.core.management import BaseCommand, execute_from_command_line

    BaseCommand.suppressed_base_arguments = DJANGOS_OWN
    execute_from_command_line(argv)
    return 0


def _take_data_folder(argv: list[str]) -> list[str]:
    """`--data` says which hub a command is about; settings read it from the environment."""
    left, rest = [], iter(argv)
    for each in rest:
        name, _, given = each.partition("=")
        if name != "--data":
            left.append(each)
            continue
        folder = given or next(rest, "")
        if not folder:
            raise SetupError("--data needs a folder: --data FOLDER")
        os.environ[DATA] = str(Path(folder).resolve())
    return left


def environment(root: Path) -> Path:
    return root / ".venv"


def python_of(root: Path) -> Path:
    return environment(root) / "bin" / "python"


def _is_inside(root: Path) -> bool:
    return os.environ.get(INSIDE) == str(root) or (
        Path(sys.prefix).resolve() == environment(root).resolve() and not _stale(root, "runtime")
    )


def _go_inside(root: Path, argv: list[str]) -> int:
    os.environ[INSIDE] = str(root)
    python = str(python_of(root))
    os.execv(python, [python, str(root / "manage.py"), *argv[1:]])  # noqa: S606 - replaces this process on purpose


def _stamp(root: Path, profile: str) -> Path:
    return environment(root) / f"lockgate-{profile}.stamp"


def _wanted(root: Path, profile: str) -> str:
    content = b"".join((root / "requirements" / f"{name}.lock").read_bytes() for name in PROFILES[profile])
    return hashlib.sha256(content + sys.version.encode()).hexdigest()


def _stale(root: Path, profile: str) -> bool:
    stamp = _stamp(root, profile)
    return not (stamp.is_file() and stamp.read_text() == _wanted(root, profile))


def _prepare(root: Path, profile: str, progress: Progress) -> None:
    if not python_of(root).exists():
        _make_environment(root, progress)
    # The tests' environment also serves the hub.
    if not (_stale(root, profile) and (profile == "dev" or _stale(root, "dev"))):
        return
    free_mb = shutil.disk_usage(root).free // 2**20
    if free_mb < SPACE_NEEDED_MB:
        raise SetupError(f"There are {free_mb} MB free on the disk of {root}; setting up needs {SPACE_NEEDED_MB} MB.")
    _install(root, profile, progress)
    _stamp(root, profile).write_text(_wanted(root, profile))


def _make_environment(root: Path, progress: Progress) -> None:
    progress.say(f"Making a Python environment in {environment(root).name}/")
    shutil.rmtree(environment(root), ignore_errors=True)
    made = subprocess.run(
        [sys.executable, "-m", "venv", str(environment(root))], capture_output=True, text=True, check=False
    )
    if made.returncode != 0:
        shutil.rmtree(environment(root), ignore_errors=True)
        version = f"{sys.version_info.major}.{sys.version_info.minor}"
        if "ensurepip" in made.stdout + made.stderr:
            raise SetupError(
                f"Python's venv module is not complete. On Debian or Ubuntu:  apt-get install python{version}-venv\n"
                "Then start again."
            )
        raise SetupError(f"Python could not make an environment:\n{(made.stdout + made.stderr).strip()}")


def _install(root: Path, profile: str, progress: Progress) -> None:
    lock = root / "requirements" / f"{profile}.lock"
    count = sum(1 for line in lock.read_text().splitlines() if "==" in line and not line.startswith((" ", "#")))
    env = {**os.environ, "VIRTUAL_ENV": str(environment(root)), "PIP_DISABLE_PIP_VERSION_CHECK": "1"}
    # uv trusts roots of its own; behind a company's proxy only the system's are right.
    env.setdefault("UV_SYSTEM_CERTS", "1")
    pip = [str(python_of(root)), "-m", "pip", "install", "--quiet", "--require-hashes", "-r"]
    uv = environment(root) / "bin" / "uv"
    if not uv.exists():
        progress.say("Installing the installer (uv)")
        subprocess.run(
            [*pip, str(root / "requirements" / "installer.lock")], env=env, capture_output=True, check=False
        )
    progress.say(f"Installing {count} packages")
    problems = ""
    if uv.exists():
        done = subprocess.run(
            [str(uv), "pip", "install", "--quiet", "--require-hashes", "-r", str(lock)],
            env=env,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode == 0:
            progress.say("Packages are in place")
            return
        problems = done.stderr
        progress.say("uv could not install them; trying pip")
    done = subprocess.run([*pip, str(lock)], env=env, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise SetupError(_installation_failed(problems + done.stderr))
    progress.say("Packages are in place")


def _installation_failed(output: str) -> str:
    lines = [line for line in output.strip().splitlines() if line.strip()][-8:]
    hint = "Read the lines above, mend it, and start again."
    text = output.lower()
    if any(word in text for word in ("resolve", "connection", "timed out", "network", "dns", "unreachable")):
        hint = (
            "The package index cannot be reached. Check the network; behind a proxy set HTTPS_PROXY, "
            "with an index of your own set PIP_INDEX_URL and UV_DEFAULT_INDEX."
        )
    elif "hash" in text:
        hint = "A downloaded package is not the one that was locked. Do not go on; check the package index you use."
    elif "no space" in text:
        hint = f"The disk is full. Setting up needs {SPACE_NEEDED_MB} MB."
    return "The packages could not be installed:\n  " + "\n  ".join(lines) + f"\n{hint}"
