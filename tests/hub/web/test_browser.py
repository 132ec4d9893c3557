"""The pages in a real browser: forms work without scripts, and nothing is refused by the page's own policy."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, sync_playwright

from connectors.http.sandbox.service import PASSWORD as SERVICE_PASSWORD
from hub.operations.testing import BROWSER
from tests.people import PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
# Screenshots of every page, for a person to look at.
PICTURES = os.environ.get("LOCKGATE_TEST_PICTURES", "")


@pytest.fixture
def page(monkeypatch: pytest.MonkeyPatch) -> Iterator[Page]:
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=BROWSER, args=["--no-sandbox"])
        made = browser.new_page(viewport={"width": 1280, "height": 900})
        yield made
        browser.close()


def _picture(page: Page, name: str) -> None:
    if PICTURES:
        Path(PICTURES).mkdir(parents=True, exist_ok=True)
        page.screenshot(path=f"{PICTURES}/{name}.png", full_page=True)


def test_a_connection_is_made_tested_and_found_in_the_trail(page, live_server, alice, service):
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)

    page.goto(f"{live_server.url}/sign-in?next=/connections")
    page.get_by_label("User name").fill("alice")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_label("Service").select_option("http")
    page.get_by_role("button", name="Continue").click()
    page.get_by_label("Name", exact=True).fill("The service")
    page.get_by_label("Base address").fill(f"{service.base_url}/v1")
    page.get_by_label("Sign-in").select_option("basic")
    page.get_by_label("User", exact=True).fill("amara")
    page.get_by_label("Password", exact=True).fill(SERVICE_PASSWORD)
    page.get_by_label("Test path").fill("items")
    _picture(page, "connection-new")
    page.get_by_role("button", name="Save").click()

    assert page.get_by_role("heading", name="The service").is_visible()
    assert page.get_by_text("Works", exact=True).is_visible()
    _picture(page, "connection")
    page.get_by_text("Change the settings").click()
    _picture(page, "connection-edit")
    page.get_by_role("link", name="Connections").first.click()
    page.get_by_role("button", name="Test The service").click()
    assert page.get_by_text("The service works.").is_visible()
    _picture(page, "connections")

    page.get_by_role("link", name="Audit").click()
    page.get_by_role("button", name="Check the chain").click()
    assert page.get_by_text("The trail is whole.").is_visible()
    _picture(page, "audit")

    page.get_by_role("link", name="People").click()
    page.get_by_text("Make a token").click()
    page.get_by_placeholder("What uses it").fill("Nightly job")
    page.get_by_role("button", name="Make the token").click()
    assert page.get_by_text("Copy it now").is_visible()
    page.get_by_text("Add somebody").click()
    _picture(page, "people")

    page.set_viewport_size({"width": 380, "height": 800})
    for address in ("/", "/connections", "/audit", "/people"):
        page.goto(f"{live_server.url}{address}")
        wider = page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
        _picture(page, f"narrow{address.replace('/', '-')}")
        assert not wider, f"{address} scrolls sideways"
    assert complaints == []
