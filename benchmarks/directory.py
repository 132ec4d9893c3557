"""How long a directory of 100,000 people takes, read by LDAP: `python3 manage.py benchmark directory`."""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
from pathlib import Path
from typing import Any

import ldap3

from benchmarks.directory_rules import access_of, parameters
from benchmarks.ldap_people import GROUPS, person, write
from benchmarks.reconcile import table
from benchmarks.stage import Stage, bare
from tests.connectors.ldap.slapd import ADMIN, PASSWORD, Slapd


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="manage.py benchmark directory", description=__doc__)
    parser.add_argument("--people", type=int, default=100_000)
    parser.add_argument("--groups", type=int, default=2_000)
    parser.add_argument("--changes", type=int, default=1_000)
    parser.add_argument("--deletions", type=int, default=50)
    parser.add_argument("--plan-only", action="store_true", help="nothing but a full plan")
    parser.add_argument("--json", action="store_true", help="print the figures as JSON instead of a table")
    options = parser.parse_args(arguments)
    load = os.getloadavg()[0]
    with tempfile.TemporaryDirectory(prefix="lgl-") as folder, bare() as hub:
        server = Slapd(Path(folder), "")
        with (Path(folder) / "all.ldif").open("w", encoding="utf-8") as to:
            memberships = write(to, options.people, options.groups, access_of)
        _tell(f"loading {options.people} people, {memberships} memberships")
        try:
            server.start()
            figures = carry_out(hub, server, options)
        finally:
            server.stop()
    about = {"people": options.people, "groups": options.groups, "memberships": memberships,
             "processors": os.cpu_count(), "load_before": round(load, 1)}  # fmt: skip
    if options.json:
        print(json.dumps({**about, "steps": figures}, indent=2))
    else:
        print("\n" + ", ".join(f"{value} {name.replace('_', ' ')}" for name, value in about.items()) + "\n")
        print(table(figures, ("postgresql", "slapd")))
    return 0


def carry_out(hub: Stage, server: Slapd, options: argparse.Namespace) -> list[dict[str, Any]]:
    """Every step in its order. Raises AssertionError when one of them did not do what it is measured for."""
    servers = {**hub.servers, "slapd": server.pid}

    def step(name: str, title: str) -> dict[str, Any]:
        _tell(title)
        about = {"directory": _settings(server), "parameters": parameters()}
        given = json.dumps({"about": about, "servers": servers})
        return {**hub.run("benchmarks.directory_steps", name, given), "step": title}

    step("install", "installing the template")
    figures = [step("plan", "full plan, nothing to change")]
    assert figures[0]["said"] == {"changes": 0}, figures[0]["said"]
    if options.plan_only:
        return figures
    figures.append(step("ask", "everybody learned by the event source"))
    figures.append(step("ask", "asked again, nothing happened"))
    change(server, options)
    figures.append(step("hear", f"{options.changes} changes, {options.deletions} deletions seen and planned"))
    assert figures[-1]["said"]["seen"] == options.changes + options.deletions, figures[-1]["said"]
    assert figures[-1]["said"]["looked_at"] == options.changes + options.deletions, figures[-1]["said"]
    figures.append(step("plan", "full plan after that"))
    assert figures[-1]["said"]["changes"] == figures[-2]["said"]["changes"]
    return figures


def change(server: Slapd, options: argparse.Namespace) -> None:
    """Some people get another title, others are deleted."""
    to = ldap3.Server("127.0.0.1", port=server.port, get_info=ldap3.NONE)
    with ldap3.Connection(to, ADMIN, PASSWORD, raise_exceptions=True) as admin:
        for number in range(options.changes):
            dn = person(number * 7 % options.people)
            admin.modify(dn, {"title": [(ldap3.MODIFY_REPLACE, ["Secretary"])]})
        for number in range(options.deletions):
            admin.delete(person(options.people - 1 - number * 7))


def _settings(server: Slapd) -> dict[str, Any]:
    return {"host": "127.0.0.1", "port": server.port, "security": "none", "username": ADMIN, "password": PASSWORD,
            "partition": "Northwind", "groups_base": GROUPS}  # fmt: skip


def _tell(words: str) -> None:
    print(f"... {words}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
