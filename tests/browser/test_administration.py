"""People, tokens and the trail; signing out; languages and colours; a hub that goes away."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import Page, expect

from hub.accounts.access import Actor
from hub.accounts.models import ApiToken, Membership
from hub.audit import Ref, record
from tests.browser.browsing import barriers, cramped, picture, sign_in
from tests.people import PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_member_is_added_with_a_password_and_the_last_administrator_stays(
    page: Page, live_server: Any, alice: Actor, bob: Actor
) -> None:
    sign_in(page, live_server.url, then="/people", as_="alice")
    page.get_by_text("Add somebody").click()
    adding = page.get_by_role("group").filter(has_text="Add somebody")
    adding.get_by_label("User name").fill("dana")
    adding.get_by_role("textbox", name="Name", exact=True).fill("Dana")
    adding.get_by_label("Password").fill(PASSWORD)
    adding.get_by_role("checkbox", name="operator").check()
    adding.get_by_role("button", name="Add", exact=True).click()
    expect(page.get_by_text("Dana now belongs to this workspace.")).to_be_visible()
    picture(page, "people")
    assert barriers(page) == []
    assert Client().post("/sign-in", {"username": "dana", "password": PASSWORD}).status_code == 302

    page.get_by_role("button", name="Change Bob").click()
    window = page.get_by_role("dialog")
    window.get_by_role("checkbox", name="builder").uncheck()
    window.get_by_role("checkbox", name="auditor").check()
    window.get_by_role("button", name="Save the roles").click()
    expect(window).to_be_hidden()
    assert bob.person is not None
    assert Membership.objects.get(person=bob.person).roles == ["auditor"]

    page.get_by_role("button", name="Change Bob").click()
    window.get_by_role("checkbox", name="auditor").uncheck()
    window.get_by_role("checkbox", name="delegate").check()
    window.get_by_role("button", name="Save the roles").click()
    expect(window).to_be_hidden()
    expect(page.get_by_role("cell", name="Delegate", exact=True)).to_be_visible()
    assert Membership.objects.get(person=bob.person).roles == ["delegate"]

    page.get_by_role("button", name="Remove Alice").click()
    page.get_by_role("dialog").get_by_role("button", name="Remove", exact=True).click()
    expect(page.get_by_text("last administrator")).to_be_visible()


def test_a_token_is_made_shown_once_and_revoked(page: Page, live_server: Any, bob: Actor) -> None:
    sign_in(page, live_server.url, then="/people")
    expect(page.get_by_text("Add somebody")).to_be_hidden()
    page.get_by_text("Make a token").click()
    page.get_by_label("What uses it").fill("Nightly")
    page.get_by_role("button", name="Make the token").click()
    expect(page.get_by_text("Copy it now")).to_be_visible()
    shown = re.search(r"lgt_[\w-]{20,}", page.content())
    assert shown is not None
    page.reload()
    page.get_by_role("button", name="Revoke Nightly").click()
    expect(page.get_by_text("No token.")).to_be_visible()
    assert shown[0] not in page.content()
    assert ApiToken.objects.get().revoked_at is not None


def test_the_trail_is_narrowed_goes_back_in_time_and_is_checked(page: Page, live_server: Any, alice: Actor) -> None:
    for number in range(60):
        record(alice, "thing.made", Ref("thing", str(number)))
    sign_in(page, live_server.url, then="/audit", as_="alice")
    rows = page.get_by_role("table").get_by_role("row")
    expect(rows).to_have_count(51)
    page.get_by_role("button", name="Show more").click()
    expect(rows).to_have_count(62)
    page.get_by_label("What", exact=True).select_option("session.")
    expect(rows).to_have_count(2)
    page.get_by_label("What", exact=True).select_option("token.")
    expect(page.get_by_text("No line is like this.")).to_be_visible()
    page.get_by_role("button", name="Check the chain").click()
    expect(page.get_by_text("The trail is whole.")).to_be_visible()
    picture(page, "audit")
    assert barriers(page) == []


def test_german_and_dark_are_kept(page: Page, live_server: Any, alice: Actor) -> None:
    sign_in(page, live_server.url, then="/", as_="alice")
    page.get_by_text("Alice", exact=True).click()
    page.get_by_label("Colours").select_option("dark")
    page.get_by_label("Language").select_option("de")
    expect(page.get_by_role("heading", name="Braucht Sie")).to_be_visible()
    assert page.evaluate("document.documentElement.lang") == "de"
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(17, 22, 28)"
    picture(page, "home-german-dark")
    assert barriers(page) == []


def test_a_lost_connection_shows_and_goes_when_it_is_back(page: Page, live_server: Any, alice: Actor) -> None:
    sign_in(page, live_server.url, then="/", as_="alice")
    expect(page.get_by_role("heading", name="Needs you")).to_be_visible()
    page.route("**/api/v1/**", lambda route: route.abort())
    page.get_by_role("navigation", name="Main").get_by_role("link", name="Runs").click()
    expect(page.get_by_text("The hub does not answer.")).to_be_visible()
    picture(page, "lost")
    page.unroute("**/api/v1/**")
    expect(page.get_by_text("The hub does not answer.")).to_be_hidden(timeout=15_000)
    expect(page.get_by_text("Nothing has run yet.")).to_be_visible()


def test_whoever_was_signed_out_is_led_back(page: Page, live_server: Any, alice: Actor) -> None:
    sign_in(page, live_server.url, then="/", as_="alice")
    expect(page.get_by_role("heading", name="Needs you")).to_be_visible()
    page.context.clear_cookies()
    page.get_by_role("navigation", name="Main").get_by_role("link", name="Runs").click()
    expect(page.get_by_text("You are signed out.")).to_be_visible()
    page.get_by_role("link", name="Sign in again").click()
    expect(page.get_by_label("User name")).to_be_visible()
    assert "next=%2Fruns" in page.url


@pytest.mark.parametrize("width", [390, 1440])
def test_nothing_on_the_administrations_pages_is_cramped(
    page: Page, live_server: Any, alice: Actor, width: int
) -> None:
    page.set_viewport_size({"width": width, "height": 844})
    sign_in(page, live_server.url, then="/people", as_="alice")
    page.get_by_text("Add somebody").click()
    expect(page.get_by_label("User name").first).to_be_visible()
    assert cramped(page) == []
    picture(page, f"people-{width}")

    for path in ("/connections", "/templates", "/plans", "/audit"):
        page.goto(f"{live_server.url}{path}")
        page.locator("main h1").wait_for()
        page.wait_for_load_state("networkidle")
        assert cramped(page) == [], path
