"""How long things are kept, what is held, what retention has removed, and masks."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from hub.accounts.access import Actor
from tests.browser.browsing import barriers, picture, sign_in
from tests.workflows.drawing import drawn
from tests.workflows.engine.conftest import work
from workflows.engine import weighing
from workflows.engine.removing import remove_old
from workflows.models import KeepRule, Run, RunHold
from workflows.services import retention
from workflows.services.runs import start_run
from workflows.services.workflows import create_workflow, publish

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
ROWS = "=[1..3000].{'id': $, 'text': 'some room for it'}"


@pytest.fixture
def run(alice: Actor) -> Run:
    document = drawn("rows", rows={"kind": "transform", "settings": {"value": ROWS}})
    privacy = [{"path": "$.iban", "class": "personal"}]
    create_workflow(alice, slug="claims", document=document | {"name": "Claims", "privacy": privacy})
    publish(alice, "claims", revision=1)
    made = start_run(alice, "claims", payload={"iban": "DE89370400440532013000", "city": "Ulm"})
    work()
    weighing.weigh_all()
    return made


def test_an_administrator_sets_rules_and_holds(page: Page, live_server: Any, alice: Actor, run: Run) -> None:
    sign_in(page, live_server.url, then="/retention", as_="alice")
    expect(page.get_by_role("heading", name="Retention", exact=True)).to_be_visible()
    expect(page.get_by_role("row", name="Claims")).to_contain_text("1 run")

    page.get_by_role("button", name="Change: Inputs and outputs of steps").click()
    page.get_by_label("Days").fill("30")
    expect(page.get_by_text("That is shorter than now")).to_be_visible()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("30 days")).to_be_visible()
    assert KeepRule.objects.get().days == 30

    page.get_by_text("Place a hold").click()
    page.get_by_label("Why").fill("Lawsuit 4")
    page.get_by_label("Business key").fill("C-17")
    page.get_by_role("button", name="Place the hold").click()
    row = page.get_by_role("row", name="Lawsuit 4")
    expect(row).to_contain_text("C-17")
    picture(page, "retention")
    assert barriers(page) == []

    row.get_by_role("button", name="Lift the hold: Lawsuit 4").click()
    page.get_by_label("Why it is lifted").fill("Settled")
    page.get_by_role("button", name="Lift the hold", exact=True).click()
    expect(page.get_by_role("row", name="Lawsuit 4")).to_contain_text("Settled")
    assert RunHold.objects.get().lifted_because == "Settled"


def test_masks_large_values_and_what_was_removed_are_shown_as_such(
    page: Page, live_server: Any, alice: Actor, run: Run
) -> None:
    sign_in(page, live_server.url, then=f"/runs/{run.id}", as_="alice")
    expect(page.get_by_text("3,000 items").first).to_be_visible()
    page.get_by_role("button", name="Look into it").last.click()
    expect(page.get_by_text("From item 0 on")).to_be_visible()
    page.get_by_text("Some values are masked").click()
    page.get_by_label("Why you look").fill("The customer called")
    page.get_by_role("button", name="Show personal data").click()
    expect(page.get_by_text("DE89370400440532013000")).to_be_visible()
    picture(page, "run-masked")
    assert barriers(page) == []

    retention.set_rule(alice, what="data", days=1)
    remove_old(alice.workspace, now=timezone.now() + timedelta(days=2))
    page.reload()
    expect(page.get_by_text("removed by retention after 1 day")).to_be_visible()
    picture(page, "run-removed")
