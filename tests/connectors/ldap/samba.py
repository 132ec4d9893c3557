"""A real Active Directory domain controller on loopback: Samba's, of which only the LDAP part runs."""

from __future__ import annotations

import contextlib
import fcntl
import os
import re
import signal
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.connectors.ldap.debian import bring, leave_out
from tests.connectors.ldap.ds389 import wait_for
from tests.hub.sdk.servers import Authority

SUFFIX = "DC=northwind,DC=test"
_PACKAGES = ("samba", "samba-ad-dc", "samba-ad-provision", "samba-dsdb-modules", "winbind")
_PASSWORD = "Secret-12345"
_PORTS = (389, 636)
_LINES = """[global]
\tserver services = ldap
\tldap server require strong auth = allow_sasl_over_tls
\ttls enabled = yes
\ttls keyfile = {key}
\ttls certfile = {certificate}
\ttls cafile = {authority}
\tpid directory = {folder}
\tlog file = {folder}/samba.log"""


@contextlib.contextmanager
def running(folder: Path) -> Iterator[dict[str, Any]]:
    """The settings of a connection that works."""
    program = bring("samba", *_PACKAGES)
    if os.geteuid() != 0:
        leave_out("FOR WANT OF root: Samba's ports 389 and 636 cannot be changed.")
    with (Path(tempfile.gettempdir()) / "lockgate-tests-samba.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        for port in _PORTS:
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
                leave_out(f"another server uses port {port}, which Samba's cannot do without.")
        authority = Authority()
        _provision(folder, authority)
        command = [program, "-s", str(folder / "etc/smb.conf"), "-i", "--no-process-group"]
        with (folder / "log").open("wb") as log:
            server = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True
            )
        try:
            wait_for(636, server)
            yield {
                "host": "localhost", "port": 636, "security": "tls", "authority": authority.pem,
                "username": "administrator@northwind.test", "password": _PASSWORD, "partition": "Northwind",
                "base": f"OU=northwind,{SUFFIX}",
            }  # fmt: skip
        finally:
            os.killpg(server.pid, signal.SIGTERM)
            server.wait(30)


def _provision(folder: Path, authority: Authority) -> None:
    command = [
        "samba-tool", "domain", "provision", f"--targetdir={folder}", "--realm=NORTHWIND.TEST", "--domain=NORTHWIND",
        "--server-role=dc", "--host-name=dc1", "--host-ip=127.0.0.1", "--dns-backend=NONE",
        f"--adminpass={_PASSWORD}", "--option=interfaces=lo", "--option=bind interfaces only=yes",
    ]  # fmt: skip
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        leave_out(f"Samba cannot be set up here: {(done.stdout + done.stderr)[-300:]}")
    certificate, key = authority.files_for("localhost", folder)
    key.chmod(0o600)
    (folder / "ca.pem").write_text(authority.pem)
    config = folder / "etc/smb.conf"
    text = re.sub(r"(?m)^\s*(server services|log file)\s*=.*\n", "", config.read_text())
    lines = _LINES.format(folder=folder, key=key, certificate=certificate, authority=folder / "ca.pem")
    config.write_text(text.replace("[global]", lines, 1))
