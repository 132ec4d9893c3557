"""The main job, unchanged, with 389 Directory Server and with Samba's Active Directory as the directory."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from connectors.ldap.lines import dial
from connectors.ldap.settings import Settings
from connectors.otds.sandbox.northwind import DOMAINS, Person, people
from hub.connections import egress_rules
from hub.connections import services as connections
from hub.sdk import Policy
from hub.sdk.guarded import GuardedEgress
from tests.connectors.ldap import ds389, samba
from tests.e2e.stage import Stage
from tests.workflows.engine.conftest import work
from workflows.models import Plan
from workflows.services import plans, sample, templates

SLUG = "by-directory"


@dataclass(frozen=True)
class Product:
    """How a product writes people and groups."""

    running: Callable[[Path], AbstractContextManager[dict[str, Any]]]
    suffix: str
    rdn: str
    person: Callable[[Person], dict[str, Any]]
    person_class: str
    group_class: str


def _of_389(person: Person) -> dict[str, Any]:
    gone = {"nsAccountLock": "true"} if person.disabled else {}
    return {"cn": f"{person.first} {person.last}", "sn": person.last, "title": person.title, "c": person.country,
            "departmentNumber": person.department, **gone}  # fmt: skip


def _of_samba(person: Person) -> dict[str, Any]:
    return {"sAMAccountName": person.login, "sn": person.last, "title": person.title, "c": person.country,
            "department": person.department, "userAccountControl": "546" if person.disabled else "544"}  # fmt: skip


PRODUCTS = {
    "389ds": Product(ds389.running, ds389.SUFFIX, "uid", _of_389, "inetOrgPerson", "groupOfNames"),
    "samba": Product(samba.running, samba.SUFFIX, "cn", _of_samba, "user", "group"),
}


@pytest.fixture(params=list(PRODUCTS))
def directory(request: pytest.FixtureRequest, stage: Stage, tmp_path: Path) -> Iterator[None]:
    """A connection "directory-by-ldap" to a server in which Lena is where she no longer should be."""
    product = PRODUCTS[request.param]
    folder = tmp_path / request.param
    folder.mkdir()
    with product.running(folder) as settings:
        settings |= {"base": f"ou=northwind,{product.suffix}"}
        _fill(product, settings)
        egress_rules.add_rule(stage.actor, target=f"localhost:{settings['port']}", note="The test's directory.")
        connections.create_connection(
            stage.actor, name="By LDAP", slug="directory-by-ldap", connector="ldap", settings=settings
        )
        yield


def _fill(product: Product, settings: dict[str, Any]) -> None:
    line = dial(Settings.model_validate(settings), GuardedEgress(Policy(("127.0.0.1",))))
    admin, base = line.ldap, settings["base"]
    admin.raise_exceptions = True
    admin.add(base, ["organizationalUnit"])
    roles = ("designer", "approver", "operator")
    access: dict[str, list[str]] = {f"exs.{domain}.{role}": [] for domain in DOMAINS for role in roles}
    classes = [product.person_class, *(["extensibleObject"] if product.rdn == "uid" else [])]
    for person in people(64):
        dn = f"{product.rdn}={person.login},{base}"
        admin.add(dn, classes, product.person(person))
        for name in person.rightful_groups if person.login != "amara.diallo" else ():
            access[name].append(dn)
        if person.login == "lena.vogt":
            access["exs.emea-prod.designer"].append(dn)
        if person.login == "marcus.webb":
            access["exs.uk-prod.designer"].append(dn)
    for name, members in access.items():
        admin.add(f"cn={name},{base}", [product.group_class], {"member": members} if members else {})
    line.close()


@pytest.mark.usefixtures("directory")
def test_people_get_exactly_the_groups_of_their_rules_and_a_second_run_plans_nothing(stage: Stage) -> None:
    given = sample.parameters() | {"directory": "directory-by-ldap"}
    for name in ("seats", "attributes", "start_field", "end_field"):
        given.pop(name)
    templates.install(stage.actor, sample.TEMPLATE, slug=SLUG, parameters=given)

    run = templates.run(stage.actor, SLUG)
    work()

    plan = Plan.objects.get(step__run=run)
    assert plans.summary(plan) == {"applied": plan.changes.count()}
    assert {(each.operation, each.key) for each in plan.changes.filter(resource="ldap.group_members")} == {
        ("create", "exs.emea-dev.designer@Northwind>amara.diallo@Northwind"),
        ("create", "exs.emea-prod.designer@Northwind>amara.diallo@Northwind"),
        ("delete", "exs.emea-prod.designer@Northwind>lena.vogt@Northwind"),
        ("delete", "exs.uk-prod.designer@Northwind>marcus.webb@Northwind"),
    }
    assert templates.simulate(stage.actor, SLUG).changes.count() == 0
