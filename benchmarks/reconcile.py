"""How long a full reconcile takes: `python3 manage.py benchmark reconcile`. See README.md beside this file."""

from __future__ import annotations

import argparse
import json
import os
import sys
from typing import Any

import requests

from benchmarks.stage import Stage, stage
from connectors.otds.sandbox.northwind import people
from connectors.otds.sandbox.seed import LARGE_PEOPLE, SAMPLE_PEOPLE

_PEOPLE = {"large": LARGE_PEOPLE, "sample": SAMPLE_PEOPLE}
_CHANGES = {"large": 1000, "sample": 10}


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="manage.py benchmark reconcile", description=__doc__)
    parser.add_argument("--size", choices=tuple(_PEOPLE), default="large", help="of the directory")
    parser.add_argument("--json", action="store_true", help="print the figures as JSON instead of a table")
    options = parser.parse_args(arguments)
    load = os.getloadavg()[0]
    with stage(options.size) as set_up:
        figures = carry_out(set_up, options.size)
    if options.json:
        print(json.dumps({"size": options.size, "people": _PEOPLE[options.size], "processors": os.cpu_count(),
                          "load_before": load, "steps": figures}, indent=2))  # fmt: skip
    else:
        print(f"\n{_PEOPLE[options.size]} people, {os.cpu_count()} processors, load {load:.1f} before\n")
        print(table(figures))
    return 0


def carry_out(set_up: Stage, size: str) -> list[dict[str, Any]]:
    """Every step in its order. Raises AssertionError when one of them did not do what it is measured for."""

    def step(name: str, title: str) -> dict[str, Any]:
        print(f"... {title}", file=sys.stderr, flush=True)
        given = json.dumps({"about": set_up.about, "servers": set_up.servers})
        return {**set_up.run("benchmarks.reconcile_steps", name, given), "step": title}

    step("install", "installing the template")
    figures = [step("read", "limit: read all pages once"), step("plan", "first plan"), step("apply", "apply it")]
    figures.append(step("plan", "plan, nothing changed"))
    assert figures[-1]["said"]["changes"] == 0
    change(set_up, size)
    figures.append(step("plan", f"plan, {_CHANGES[size]} changes"))
    assert figures[-1]["said"]["changes"] == _CHANGES[size]
    figures.append(step("apply", f"apply {_CHANGES[size]} changes"))
    assert figures[-1]["said"] == {"applied": _CHANGES[size]}
    return figures


def change(set_up: Stage, size: str) -> None:
    """Six of ten changes are joiners (one change each), the rest movers (one group out, another in)."""
    total = _CHANGES[size]
    joiners = [each for each in people(_PEOPLE[size]) if each.title == "Claims handler"][: total * 6 // 10]
    movers = [each for each in people(_PEOPLE[size]) if each.title == "Print operator"][: total * 2 // 10]
    otds = set_up.about["otds"]
    root, sign_in = f"{otds['base_url']}/otdsws/rest", otds["administrator"]
    with requests.Session() as session:
        given = {"userName": sign_in["name"], "password": sign_in["password"]}
        ticket = session.post(f"{root}/authentication/credentials", json=given, timeout=30).json()["ticket"]
        session.headers["OTDSTicket"] = ticket
        for person in joiners + movers:
            title = "Print operator" if person in joiners else "Compliance reviewer"
            body = {"userPartitionID": otds["partition"], "values": [{"name": "title", "values": [title]}]}
            session.patch(
                f"{root}/users/{person.login}@{otds['partition']}", json=body, timeout=30
            ).raise_for_status()


def table(figures: list[dict[str, Any]], servers: tuple[str, ...] = ("postgresql", "sandboxes")) -> str:
    """The figures for people."""
    head, width = (
        ("wall s", "our CPU s", *servers, "peak MB", "of it new"),
        max(len(each["step"]) for each in figures),
    )
    lines = [" " * width + "".join(f"{name:>11}" for name in head)]
    for each in figures:
        beside = each["beside"]
        seconds = (each["wall_seconds"], each["cpu_seconds"], *(beside[name] for name in servers))
        memory = (each["peak_mb"], each["rose_by_mb"])
        shown = [f"{value:11.1f}" for value in seconds] + [f"{value:11.0f}" for value in memory]
        lines.append(f"{each['step']:{width}}{''.join(shown)}   {_words(each['said'])}")
    return "\n".join(lines)


def _words(said: dict[str, Any]) -> str:
    return ", ".join(f"{value} {name}" for name, value in said.items() if name not in {"plan", "state"})


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
