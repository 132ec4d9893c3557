"""The main job with an OpenLDAP as the directory: the template does not know which way a directory is read."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import Any

import ldap3
import pytest
from django.core.management import call_command
from django.utils import timezone

from connectors.otds.sandbox.northwind import DOMAINS, people
from hub.accounts.access import fetch
from hub.api.errors import Conflict, Invalid
from hub.connections import egress_rules
from hub.connections import services as connections
from hub.connections.models import Connection
from hub.connections.self_check import check_directory
from tests.connectors.ldap.northwind import PEOPLE, group, group_dn, person, person_dn, top
from tests.connectors.ldap.slapd import ADMIN, PASSWORD, Slapd, running
from tests.e2e.stage import Stage
from tests.workflows.engine.conftest import work
from workflows.models import Plan, PlanState, Run, Trigger
from workflows.services import plans, sample, templates
from workflows.triggers.polling import ask

SLUG = "by-ldap"
NOBODY = f"uid=nobody,{PEOPLE}"
"""A group has to have a member; this one does not exist."""


@dataclass
class ByLdap:
    stage: Stage
    server: Slapd
    admin: ldap3.Connection

    def install(self, **changed: Any) -> None:
        given = sample.parameters()
        for name in ("seats", "attributes", "start_field", "end_field"):
            given.pop(name)
        given |= {"directory": "openldap", **changed}
        templates.install(self.stage.actor, sample.TEMPLATE, slug=SLUG, parameters=given)

    def simulate(self) -> Plan:
        return templates.simulate(self.stage.actor, SLUG)

    def apply(self) -> Plan:
        run = templates.run(self.stage.actor, SLUG)
        work()
        return Plan.objects.get(step__run=run)

    def members(self, name: str) -> set[str]:
        self.admin.search(group_dn(name), "(objectClass=*)", ldap3.BASE, attributes=["member"])
        found = self.admin.response[0]["raw_attributes"]["member"]
        return {dn.decode().partition(",")[0].removeprefix("uid=") for dn in found} - {"nobody"}

    def change(self, login: str, **values: str) -> None:
        self.admin.modify(
            person_dn(login), {name: [(ldap3.MODIFY_REPLACE, [value])] for name, value in values.items()}
        )


def ldif() -> str:
    """The people of the sample; Lena is where she no longer should be, and Amara is not yet where she should be."""
    roles = ("designer", "approver", "operator")
    access: dict[str, list[str]] = {f"exs.{domain}.{role}": [] for domain in DOMAINS for role in roles}
    rows = [top()]
    for each in people(64):
        gone = {"shadowExpire": "1"} if each.disabled else {}
        rows.append(
            person(each.login, f"{each.first} {each.last}", title=each.title, departmentNumber=each.department,
                   c=each.country, **gone)
        )  # fmt: skip
        for name in each.rightful_groups if each.login != "amara.diallo" else ():
            access[name].append(each.login)
    access["exs.emea-prod.designer"].append("lena.vogt")
    access["exs.uk-prod.designer"].append("marcus.webb")
    rows += [group(name, NOBODY, *map(person_dn, members)) for name, members in access.items()]
    return "".join(rows)


@pytest.fixture
def by_ldap(stage: Stage, tmp_path: Path) -> Iterator[ByLdap]:
    folder = tmp_path / "slapd"
    folder.mkdir()
    with running(folder, ldif()) as server:
        egress_rules.add_rule(stage.actor, target=f"localhost:{server.tls_port}", note="The test's OpenLDAP.")
        connections.create_connection(
            stage.actor, name="OpenLDAP", slug="openldap", connector="ldap", settings=server.settings()
        )
        plain = ldap3.Server("127.0.0.1", port=server.port, get_info=ldap3.NONE)
        with ldap3.Connection(plain, ADMIN, PASSWORD, raise_exceptions=True) as admin:
            made = ByLdap(stage, server, admin)
            made.install()
            yield made


def test_people_get_exactly_the_groups_of_their_rules_and_a_second_run_plans_nothing(by_ldap: ByLdap) -> None:
    plan = by_ldap.apply()

    assert plans.summary(plan) == {"applied": plan.changes.count()}
    changed = {(change.operation, change.key) for change in plan.changes.filter(resource="ldap.group_members")}
    assert changed == {
        ("create", "exs.emea-dev.designer@Northwind>amara.diallo@Northwind"),
        ("create", "exs.emea-prod.designer@Northwind>amara.diallo@Northwind"),
        ("delete", "exs.emea-prod.designer@Northwind>lena.vogt@Northwind"),
        ("delete", "exs.uk-prod.designer@Northwind>marcus.webb@Northwind"),
    }
    rightful: dict[str, set[str]] = {}
    for each in people(64):
        for name in each.rightful_groups:
            rightful.setdefault(name, set()).add(each.login)
    assert {name: by_ldap.members(name) for name in rightful} == rightful
    assert by_ldap.simulate().changes.count() == 0


def test_a_leaver_keeps_no_lock_in_exstream(by_ldap: ByLdap) -> None:
    plan = by_ldap.apply()

    taken = {change.resource for change in plan.changes.filter(operation="delete") if "marcus" in str(change.before)}
    assert taken == {"ldap.group_members", "exstream.locks"}


def test_what_changes_in_the_directory_starts_a_run(by_ldap: ByLdap) -> None:
    by_ldap.apply()
    trigger = Trigger.objects.get(kind="event", workflow__slug=SLUG)
    ask(trigger.id)
    by_ldap.change("otto.keller", title="Template designer")
    by_ldap.admin.delete(person_dn("gwen.parry"))

    Trigger.objects.filter(id=trigger.id).update(due_at=timezone.now())
    assert ask(trigger.id) == 1
    work()

    run = Run.objects.latest("id")
    assert (run.state, run.payload["count"]) == ("succeeded", 2)
    assert "otto.keller" in by_ldap.members("exs.emea-prod.designer")


def test_undo_puts_back_what_was_changed(by_ldap: ByLdap) -> None:
    by_ldap.apply()
    by_ldap.change("gwen.parry", c="SG")
    plan = by_ldap.apply()
    assert "gwen.parry" in by_ldap.members("exs.apac-prod.designer")

    back = plans.undo_plan(by_ldap.stage.actor, plan.id)
    plans.apply_plan(by_ldap.stage.actor, back.id)

    assert "gwen.parry" in by_ldap.members("exs.uk-prod.designer")
    assert "gwen.parry" not in by_ldap.members("exs.apac-prod.designer")


def test_a_reading_that_is_not_complete_plans_no_removal(by_ldap: ByLdap) -> None:
    held = fetch(by_ldap.stage.actor, Connection, slug="openldap")
    connections.update_connection(
        by_ldap.stage.actor, connection=held.id, revision=held.revision,
        settings=by_ldap.server.settings(must_be_found=["somebody.else"]),
    )  # fmt: skip

    plan = by_ldap.simulate()

    assert plan.state == PlanState.REFUSED
    assert "somebody.else must be found" in str(plan.guards)


def test_seats_are_of_directory_services_only(by_ldap: ByLdap) -> None:
    with pytest.raises(Invalid) as caught:
        by_ldap.install(seats={"resource": "exstream", "counter": "NAMED_DESIGNER"})

    assert caught.value.errors[0]["pointer"] == "/parameters/seats"


def test_a_directory_is_checked_on_demand_and_with_every_plan(by_ldap: ByLdap) -> None:
    by_ldap.change("gwen.parry", mail="lena.vogt@northwind.example")
    said = StringIO()
    call_command("check_directory", "--workspace", by_ldap.stage.actor.workspace.slug, "openldap", stdout=said)
    found = json.loads(said.getvalue())

    assert found["complete"]
    assert found["strangers"] == [NOBODY]
    assert found["used_twice"] == {"mail": ["lena.vogt@northwind.example"]}
    warned = [each["message"] for each in by_ldap.simulate().guards if each["warning"]]
    assert "The directory: 1 e-mail addresses are used by several people." in warned
    otds = fetch(by_ldap.stage.actor, Connection, slug="directory")
    with pytest.raises(Conflict, match="cannot check a directory"):
        check_directory(by_ldap.stage.actor, connection=otds.id)
