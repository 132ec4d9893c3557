"""The list of workflows, and the page of one: what starts it, starting it by hand."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from hub.accounts.access import Actor
from hub.connections.models import Connection
from tests.browser.browsing import barriers, picture, sign_in
from tests.workflows.drawing import drawn
from tests.workflows.engine.conftest import act
from workflows.engine import alerting
from workflows.models import AlertRule, Run, Trigger, Workflow
from workflows.services.workflows import create_workflow, publish, switch

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def daily(alice: Actor, connected: Connection) -> Actor:
    """A workflow with a form, a webhook and a schedule, published."""
    form = {"type": "object", "required": ["who"], "properties": {"who": {"type": "string", "title": "Who"}}}
    document = drawn("a -> b", b=act("pay")) | {
        "name": "Daily round",
        "triggers": [
            {"id": "hand", "kind": "manual", "settings": {"input": form}},
            {"id": "call", "kind": "webhook", "settings": {"check": {"kind": "token"}}},
            {"id": "daily", "kind": "schedule", "settings": {"cron": "0 7 * * *"}},
        ],
    }
    create_workflow(alice, slug="daily", document=document)
    publish(alice, "daily", revision=1)
    return alice


def test_triggers_are_switched_on_and_a_webhook_gets_its_secret(page: Page, live_server: Any, daily: Actor) -> None:
    sign_in(page, live_server.url, then="/workflows", as_="alice")
    page.get_by_role("switch", name="Triggers of Daily round").click()
    expect(page.get_by_role("switch", name="Triggers of Daily round")).to_be_checked()
    picture(page, "workflows")
    assert barriers(page) == []
    page.get_by_role("link", name="Daily round", exact=True).click()
    call = page.get_by_role("article", name="Trigger call")
    expect(call.get_by_text("It has no secret yet")).to_be_visible()
    call.get_by_role("button", name="Make a secret").click()
    expect(call.get_by_text("The new secret, shown this once:")).to_be_visible()
    expect(call.get_by_text("It has no secret yet")).to_be_hidden()
    call.get_by_text("Call it with curl").click()
    expect(call.get_by_label("curl")).to_contain_text("Authorization: Bearer THE-SECRET")
    every = page.get_by_role("article", name="Trigger daily")
    expect(every.get_by_text("Every day at 07:00")).to_be_visible()
    every.get_by_text("Next: ").click()
    expect(every.get_by_role("listitem")).to_have_count(10)
    picture(page, "workflow")
    assert barriers(page) == []

    page.reload()
    expect(call.get_by_role("button", name="Replace the secret")).to_be_visible()
    expect(page.get_by_text("The new secret")).to_be_hidden()


def test_a_gap_in_the_form_is_shown_at_its_field_and_then_the_run_starts(
    page: Page, live_server: Any, daily: Actor
) -> None:
    sign_in(page, live_server.url, then="/workflows/daily", as_="alice")
    page.get_by_text("Start a run of version 1").click()
    page.get_by_role("button", name="Start version 1").click()
    expect(page.get_by_text("Nothing was started")).to_be_visible()
    assert not Run.objects.exists()
    page.get_by_label("Who").fill("Amara")
    page.get_by_role("button", name="Start version 1").click()
    expect(page.get_by_text("Stored, and waiting for a worker.")).to_be_visible()
    assert Run.objects.get().payload == {"who": "Amara"}


@pytest.mark.parametrize("text", ['{"a": 1,}', "[1]", "7"])
def test_input_that_is_no_json_object_is_given_back_to_be_mended(
    page: Page, live_server: Any, alice: Actor, text: str
) -> None:
    create_workflow(alice, slug="plain", document=drawn("a"))
    publish(alice, "plain", revision=1)
    sign_in(page, live_server.url, then="/workflows/plain", as_="alice")
    page.get_by_text("Start a run of version 1").click()
    page.get_by_label("Input (JSON, read as trigger)").fill(text)
    page.get_by_role("button", name="Start version 1").click()
    expect(page.get_by_role("alert")).to_contain_text("Nothing was started")
    expect(page.get_by_label("Input (JSON, read as trigger)")).to_have_value(text)
    assert not Run.objects.exists()


def test_a_workflow_is_exported_and_imported_as_another_one(
    page: Page, live_server: Any, daily: Actor, tmp_path: Path
) -> None:
    sign_in(page, live_server.url, then="/workflows/daily", as_="alice")
    with page.expect_download() as exported:
        page.get_by_role("button", name="Export").click()
    file = tmp_path / "daily.json"
    exported.value.save_as(file)
    assert json.loads(file.read_text())["name"] == "Daily round"

    page.goto(f"{live_server.url}/workflows")
    broken = tmp_path / "broken.json"
    broken.write_text("no json")
    page.get_by_label("An exported workflow").set_input_files(broken)
    expect(page.get_by_role("alert")).to_contain_text("exported here")
    broken.write_bytes(b"[" * (11 * 1024 * 1024))
    page.get_by_label("An exported workflow").set_input_files(broken)
    expect(page.get_by_role("alert")).to_contain_text("larger than 10 MB")
    page.get_by_label("An exported workflow").set_input_files(file)
    expect(page.get_by_role("button", name="Publish", exact=True)).to_be_visible()
    assert Workflow.objects.count() == 2


def test_a_workflow_is_taken_out_of_service_only_after_asking(page: Page, live_server: Any, daily: Actor) -> None:
    sign_in(page, live_server.url, then="/workflows/daily", as_="alice")
    page.get_by_role("button", name="Take out of service…").click()
    page.get_by_role("button", name="Take out of service", exact=True).click()
    expect(page.get_by_text("Nothing is published, so nothing starts it.")).to_be_visible()
    assert Workflow.objects.get().published is None


def test_somebody_is_told_when_a_workflow_is_not_well_and_the_home_page_shows_it(
    page: Page, live_server: Any, daily: Actor
) -> None:
    switch(daily, "daily", on=True)
    Trigger.objects.filter(name="daily").update(due_at=timezone.now() - timedelta(hours=2))
    sign_in(page, live_server.url, then="/workflows/daily", as_="alice")
    rules = page.get_by_role("region", name="Alerts")
    rules.get_by_role("button", name="Watch: It is late").press("Enter")
    form = rules.get_by_role("form", name="It is late")
    form.get_by_label("For how long").fill("")
    form.get_by_role("button", name="Save").press("Enter")
    expect(form.get_by_text("Say for how long.").first).to_be_visible()
    form.get_by_label("For how long").fill("1")
    form.get_by_label("Unit").select_option("hours")
    picture(page, "alert-rule")
    assert barriers(page) == []
    form.get_by_role("button", name="Save").press("Enter")
    expect(rules.get_by_text("when nothing started 1 hour after it was due")).to_be_visible()
    assert AlertRule.objects.get().seconds == 3600

    assert alerting.look() == 1
    page.goto(f"{live_server.url}/")
    expect(page.get_by_role("region", name="Late workflows")).to_contain_text("Daily round")
    expect(page.get_by_role("region", name="Alerts")).to_contain_text("It should have been started, and was not.")
    picture(page, "home-alerts")
    assert barriers(page) == []
    page.get_by_role("link", name="1 Late workflows").click()
    expect(page.get_by_role("row").filter(has_text="Daily round")).to_contain_text("late")
    page.goto(f"{live_server.url}/alerts")
    expect(page.get_by_role("row").filter(has_text="Daily round")).to_contain_text("It is late")
    picture(page, "alerts")
    assert barriers(page) == []

    page.get_by_role("link", name="Daily round").click()
    rules.get_by_role("button", name="Change: It is late").click()
    form.get_by_role("button", name="Watch it no more").click()
    expect(rules.get_by_text("not watched")).to_have_count(4)
