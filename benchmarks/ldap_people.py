"""A large directory as LDIF: people of a company, teams, departments in departments, and groups of everybody."""

from __future__ import annotations

import base64
import random
from array import array
from collections.abc import Callable, Iterable, Iterator
from itertools import chain
from typing import TextIO

SUFFIX = "dc=northwind,dc=example"
PEOPLE, GROUPS = f"ou=people,{SUFFIX}", f"ou=groups,{SUFFIX}"
ATTRIBUTES = (
    "uid", "cn", "sn", "givenName", "displayName", "mail", "employeeNumber", "departmentNumber", "title",
    "telephoneNumber", "l", "manager",
)  # fmt: skip
_FIRST = str.split(
    "Anna Ben Chloé David Élise Farid Greta Hugo Inès Jürgen Katja Léon María Nils Olga Paul Søren Tomasz"
)
_LAST = str.split(
    "Müller Smith García Nowak Rossi Jensen Dubois Kowalski Novák Silva Ivanova Tanaka Kim Haddad Öztürk"
)
TITLES = str.split("Clerk Analyst Engineer Manager Director Underwriter Adjuster Agent Broker Auditor")
_CITIES = str.split("Berlin Paris Madrid Warszawa København Wien Zürich Lisboa Roma Praha")


def write(
    to: TextIO, people: int, groups: int, access: Callable[[dict[str, str]], Iterable[str]] = lambda _: ()
) -> int:
    """Write everything; answers how many memberships there are. `access` names further groups of a person."""
    rng = random.Random(20260101)
    to.write(f"dn: {SUFFIX}\nobjectClass: dcObject\nobjectClass: organization\no: Northwind\ndc: northwind\n\n")
    for unit in ("people", "groups"):
        to.write(f"dn: ou={unit},{SUFFIX}\nobjectClass: organizationalUnit\nou: {unit}\n\n")
    given: dict[str, array[int]] = {}
    for number in range(people):
        values = _person(rng, number)
        to.write(_lines(number, values))
        for name in access(values):
            given.setdefault(name, array("I")).append(number)
    memberships = 0
    further = ((name, [person(each) for each in numbers]) for name, numbers in given.items())
    for name, members in chain(_groups(rng, people, groups), further):
        to.write(f"dn: {group(name)}\nobjectClass: groupOfNames\ncn: {name}\n")
        to.writelines(f"member: {member}\n" for member in members)
        to.write("\n")
        memberships += len(members)
    return memberships


def person(number: int) -> str:
    return f"uid=u{number:07d},{PEOPLE}"


def group(name: str) -> str:
    return f"cn={name},{GROUPS}"


def _person(rng: random.Random, number: int) -> dict[str, str]:
    first, last = rng.choice(_FIRST), rng.choice(_LAST)
    return {
        "uid": f"u{number:07d}", "cn": f"{first} {last} {number}", "sn": last, "givenName": first,
        "displayName": f"{last}, {first}", "mail": f"u{number:07d}@northwind.example",
        "employeeNumber": str(100_000 + number), "departmentNumber": f"D{rng.randrange(400):03d}",
        "title": rng.choice(TITLES), "telephoneNumber": f"+49 30 {rng.randrange(10**7):07d}",
        "l": rng.choice(_CITIES), "manager": person(number // 12),
    }  # fmt: skip


def _lines(number: int, values: dict[str, str]) -> str:
    lines = [f"dn: {person(number)}", "objectClass: inetOrgPerson"]
    for name, value in values.items():
        plain = value.isascii()
        lines.append(f"{name}: {value}" if plain else f"{name}:: {base64.b64encode(value.encode()).decode()}")
    return "\n".join(lines) + "\n\n"


def _groups(rng: random.Random, people: int, groups: int) -> Iterator[tuple[str, list[str]]]:
    """Teams of 20 to 120, applications of 100 to 1,000, departments five deep with one cycle, and very large ones."""
    large, departments, applications = max(2, groups // 100), groups * 14 // 100, groups * 15 // 100
    teams = groups - large - departments - applications
    place = 0
    for number in range(teams):
        size = rng.randrange(20, 121)
        yield f"team-{number}", [person((place + each) % people) for each in range(min(size, people))]
        place += size
    for number in range(applications):
        chosen = rng.sample(range(people), min(people, rng.randrange(100, 1001)))
        yield f"app-{number}", [person(each) for each in chosen]
    lower = [f"team-{number}" for number in range(teams)]
    level = max(1, departments // 5)
    for begin in range(0, departments, level):
        names = [f"dept-{number}" for number in range(begin, min(begin + level, departments))]
        for name in names:
            inside = dict.fromkeys(rng.sample(lower, min(len(lower), rng.randrange(3, 12))))
            other = {"dept-0": "dept-1", "dept-1": "dept-0"}.get(name)
            yield name, [group(each) for each in inside] + ([group(other)] if other else [])
        lower = names
    for number in range(large):
        start = 0 if number == 0 else rng.randrange(people)
        size = people if number == 0 else min(people, 20_000)
        yield f"large-{number}", [person((start + each) % people) for each in range(size)]
