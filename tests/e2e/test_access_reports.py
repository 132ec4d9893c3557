"""Use 1: the report says who sees what, and why, and agrees with what people's own tokens see."""

from __future__ import annotations

import io
from collections.abc import Callable

import pytest
from django.core.management import call_command
from rest_framework.test import APIClient

from hub.accounts.access import Actor
from hub.accounts.roles import Role
from hub.api.errors import Conflict, NotFound
from hub.sdk import UnexpectedReply
from hub.sdk.sandbox import Fault, FaultKind
from tests.e2e.access import DOMAINS, SLUG, Access
from tests.e2e.stage import Stage
from tests.people import join, make_person
from workflows.services import access_reports, sample


@pytest.fixture
def access(sandboxed: Stage) -> Access:
    made = Access(sandboxed)
    made.apply()
    return made


@pytest.mark.parametrize("person", ["amara.diallo", "henrik.olsen", "priya.nair", "gwen.parry", "marcus.webb"])
def test_the_report_of_a_person_is_what_their_own_token_sees(access: Access, person: str) -> None:
    report = access_reports.of_person(access.stage.actor, SLUG, person)

    told = {
        each["domain"]: ({row["id"] for row in each["templates"] if row["type"] == "exstrapplication"}, each["jobs"])
        for each in report["domains"]
    }
    seen = {}
    for domain in DOMAINS if access.stage.token(person) else ():
        rows = access.templates_of(person, domain)
        if rows is not None:
            seen[domain] = (set(rows), access.jobs_of(person, domain))
    assert told == seen


def test_the_report_of_a_person_says_by_which_rule_values_plan_and_group(access: Access) -> None:
    report = access_reports.of_person(access.stage.actor, SLUG, "otto.keller@Northwind")

    (domain,) = report["domains"]
    (role,) = domain["roles"]
    assert (role["role"], role["way"], role["rules"]) == ("readonly", ["exs.emea-prod.readonly@Northwind"], [5])
    assert role["joined"]["because"] == {"department": "Claims", "country": "DE"}
    assert (role["joined"]["rule"], role["assigned"]["rules"]) == (5, [5])
    assert role["joined"]["plan"] == role["assigned"]["plan"]
    assert role["rights"] == {"all": ["READ"]}


def test_the_report_of_a_template_names_everybody_who_sees_it_and_nobody_else(access: Access) -> None:
    found = access.templates_of("gwen.parry", "uk-prod") or {}
    welcome = next(each for each, name in found.items() if name == "Welcome pack")

    report = access_reports.of_template(access.stage.actor, SLUG, welcome)

    for each in ("amara.diallo", "henrik.olsen", "gwen.parry", "otto.keller", "priya.nair"):
        sees = any(welcome in (access.templates_of(each, domain) or {}) for domain in DOMAINS)
        assert any(row["person"]["id"] == f"{each}@Northwind" for row in report["people"]) == sees


def test_access_that_no_rule_asks_for_any_more_is_told_until_a_run_takes_it_away(access: Access) -> None:
    access.stage.set_attribute("otto.keller", "oTDepartment", "Finance")

    (domain,) = access_reports.of_person(access.stage.actor, SLUG, "otto.keller")["domains"]

    assert domain["roles"][0]["rules"] == []
    access.apply()
    assert access_reports.of_person(access.stage.actor, SLUG, "otto.keller")["domains"] == []


def test_nobody_reports_on_a_reading_that_is_not_whole(access: Access) -> None:
    access.stage.otds.app.faults.add(Fault(kind=FaultKind.FEWER_ROWS, path="*/groups"))

    with pytest.raises(UnexpectedReply, match="not complete"):
        access_reports.of_person(access.stage.actor, SLUG, "amara.diallo")


def test_who_and_what_is_not_there_is_said(access: Access) -> None:
    actor = access.stage.actor
    with pytest.raises(NotFound, match="nobody called"):
        access_reports.of_person(actor, SLUG, "nobody")
    with pytest.raises(NotFound, match="no template"):
        access_reports.of_template(actor, SLUG, "nothing")
    with pytest.raises(Conflict, match="Name one by its id"):
        access_reports.of_template(actor, SLUG, "Renewal notice")
    with pytest.raises(NotFound, match=f'no installation "{sample.SLUG}"'):
        access_reports.of_person(actor, sample.SLUG, "amara.diallo")


def test_the_report_is_there_by_api_for_those_who_may_see_it(
    access: Access, api: Callable[[Actor], APIClient]
) -> None:
    place = access.stage.actor.workspace
    auditor = api(join(make_person("ada"), place, [Role.AUDITOR]))
    address = f"/api/v1/installations/{SLUG}/access"

    assert auditor.get(address, {"person": "amara.diallo"}).json()["person"]["department"] == "Communications"
    assert auditor.get(address, {"template": "Renewal notice"}).status_code == 409
    assert auditor.get(address).status_code == 422
    approver = api(join(make_person("bea"), place, [Role.APPROVER]))
    assert approver.get(address, {"person": "amara.diallo"}).status_code == 403


def test_the_report_is_there_by_command(access: Access) -> None:
    join(make_person("ada"), access.stage.actor.workspace, [Role.ADMIN])
    out = io.StringIO()
    call_command("template", "--workspace", "north", "access", SLUG, "--person", "amara.diallo", stdout=out)

    assert "designer in emea-dev by comms.emea@Northwind > dept.communications@Northwind" in out.getvalue()
    assert "Asked for by rule 6." in out.getvalue()
