"""The people of Northwind Mutual: who they are, decided by number so that every seed is the same."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from connectors.otds.sandbox.directory import PARTITION, new

SPACE = uuid.UUID("6f1d0f2e-7a35-4c1c-9a0e-5d4b0f3c2a11")
SEEDED_AT = "2026-01-05T08:00:00Z"
COUNTRIES = ("DE", "FR", "GB", "SG", "US")
REGIONS = {"DE": "emea", "FR": "emea", "GB": "uk", "SG": "apac", "US": "americas"}
JOBS = {"Template designer": "designer", "Compliance reviewer": "approver", "Print operator": "operator"}
DOMAINS = ("emea-dev", "emea-prod", "uk-prod", "apac-prod", "americas-prod")
COST_CENTRES = {
    "Claims": "CC-4100",
    "Underwriting": "CC-4200",
    "Communications": "CC-5100",
    "Compliance": "CC-5200",
    "Operations": "CC-6100",
    "IT": "CC-7100",
    "Finance": "CC-8100",
    "HR": "CC-8200",
}
_WORK = (
    ("Template designer", "Communications"),
    ("Template designer", "Communications"),
    ("Compliance reviewer", "Compliance"),
    ("Compliance reviewer", "Compliance"),
    ("Print operator", "Operations"),
    ("Print operator", "Operations"),
    ("Claims handler", "Claims"),
    ("Claims handler", "Claims"),
    ("Underwriter", "Underwriting"),
    ("Systems engineer", "IT"),
    ("Accountant", "Finance"),
    ("HR partner", "HR"),
)
_FIRST = str.split(
    "anna ben carla david elif farid grace hugo ines jonas kira liam maya nils olga paul quinn rosa "
    "samir tara umar vera wei xenia yara zoe adil bela chen dina emre fleur goran hana ivan joy kofi "
    "leila milo noor"
)
_LAST = str.split(
    "abbott bauer chan dubois evans fischer garcia huber ibrahim jensen klein lim moreau nguyen okafor "
    "petit quist rossi schulz tan ueda vogel walsh xu yilmaz zimmer adams brandl costa duval engel "
    "fraser goh hahn"
)


@dataclass(frozen=True)
class Person:
    login: str
    first: str
    last: str
    title: str
    department: str
    country: str
    number: int
    contractor: bool = False
    disabled: bool = False

    @property
    def role(self) -> str:
        return JOBS.get(self.title, "")

    @property
    def rightful_groups(self) -> tuple[str, ...]:
        """The access groups that the job function means."""
        if not self.role or self.disabled:
            return ()
        region = REGIONS[self.country]
        dev = ("exs.emea-dev.designer",) if self.role == "designer" and region == "emea" else ()
        return (f"exs.{region}-prod.{self.role}", *dev)


def _named(login: str, title: str, department: str, country: str, number: int, *, disabled: bool = False) -> Person:
    first, last = login.split(".")
    return Person(login, first.title(), last.title(), title, department, country, number, disabled=disabled)


NAMED = (
    _named("tessa.brandt", "Tenant administrator", "IT", "DE", 1001),
    _named("amara.diallo", "Template designer", "Communications", "DE", 1002),
    _named("henrik.olsen", "Compliance reviewer", "Compliance", "DE", 1003),
    _named("priya.nair", "Print operator", "Operations", "SG", 1004),
    _named("otto.keller", "Claims handler", "Claims", "DE", 1005),
    _named("gwen.parry", "Template designer", "Communications", "GB", 1006),
    _named("marcus.webb", "Template designer", "Communications", "GB", 1007, disabled=True),
    _named("lena.vogt", "Claims handler", "Claims", "DE", 1008),
)


def key_of(kind: str, name: str) -> str:
    """A uuid that is the same in every seed."""
    return str(uuid.uuid5(SPACE, f"{kind}/{name}"))


def people(count: int) -> Iterator[Person]:
    """The named people and as many others as make `count`; every country has every job function."""
    yield from NAMED
    for index in range(count - len(NAMED)):
        country = COUNTRIES[index % len(COUNTRIES)]
        turn = index // len(COUNTRIES)
        title, department = _WORK[turn % len(_WORK)]
        if count > 1000 and (index * 2654435761 >> 8) % 10 >= 2 and title in JOBS:
            title, department = "Claims handler", "Claims"  # In a large company the special jobs are few.
        first = _FIRST[index % len(_FIRST)]
        last = _LAST[(index * 7 + turn) % len(_LAST)]
        login = f"{first}.{last}" if count <= 1000 else f"{first}.{last}.{index}"
        yield Person(
            login, first.title(), last.title(), title, department, country, 1100 + index, contractor=index % 9 == 4
        )


def manager_of(person: Person) -> str:
    """Tessa leads IT in Germany; everyone else reports to a named person nearby, the named to Tessa."""
    if person.login == "tessa.brandt":
        return ""
    if person in NAMED:
        return f"tessa.brandt@{PARTITION}"
    near = {"SG": "priya.nair", "US": "priya.nair", "GB": "gwen.parry"}.get(person.country, "henrik.olsen")
    return f"{near}@{PARTITION}"


def stored(person: Person) -> dict[str, Any]:
    """A person as the directory keeps one."""
    mail = f"{person.login}@northwind.example"
    attributes = {
        "givenName": [person.first],
        "sn": [person.last],
        "displayName": [f"{person.first} {person.last}"],
        "mail": [mail],
        "oTExternalID3": [mail],
        "title": [person.title],
        "oTDepartment": [person.department],
        "oTCompany": ["Northwind Mutual"],
        "c": [person.country],
        "oTExtraAttr1": [f"NW-{person.number:06d}"],
        "oTExtraAttr2": [COST_CENTRES[person.department]],
        "oTExtraAttr3": [manager_of(person)],
        "oTExtraAttr4": [f"20{14 + person.number % 12:02d}-{1 + person.number % 12:02d}-01"],
        "oTExtraAttr5": [f"2027-{1 + person.number % 12:02d}-28" if person.contractor else ""],
        "accountDisabled": ["true" if person.disabled else "false"],
        "accountLockedOut": ["false"],
        "pwdReset": ["false"],
        "schemaType": ["1"],
    }
    if person.login == "tessa.brandt":
        attributes["oTType"] = ["TenantAdminUser"]
    made = new(
        "users",
        person.login,
        PARTITION,
        attributes=attributes,
        description="Contractor" if person.contractor else "",
        key=key_of("user", person.login),
        at=SEEDED_AT,
    )
    made["sample"] = True
    return made
