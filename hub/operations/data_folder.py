"""The data folder: who uses it now, and the secrets it keeps."""

from __future__ import annotations

import fcntl
import json
import os
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any


class InUse(Exception):
    """Another hub runs on this data folder. Holds what it said about itself."""

    def __init__(self, other: dict[str, Any]) -> None:
        super().__init__("in use")
        self.other = other


@dataclass
class DataFolder:
    """Where an embedded hub keeps everything: database, secrets, logs, sandboxes."""

    path: Path
    _lock: IO[str] | None = None

    def hold(self) -> None:
        """Take the folder for this process. Raises InUse when another holds it; the lock ends with the process."""
        self.path.mkdir(parents=True, exist_ok=True)
        self.path.chmod(0o700)
        lock = (self.path / "hub.lock").open("a+")
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.seek(0)
            try:
                other = json.loads(lock.read() or "{}")
            except ValueError:
                other = {}
            lock.close()
            raise InUse(other) from None
        self._lock = lock
        self.tell({"pid": os.getpid()})

    def user(self) -> dict[str, Any] | None:
        """What the hub that uses the folder said about itself; None when none does."""
        try:
            with (self.path / "hub.lock").open() as lock:
                try:
                    fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
                except BlockingIOError:
                    return dict(json.loads(lock.read() or "{}"))
        except (OSError, ValueError):
            pass
        return None

    def tell(self, about: dict[str, Any]) -> None:
        """Leave word for a second copy: process id, address."""
        if self._lock is not None:
            self._lock.seek(0)
            self._lock.truncate()
            self._lock.write(json.dumps(about))
            self._lock.flush()

    def secret(self, name: str, *, length: int = 48) -> str:
        """A secret of this installation, made once and readable by its owner only."""
        folder = self.path / "secrets"
        folder.mkdir(mode=0o700, exist_ok=True)
        file = folder / name
        if not file.exists():
            making = file.with_suffix(".making")
            with os.fdopen(os.open(making, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as out:
                out.write(secrets.token_urlsafe(length))
            making.rename(file)
        return file.read_text().strip()

    @property
    def logs(self) -> Path:
        return self.path / "logs"
