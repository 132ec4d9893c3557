"""One way of reading a directory, in a process of its own: `python -m benchmarks.ldap_steps WAY SETTINGS`."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from benchmarks.ldap_people import ATTRIBUTES, PEOPLE

FILTER = "(objectClass=inetOrgPerson)"
PAGE = 1000
Settings = dict[str, Any]


def ours(settings: Settings) -> Iterator[object]:
    """Our reader: bytes as they came."""
    from connectors.ldap.searching import Search

    yield from _client(settings).search(Search("Reading", PEOPLE, FILTER, ATTRIBUTES, page_size=PAGE))


def users(settings: Settings) -> Iterator[object]:
    """The stream of people, with their groups and the proof."""
    from connectors.ldap.streams.users import Users

    reading = Users().read(Users.Input(), _client(settings))
    yield from reading.records
    assert reading.proof.complete, reading.proof.problems


def memberships(settings: Settings) -> Iterator[object]:
    """The stream of direct memberships."""
    from connectors.ldap.streams.memberships import Memberships

    reading = Memberships().read(Memberships.Input(), _client(settings))
    yield from reading.records
    assert reading.proof.complete, reading.proof.problems


def ldap3_first(settings: Settings) -> Iterator[object]:
    """ldap3 as one writes it first."""
    import ldap3

    server = ldap3.Server(settings["host"], settings["port"])
    connection = ldap3.Connection(server, settings["username"], settings["password"], auto_bind=True)
    yield from connection.extend.standard.paged_search(
        PEOPLE, FILTER, attributes=list(ATTRIBUTES), paged_size=PAGE, generator=True
    )


def ldap3_lean(settings: Settings) -> Iterator[object]:
    """ldap3 without schema and checks."""
    import ldap3

    server = ldap3.Server(settings["host"], settings["port"], get_info=ldap3.NONE)
    connection = ldap3.Connection(
        server, settings["username"], settings["password"], auto_bind=True, check_names=False,
        return_empty_attributes=False, auto_range=False,
    )  # fmt: skip
    yield from connection.extend.standard.paged_search(
        PEOPLE, FILTER, attributes=list(ATTRIBUTES), paged_size=PAGE, generator=True
    )


def python_ldap(settings: Settings) -> Iterator[object]:
    """python-ldap, which is written in C."""
    import ldap  # type: ignore[import-not-found]
    from ldap.controls import SimplePagedResultsControl  # type: ignore[import-not-found]

    connection = ldap.initialize(f"ldap://{settings['host']}:{settings['port']}")
    connection.simple_bind_s(settings["username"], settings["password"])
    control = SimplePagedResultsControl(True, size=PAGE, cookie="")
    while True:
        number = connection.search_ext(PEOPLE, ldap.SCOPE_SUBTREE, FILTER, list(ATTRIBUTES), serverctrls=[control])
        _, rows, _, controls = connection.result3(number)
        yield from rows
        [control.cookie] = [each.cookie for each in controls if each.controlType == control.controlType]
        if not control.cookie:
            return


def _client(settings: Settings) -> Any:
    from connectors.ldap.auth import Auth
    from hub.sdk import Opening, Policy
    from hub.sdk.guarded import GuardedEgress

    egress = GuardedEgress(Policy(("127.0.0.1",)))
    return Auth().open(Auth.Settings.model_validate({**settings, "security": "none"}), Opening(egress))


WAYS: dict[str, Callable[[Settings], Iterator[object]]] = {
    "ours": ours,
    "users": users,
    "memberships": memberships,
    "ldap3_first": ldap3_first,
    "ldap3_lean": ldap3_lean,
    "python_ldap": python_ldap,
}


def main() -> None:
    way, settings = WAYS[sys.argv[1]], json.loads(sys.argv[2])
    # Loads all code, so that what is measured is the reading.
    next(iter(way(settings)))
    held = _memory("VmRSS")
    began, cpu = time.perf_counter(), time.process_time()
    count = sum(1 for _ in way(settings))
    wall, cpu = time.perf_counter() - began, time.process_time() - cpu
    print(json.dumps({"count": count, "wall": wall, "cpu": cpu, "peak_mb": _memory("VmHWM"), "held_mb": held}))


def _memory(name: str) -> float:
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith(f"{name}:"):
            return int(line.split()[1]) / 1024
    raise LookupError(name)


if __name__ == "__main__":
    main()
