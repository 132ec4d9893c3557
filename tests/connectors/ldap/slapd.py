"""A real OpenLDAP on loopback, for one test or many."""

from __future__ import annotations

import contextlib
import socket
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.connectors.ldap.debian import bring
from tests.hub.sdk.servers import Authority, free_port

SUFFIX = "dc=northwind,dc=example"
ADMIN, PASSWORD = f"cn=admin,{SUFFIX}", "s3same-open"
READER, READER_PASSWORD = f"cn=reader,{SUFFIX}", "r3ad-only"
_CONFIG = """
include /etc/ldap/schema/core.schema
include /etc/ldap/schema/cosine.schema
include /etc/ldap/schema/nis.schema
include /etc/ldap/schema/inetorgperson.schema
pidfile {folder}/slapd.pid
modulepath /usr/lib/ldap
moduleload back_mdb
moduleload syncprov
moduleload ppolicy
TLSCertificateFile {certificate}
TLSCertificateKeyFile {key}
sizelimit unlimited
{before}
database mdb
suffix {suffix}
rootdn {admin}
rootpw {password}
directory {folder}/db
maxsize 4294967296
index objectClass,entryUUID,entryCSN,modifyTimestamp eq
index uid,cn,member eq
{limits}
overlay syncprov
syncprov-sessionlog 10000
overlay ppolicy
{after}
access to attrs=userPassword by anonymous auth by * none
access to * by * read
"""


@dataclass
class Slapd:
    """One server. `limits`, `before` and `after` are further lines of its configuration.

    With an empty `ldif`, the file `all.ldif` in its folder is taken.
    """

    folder: Path
    ldif: str
    authority: Authority = field(default_factory=Authority)
    certified_for: str = "localhost"
    certificate: tuple[Path, Path] | None = None
    before: str = ""
    limits: str = ""
    after: str = ""
    port: int = field(default_factory=free_port)
    tls_port: int = field(default_factory=free_port)
    _running: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        program = bring("slapd", "slapd", "ldap-utils")
        fresh = not (self.folder / "slapd.conf").exists()
        (self.folder / "db").mkdir(parents=True, exist_ok=True)
        self.configure()
        if fresh:
            if self.ldif:
                (self.folder / "all.ldif").write_text(self.ldif, "utf-8")
            add = [bring("slapadd", "slapd"), "-q", "-f", "slapd.conf", "-l", "all.ldif"]
            done = subprocess.run(add, cwd=self.folder, capture_output=True, text=True)
            assert done.returncode == 0, done.stderr
        urls = f"ldap://127.0.0.1:{self.port}/ ldaps://127.0.0.1:{self.tls_port}/"
        with (self.folder / "log").open("ab") as log:
            self._running = subprocess.Popen(
                [program, "-f", "slapd.conf", "-h", urls, "-d", "0"], cwd=self.folder, stdout=log, stderr=log
            )
        self._wait()

    @property
    def pid(self) -> int:
        assert self._running is not None
        return self._running.pid

    def configure(self) -> None:
        if self.certificate is None:
            self.certificate = self.authority.files_for(self.certified_for, self.folder)
        certificate, key = self.certificate
        text = _CONFIG.format(
            folder=self.folder, certificate=certificate, key=key, suffix=SUFFIX, admin=ADMIN, password=PASSWORD,
            before=self.before, limits=self.limits, after=self.after,
        )  # fmt: skip
        (self.folder / "slapd.conf").write_text(text)

    def stop(self) -> None:
        if self._running is not None:
            self._running.kill()
            self._running.wait()
            self._running = None

    def settings(self, **given: Any) -> dict[str, Any]:
        """Those of a connection that works."""
        made = {
            "host": "localhost", "port": self.tls_port, "security": "tls", "authority": self.authority.pem,
            "username": ADMIN, "password": PASSWORD, "partition": "Northwind",
        }  # fmt: skip
        return made | given

    def _wait(self) -> None:
        until = time.monotonic() + 20
        while time.monotonic() < until:
            assert self._running is not None
            assert self._running.poll() is None, (self.folder / "log").read_text()
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self.tls_port), 1):
                return
            time.sleep(0.02)
        raise AssertionError("slapd did not start.")


@contextlib.contextmanager
def running(folder: Path, ldif: str, **options: Any) -> Iterator[Slapd]:
    made = Slapd(folder, ldif, **options)
    try:
        made.start()
        yield made
    finally:
        made.stop()
