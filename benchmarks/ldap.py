"""How fast a directory is read, beside other ways of reading it: `.venv/bin/python -m benchmarks.ldap`."""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import psutil

from benchmarks.ldap_people import ATTRIBUTES, PEOPLE, write
from benchmarks.ldap_steps import FILTER, PAGE
from tests.connectors.ldap.debian import bring
from tests.connectors.ldap.slapd import ADMIN, PASSWORD, Slapd

_TITLES = {
    "ldapsearch": "ldapsearch to a file (the limit)",
    "python_ldap": "python-ldap",
    "ldap3_first": "ldap3 as one writes it first",
    "ldap3_lean": "ldap3 without schema and checks",
    "ours": "ours: entries as bytes",
    "users": "ours: stream users, with groups and proof",
    "memberships": "ours: stream memberships",
}


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="benchmarks.ldap", description=__doc__)
    parser.add_argument("--people", type=int, default=100_000)
    parser.add_argument("--groups", type=int, default=2_000)
    parser.add_argument("--repeat", type=int, default=2, help="the best of so many is shown")
    parser.add_argument("--only", nargs="*", choices=tuple(_TITLES), default=list(_TITLES))
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args(arguments)
    load = os.getloadavg()[0]
    with tempfile.TemporaryDirectory(prefix="lgl-") as folder:
        server = Slapd(Path(folder), "")
        with (Path(folder) / "all.ldif").open("w", encoding="utf-8") as to:
            memberships = write(to, options.people, options.groups)
        print(f"... loading {options.people} people, {memberships} memberships", file=sys.stderr, flush=True)
        try:
            server.start()
            rows = [row for name in options.only if (row := _best(name, server, options.repeat))]
        finally:
            server.stop()
    about = {"people": options.people, "groups": options.groups, "memberships": memberships,
             "processors": os.cpu_count(), "load_before": round(load, 1)}  # fmt: skip
    print(json.dumps({**about, "ways": rows}, indent=2) if options.json else _table(about, rows))
    return 0


def _best(name: str, server: Slapd, repeat: int) -> dict[str, Any] | None:
    print(f"... {_TITLES[name]}", file=sys.stderr, flush=True)
    runs = [_ldapsearch(server) if name == "ldapsearch" else _python(name, server) for _ in range(repeat)]
    found = [run for run in runs if run]
    if not found:
        print(f"    left out: {_TITLES[name]} is not installed", file=sys.stderr)
        return None
    best = min(found, key=lambda run: float(run["cpu"]))
    best["wall"] = min(run["wall"] for run in found)
    return {"way": _TITLES[name], **best}


def _python(name: str, server: Slapd) -> dict[str, Any]:
    settings = {"host": "127.0.0.1", "port": server.port, "username": ADMIN, "password": PASSWORD}
    command = [sys.executable, "-W", "ignore", "-m", "benchmarks.ldap_steps", name, json.dumps(settings)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if "No module named 'ldap'" in done.stderr:
        return {}
    if done.returncode:
        raise RuntimeError(done.stderr)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def _ldapsearch(server: Slapd) -> dict[str, Any]:
    command = [
        bring("ldapsearch", "ldap-utils"), "-x", "-H", f"ldap://127.0.0.1:{server.port}", "-D", ADMIN, "-w", PASSWORD,
        "-LLL", "-o", "ldif-wrap=no", "-E", f"pr={PAGE}/noprompt", "-b", PEOPLE, FILTER, *ATTRIBUTES,
    ]  # fmt: skip
    to, peak = server.folder / "out.ldif", 0.0
    with to.open("wb") as out:
        began, before = time.perf_counter(), os.times()
        running = psutil.Popen(command, stdout=out, stderr=subprocess.DEVNULL)
        while running.poll() is None:
            with contextlib.suppress(psutil.Error):
                peak = max(peak, running.memory_info().rss / 2**20)
            time.sleep(0.01)
        wall, after = time.perf_counter() - began, os.times()
    assert running.returncode == 0
    used = after.children_user + after.children_system - before.children_user - before.children_system
    return {"count": to.read_bytes().count(b"dn: uid="), "wall": wall, "cpu": used, "peak_mb": peak}


def _table(about: dict[str, Any], rows: list[dict[str, Any]]) -> str:
    lines = [", ".join(f"{value} {name.replace('_', ' ')}" for name, value in about.items()), ""]
    lines.append(f"{'':44}{'records':>10}{'wall s':>9}{'CPU s':>9}{'peak MB':>9}")
    lines += [
        f"{row['way']:44}{row['count']:>10}{row['wall']:>9.2f}{row['cpu']:>9.2f}{row['peak_mb']:>9.0f}"
        for row in rows
    ]
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
