"""Runs as people look at them and step in."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from hub.accounts.access import Actor
from hub.connections.models import Connection
from hub.sdk import Rejected, TryLater
from tests.browser.browsing import barriers, picture, sign_in
from tests.shop_connector.service import Shop
from tests.workflows.drawing import drawn
from tests.workflows.engine.conftest import act, work
from workflows.models import Run, RunStep
from workflows.services.runs import start_run
from workflows.services.workflows import create_workflow, publish

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def orders(alice: Actor, connected: Connection) -> Actor:
    """A published workflow that pays."""
    create_workflow(alice, slug="orders", document=drawn("a -> b", b=act("pay", "<b>ink</b>")) | {"name": "Orders"})
    publish(alice, "orders", revision=1)
    return alice


def test_a_run_is_watched_step_by_step_without_loading_the_page_again(
    page: Page, live_server: Any, orders: Actor, the_shop: Shop
) -> None:
    run = start_run(orders, "orders", payload={"who": "Amara"})
    sign_in(page, live_server.url, then=f"/runs/{run.id}", as_="alice")
    expect(page.get_by_role("heading", name="Orders", exact=True)).to_be_visible()
    expect(page.get_by_text("Stored, and waiting for a worker.")).to_be_visible()

    work()

    expect(page.get_by_text("Every step that was to be done is done.")).to_be_visible()
    card = page.get_by_role("region", name="b", exact=True)
    expect(card.get_by_role("region", name="Input")).to_contain_text("<b>ink</b>")
    expect(card.get_by_role("region", name="Attempts").get_by_role("listitem")).to_have_count(1)
    page.locator('.react-flow__node[data-id="a"]').click()
    expect(page.get_by_role("region", name="a", exact=True)).to_be_visible()
    page.get_by_text("What it was started with").click()
    expect(page.get_by_text("Amara")).to_be_visible()
    picture(page, "run")
    assert barriers(page) == []


def test_the_list_shows_a_new_run_by_itself_and_can_be_narrowed(
    page: Page, live_server: Any, orders: Actor, the_shop: Shop
) -> None:
    sign_in(page, live_server.url, then="/runs", as_="alice")
    expect(page.get_by_text("Nothing has run yet.")).to_be_visible()

    start_run(orders, "orders", payload={})
    expect(page.get_by_role("link", name="Orders")).to_be_visible()
    work()
    expect(page.get_by_role("table").get_by_text("succeeded")).to_be_visible()
    picture(page, "runs")

    page.get_by_label("State").select_option("failed")
    expect(page.get_by_text("No run is like this.")).to_be_visible()
    assert "state=failed" in page.url
    page.get_by_role("button", name="Show all").click()
    page.get_by_label("Started by").select_option("manual")
    expect(page.get_by_role("link", name="Orders")).to_be_visible()
    assert barriers(page) == []


def test_a_person_settles_a_doubt_with_the_evidence(
    page: Page, live_server: Any, orders: Actor, the_shop: Shop
) -> None:
    the_shop.after = [TryLater("The connection broke.", sent=True)]
    run = start_run(orders, "orders", payload={})
    work()
    sign_in(page, live_server.url, then="/", as_="alice")
    page.get_by_role("region", name="Runs in doubt").get_by_role("link", name="Orders").click()
    expect(page.get_by_text("The connection broke.").first).to_be_visible()
    picture(page, "run-in-doubt")
    assert barriers(page) == []

    page.get_by_role("button", name="It happened: go on").click()
    expect(page.get_by_role("button", name="It happened: go on")).to_be_hidden()
    work()

    expect(page.get_by_text("Every step that was to be done is done.")).to_be_visible()
    assert RunStep.objects.get(run=run, step="b").state == "succeeded"
    assert len(the_shop.written) == 1


def test_a_failed_run_says_what_to_do_and_is_tried_again(
    page: Page, live_server: Any, orders: Actor, the_shop: Shop
) -> None:
    the_shop.before = [Rejected("There is no ink.")]
    run = start_run(orders, "orders", payload={})
    work()
    sign_in(page, live_server.url, then=f"/runs/{run.id}", as_="alice")
    card = page.get_by_role("region", name="b", exact=True)
    expect(card.get_by_text("There is no ink.").first).to_be_visible()
    expect(card.get_by_text("The service said no.")).to_be_visible()
    picture(page, "run-failed")

    page.get_by_role("button", name="Try the failed steps again").click()
    expect(page.get_by_text("Stored, and waiting for a worker.")).to_be_visible()
    work()
    expect(page.get_by_text("Every step that was to be done is done.")).to_be_visible()


def test_a_run_is_cancelled_only_after_asking(page: Page, live_server: Any, orders: Actor) -> None:
    run = start_run(orders, "orders", payload={})
    sign_in(page, live_server.url, then=f"/runs/{run.id}", as_="alice")
    page.get_by_role("button", name="Cancel the run").click()
    page.get_by_role("button", name="Leave it as it is").click()
    assert Run.objects.get().state == "queued"
    page.get_by_role("button", name="Cancel the run").click()
    with page.expect_response(lambda reply: reply.url.endswith("/cancel")):
        page.get_by_role("dialog").get_by_role("button", name="Cancel the run").click()
    expect(page.get_by_role("dialog")).to_be_hidden()
    work()
    expect(page.get_by_text("Somebody stopped it")).to_be_visible()


def test_a_run_of_another_workspace_is_not_found(page: Page, live_server: Any, orders: Actor, charlie: Actor) -> None:
    run = start_run(orders, "orders", payload={})
    sign_in(page, live_server.url, then=f"/runs/{run.id}", as_="charlie")
    expect(page.get_by_role("alert")).to_contain_text("There is no such run")
