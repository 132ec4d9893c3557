"""The production image and its services as processes of this machine: files, commands, environment.

There is no container here: what the Dockerfile copies lies in a folder, and what the Compose file says is run there,
as a user of its own where that is possible.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parents[3]
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text("utf-8"))
DOCKERFILE = (ROOT / "Dockerfile").read_text("utf-8").replace("\\\n", " ")
FINAL = DOCKERFILE[DOCKERFILE.rindex("\nFROM ") :]
STRANGER = ["setpriv", "--reuid=10001", "--regid=10001", "--clear-groups", "--no-new-privs", "--bounding-set=-all"]


class Image:
    """The folder that the image would have as /app, and a way to run what its services run."""

    def __init__(self, folder: Path, given: dict[str, str], stands_for: dict[str, str]) -> None:
        """`given` is the environment of the Compose file; `stands_for` says what takes the place of which address."""
        self.app, self.data = folder / "app", folder / "data"
        self.app.mkdir()
        self.data.mkdir()
        for line in re.findall(r"^COPY (?!--from)(.+)$", FINAL, re.M):
            *sources, target = line.split()
            for source in sources:
                self._copy(ROOT / source, self.app / target)
        built = ROOT / "hub" / "web" / "static" / "built"
        if built.is_dir():
            self._copy(built, self.app / "hub" / "web" / "static" / "built")
        subprocess.run([sys.executable, "-m", "compileall", "-q", "hub", "connectors", "workflows"], cwd=self.app)
        self._given, self._stands_for = given, stands_for
        self._as = self._stranger()
        if self._as:
            os.chown(self.data, 10001, 10001)

    def command(self, service: str) -> list[str]:
        """What the service runs: its own command, or the image's."""
        said = COMPOSE["services"][service].get("command")
        return self._placed(said or json.loads(re.findall(r"^CMD (.+)$", FINAL, re.M)[-1]))

    def health_check(self, service: str) -> list[str]:
        return list(COMPOSE["services"][service]["healthcheck"]["test"][1:])

    def environment(self, service: str) -> dict[str, str]:
        """As the image and the Compose file set it, and nothing of ours beside."""
        image = dict(re.findall(r"(\w+)=(\S+)", re.findall(r"^ENV (.+)$", FINAL, re.M)[0]))
        said = {name: self._filled(str(value)) for name, value in COMPOSE["services"][service]["environment"].items()}
        own = {"PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}", "HOME": str(self.data)}
        made = own | image | said
        return {name: self._place(value) for name, value in made.items()}

    def start(self, service: str) -> subprocess.Popen[bytes]:
        log = (self.data.parent / f"{service}.log").open("ab")
        with log:
            return subprocess.Popen(
                [*self._as, *self.command(service)], cwd=self.app, env=self.environment(service),
                stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT,
            )  # fmt: skip

    def run(self, service: str, command: list[str] | None = None) -> subprocess.CompletedProcess[str]:
        """Run what the service runs, or another command in its place, to the end."""
        whole = [*self._as, *(self._placed(command) if command else self.command(service))]
        env = self.environment(service)
        return subprocess.run(whole, cwd=self.app, env=env, capture_output=True, text=True, timeout=120)

    def files(self) -> dict[str, float]:
        """What is in the image, and when it was written."""
        return {str(file): file.stat().st_mtime for file in self.app.rglob("*") if file.is_file()}

    def log(self, service: str) -> str:
        return (self.data.parent / f"{service}.log").read_text("utf-8", "replace")

    def _filled(self, text: str) -> str:
        """As Compose fills in variables: ${NAME:?why}, ${NAME:-default}."""

        def fill(match: re.Match[str]) -> str:
            name, default = match[1], match[3] if match[2] == "-" else None
            value = self._given.get(name, default)
            assert value is not None, f"{name} must be set"
            return value

        return re.sub(r"\$\{(\w+)(?::([-?])([^}]*))?\}", fill, text)

    def _placed(self, command: list[str]) -> list[str]:
        program = Path(sys.executable).parent / command[0]
        return [str(program), *(self._place(part) for part in command[1:])]

    def _place(self, text: str) -> str:
        for before, after in self._stands_for.items():
            text = re.sub(rf"\b{re.escape(before)}\b", after, text)
        return re.sub(r"^/(app|data)\b", lambda match: str(self.app.parent / match[1]), text)

    @staticmethod
    def _copy(source: Path, target: Path) -> None:
        if source.is_dir():
            shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__", "built"), dirs_exist_ok=True)
        else:
            target = target / source.name if target.is_dir() or str(target).endswith("/") else target
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(source, target)

    @staticmethod
    def _stranger() -> list[str]:
        """How to become somebody without rights, when we are root and they can read our Python."""
        if os.geteuid() != 0 or not shutil.which("setpriv"):
            return []
        ask = "import sys, django; print(sys.version)"
        able = subprocess.run([*STRANGER, sys.executable, "-c", ask], capture_output=True, text=True, cwd="/")
        return STRANGER if able.stdout.strip() == sys.version else []
