"""A real 389 Directory Server on loopback."""

from __future__ import annotations

import contextlib
import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.connectors.ldap.debian import bring, leave_out
from tests.hub.sdk.servers import free_port

SUFFIX = "dc=northwind,dc=example"
MANAGER, PASSWORD = "cn=Directory Manager", "s3same-open-wide"
_INSTANCE = """
[general]
config_version = 2
full_machine_name = localhost
strict_host_checking = False
systemd = False
start = False
[slapd]
instance_name = {name}
port = {port}
secure_port = {tls_port}
root_dn = {manager}
root_password = {password}
self_sign_cert = True
[backend-userroot]
suffix = {suffix}
sample_entries = no
create_suffix_entry = True
"""


@contextlib.contextmanager
def running(folder: Path) -> Iterator[dict[str, Any]]:
    """The settings of a connection that works, below an empty suffix."""
    program = bring("ns-slapd", "389-ds-base")
    bring("dscreate", "389-ds-base")
    if os.geteuid() != 0:
        leave_out("FOR WANT OF root: 389 Directory Server keeps its instances in /etc/dirsrv.")
    name, port, tls_port = f"lgt{os.getpid()}", free_port(), free_port()
    config = Path(f"/etc/dirsrv/slapd-{name}")
    try:
        _create(folder, name, port, tls_port)
        dse = config / "dse.ldif"
        text = "".join(
            f"{line}\n" for line in dse.read_text().splitlines() if not line.startswith("nsslapd-listenhost")
        )
        pinned = "dn: cn=config\nnsslapd-listenhost: 127.0.0.1\nnsslapd-securelistenhost: 127.0.0.1\n"
        dse.write_text(_with_plugins(text.replace("dn: cn=config\n", pinned, 1)))
        for made in (Path("/run/dirsrv"), Path(f"/run/lock/dirsrv/slapd-{name}")):
            made.mkdir(parents=True, exist_ok=True)
            shutil.chown(made, "dirsrv", "dirsrv")
        command = [program, "-D", str(config), "-i", f"/run/dirsrv/slapd-{name}.pid", "-d", "0"]
        with (folder / "log").open("wb") as log:
            server = subprocess.Popen(command, stdout=log, stderr=log)
        try:
            wait_for(tls_port, server)
            yield {
                "host": "localhost", "port": tls_port, "security": "tls",
                "authority": (config / "ca.crt").read_text(), "username": MANAGER, "password": PASSWORD,
                "base": SUFFIX, "partition": "Northwind",
            }  # fmt: skip
        finally:
            server.terminate()
            server.wait(30)
    finally:
        for left in (config, f"/var/lib/dirsrv/slapd-{name}", f"/var/log/dirsrv/slapd-{name}",
                     f"/run/lock/dirsrv/slapd-{name}"):  # fmt: skip
            shutil.rmtree(left, ignore_errors=True)


def _with_plugins(text: str) -> str:
    """With a log of changes that says whose stable id it means."""
    before, begin, after = text.partition("dn: cn=Retro Changelog Plugin,cn=plugins,cn=config\n")
    further = "nsslapd-attribute: nsuniqueid:targetUniqueId\n"
    return before + begin + further + after.replace("nsslapd-pluginEnabled: off", "nsslapd-pluginEnabled: on", 1)


def _create(folder: Path, name: str, port: int, tls_port: int) -> None:
    """Make the instance. dscreate starts it once on all addresses, so it does that in a network of its own."""
    answers = folder / "ds.inf"
    answers.write_text(
        _INSTANCE.format(name=name, port=port, tls_port=tls_port, manager=MANAGER, password=PASSWORD, suffix=SUFFIX)
    )
    # lib389 asks this file, not ours, whether systemd runs the server.
    packaged = Path("/usr/share/dirsrv/inf/defaults.inf")
    changed = folder / "defaults.inf"
    changed.write_text(packaged.read_text().replace("with_systemd = 1", "with_systemd = 0"))
    script = f"ip link set lo up; mount --bind {changed} {packaged}; dscreate from-file {answers}"
    done = subprocess.run(["unshare", "-n", "-m", "sh", "-c", script], capture_output=True, text=True)
    if done.returncode:
        leave_out(f"389 Directory Server cannot be set up here: {(done.stdout + done.stderr)[-300:]}")


def wait_for(port: int, server: subprocess.Popen[bytes], seconds: float = 60) -> None:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        assert server.poll() is None, "The server ended at once."
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.1)
    raise AssertionError(f"Nothing listens on {port}.")
