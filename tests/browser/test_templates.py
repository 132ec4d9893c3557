"""Templates as people set them up, simulate, run, change and remove them."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from hub.accounts.roles import Role
from tests.browser.browsing import barriers, picture, sign_in
from tests.e2e.conftest import sandboxed, stage
from tests.e2e.stage import Stage
from tests.people import join, make_person
from tests.workflows.engine.conftest import work
from workflows.models import Installation, Plan, Run, Workflow
from workflows.services import sample, templates
from workflows.services import workflows as workflow_services
from workflows.services.templates import install

__all__ = ["sandboxed", "stage"]

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
NAME = "joiner-mover-leaver"
PAGE = f"/templates/{NAME}"


@pytest.fixture(autouse=True)
def nothing_installed(stage: Stage) -> None:
    """What manages the same groups would be in the way."""
    templates.uninstall(stage.actor, sample.SLUG)


@pytest.fixture
def ada(stage: Stage) -> None:
    join(make_person("ada"), stage.actor.workspace, Role)


def test_an_admin_installs_the_provisioning_template_simulates_and_runs_it(
    page: Page, live_server: Any, stage: Stage, ada: None
) -> None:
    sign_in(page, live_server.url, then="/templates", as_="ada")
    page.get_by_role("link", name="Joiner, mover, leaver provisioning").click()
    expect(page.get_by_role("heading", name="What it writes")).to_be_visible()
    form = page.get_by_role("region", name="Install", exact=True)
    form.get_by_label("Short name").fill("access")
    form.get_by_role("button", name="Install").click()
    expect(form.get_by_label("Connection to the directory")).to_have_attribute("aria-invalid", "true")

    given = sample.parameters()
    form.get_by_label("Connection to the directory").select_option(given["directory"])
    form.get_by_role("button", name="Test Directory").click()
    expect(form.get_by_text("Works", exact=True)).to_be_visible()
    form.get_by_label("Partition of people").fill(given["partition"])
    form.get_by_label("Access groups begin with").fill("exs.")
    rules = form.get_by_role("group", name="Who gets which groups")
    rules.get_by_label("New column in").fill("department")
    rules.get_by_role("button", name="Add a column").click()
    rules.get_by_role("button", name="Add a row").click()
    rules.get_by_label("department, row 1", exact=True).fill("claims, sales")
    rules.get_by_label("Gets the groups, row 1", exact=True).fill("exs.emea-dev.designer")
    picture(page, "template-set-up")
    assert barriers(page) == []
    form.get_by_role("button", name="Install").click()
    expect(page.get_by_role("button", name="Simulate access")).to_be_visible()
    held = Installation.objects.get(slug="access")
    assert held.parameters["rules"] == [
        {"when": {"department": ["claims", "sales"]}, "groups": ["exs.emea-dev.designer"]}
    ]
    install(stage.actor, NAME, slug="access", parameters=given)

    page.reload()
    page.get_by_role("button", name="Simulate access").click()
    expect(page.get_by_role("heading", name="Changes")).to_be_visible(timeout=30_000)
    assert stage.write_counts() == (0, 0)
    picture(page, "template-simulated")
    page.goto(live_server.url + PAGE)
    page.get_by_role("button", name="Start access").click()
    expect(page.get_by_text("Stored, and waiting for a worker.")).to_be_visible()
    work()
    plan = Plan.objects.get(step__run__workflow__slug="access")
    page.get_by_role("link", name="The plan").first.click()
    expect(page).to_have_url(f"{live_server.url}/plans/{plan.id}")
    expect(page.get_by_role("link", name="a run")).to_be_visible()


def test_an_installation_is_changed_and_removed(page: Page, live_server: Any, stage: Stage, ada: None) -> None:
    install(stage.actor, NAME, slug="access", parameters=sample.parameters())
    sign_in(page, live_server.url, then=f"{PAGE}?slug=access", as_="ada")
    form = page.get_by_role("region", name="Configure access")
    expect(form.get_by_label("Gets the groups, row 1", exact=True)).not_to_have_value("")
    form.get_by_label("Days of grace").fill("4")
    form.get_by_role("button", name="Save and publish").click()
    expect(form).to_be_hidden()
    assert Installation.objects.get(slug="access").parameters["grace_days"] == 4

    page.get_by_role("button", name="Remove access").click()
    page.get_by_role("dialog").get_by_role("button", name="Remove", exact=True).click()
    expect(page.get_by_role("button", name="Start access")).to_be_hidden()


def test_what_a_start_asks_for_is_asked_with_a_form_and_errors_stand_at_the_field(
    page: Page, live_server: Any, stage: Stage, ada: None
) -> None:
    install(stage.actor, NAME, slug="access", parameters=sample.parameters())
    held = Workflow.objects.get(slug="access")
    form = {"type": "object", "required": ["reason"], "properties": {
        "reason": {"type": "string", "minLength": 1, "title": "Reason"},
        "since": {"type": "string", "format": "date", "title": "Since"},
    }}  # fmt: skip
    by_hand = {"id": "by_hand", "kind": "manual", "settings": {"input": form}}
    others = [each for each in held.draft["triggers"] if each["kind"] != "manual"]
    document = held.draft | {"triggers": [by_hand, *others]}
    saved = workflow_services.save_draft(stage.actor, "access", document=document, revision=held.revision)
    workflow_services.publish(stage.actor, "access", revision=saved.revision)

    sign_in(page, live_server.url, then=PAGE, as_="ada")
    page.get_by_role("button", name="Start access").press("Enter")
    asked = page.get_by_role("dialog", name="Start access")
    start = asked.get_by_role("button", name=re.compile("Start version"))
    expect(start).to_be_enabled()
    start.press("Enter")
    expect(asked.get_by_label("Reason")).to_have_attribute("aria-invalid", "true")
    assert not Run.objects.filter(workflow=held).exists()
    assert barriers(page) == []
    picture(page, "template-start-asks")
    asked.get_by_label("Reason").fill("Audit")
    start.press("Enter")
    expect(page.get_by_text("Stored, and waiting for a worker.")).to_be_visible()
    assert Run.objects.get(workflow=held).payload == {"reason": "Audit"}


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.APPROVER])
def test_whoever_may_only_look_sees_no_buttons(page: Page, live_server: Any, stage: Stage, role: Role) -> None:
    install(stage.actor, NAME, slug="access", parameters=sample.parameters())
    join(make_person("ada"), stage.actor.workspace, [role])
    sign_in(page, live_server.url, then=PAGE, as_="ada")
    expect(page.get_by_role("heading", name="Installed")).to_be_visible()
    expect(page.get_by_role("button", name="Start access")).to_be_hidden()
    expect(page.get_by_role("region", name="Install", exact=True)).to_be_hidden()
