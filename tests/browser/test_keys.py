"""Runs found by what they are about, told in order, and laid beside each other."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from hub.accounts.access import Actor
from hub.connections.models import Connection
from hub.sdk import Rejected
from tests.browser.browsing import barriers, picture, sign_in
from tests.shop_connector.service import Shop
from tests.workflows.drawing import drawn
from tests.workflows.engine.conftest import act, work
from workflows.models import Run
from workflows.services.runs import start_run
from workflows.services.workflows import create_workflow, publish

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def runs(alice: Actor, connected: Connection, the_shop: Shop) -> list[Run]:
    """Three orders: two of Mara, of which the second failed, and one of Ben."""
    document = drawn("a -> b", b=act("put", "={{trigger.what}}", title="Put it on the shelf"))
    document |= {"name": "Orders", "keys": {"person": "=trigger.who", "job": "=trigger.job"}}
    document["steps"][1]["input"]["item"] = "=trigger.what"
    create_workflow(alice, slug="orders", document=document)
    publish(alice, "orders", revision=1)
    made = []
    for who, what in (("mara.vogt", "ink"), ("ben.okafor", "pen"), ("mara.vogt", "nib")):
        if what == "nib":
            the_shop.before = [Rejected("There is no nib.")]
        made.append(start_run(alice, "orders", payload={"who": who, "what": what, "job": f"J-{what}"}))
        work()
    return made


def test_what_happened_to_one_person_is_found_from_a_run(
    page: Page, live_server: Any, alice: Actor, runs: list[Run]
) -> None:
    sign_in(page, live_server.url, then="/runs", as_="alice")
    page.get_by_label("About (person, template, job…)").fill("MARA")
    expect(page.get_by_role("row")).to_have_count(3)
    picture(page, "runs-about")
    assert barriers(page) == []
    page.get_by_role("link", name="person mara.vogt").first.click()

    expect(page.get_by_role("heading", name="person: mara.vogt")).to_be_visible()
    chapters = (
        page.get_by_role("region", name="What happened")
        .get_by_role("listitem")
        .filter(has=page.get_by_role("heading"))
    )
    expect(chapters).to_have_count(2)
    expect(chapters.first).to_contain_text("There is no nib.")
    expect(chapters.last).to_contain_text("Put it on the shelf: succeeded")
    picture(page, "timeline")
    assert barriers(page) == []

    page.get_by_label("Value").fill("ben")
    page.get_by_role("link", name="ben.okafor", exact=True).click()
    expect(page.get_by_role("heading", name="person: ben.okafor")).to_be_visible()


def test_two_runs_beside_each_other_show_the_step_that_went_otherwise(
    page: Page, live_server: Any, alice: Actor, runs: list[Run]
) -> None:
    sign_in(page, live_server.url, then=f"/runs/{runs[0].id}", as_="alice")
    page.get_by_role("link", name="Compare…").click()
    page.get_by_label("Compare with").select_option(str(runs[2].id))
    step = page.get_by_role("article", name="Put it on the shelf")
    expect(step).to_contain_text("There is no nib.")
    expect(step.get_by_role("row", name="item ink nib")).to_be_visible()
    expect(page.get_by_text("1 of 2 differ")).to_be_visible()
    picture(page, "runs-compared")
    assert barriers(page) == []
    page.get_by_role("button", name="Also those that are the same").click()
    expect(page.get_by_role("article", name="a", exact=True)).to_be_visible()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_timelines_and_comparisons_fit_a_phone(
    page: Page, live_server: Any, alice: Actor, runs: list[Run], theme: Any
) -> None:
    page.emulate_media(color_scheme=theme, reduced_motion="reduce")
    page.set_viewport_size({"width": 390, "height": 844})
    sign_in(page, live_server.url, then="/keys/person?value=mara.vogt", as_="alice")
    expect(page.get_by_text("There is no nib.")).to_be_visible()
    picture(page, f"timeline-390-{theme}")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.goto(f"{live_server.url}/runs/{runs[0].id}/compare/{runs[2].id}")
    expect(page.get_by_text("1 of 2 differ")).to_be_visible()
    picture(page, f"runs-compared-390-{theme}")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert barriers(page) == []
