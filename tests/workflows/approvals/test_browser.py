"""Approvals in a real browser, as small as a phone: nothing is cut off, every control has a name and a size."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, sync_playwright

from hub.operations.testing import BROWSER
from tests.people import PASSWORD
from tests.workflows.approvals.conftest import question, stage
from workflows.services import approvals

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PICTURES = os.environ.get("LOCKGATE_TEST_PICTURES", "")
LONG = "A notice to policyholders about the premium from 1 January, in three languages, with enclosures"


@pytest.fixture
def phone(monkeypatch: pytest.MonkeyPatch) -> Iterator[Page]:
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=BROWSER, args=["--no-sandbox"])
        yield browser.new_page(viewport={"width": 320, "height": 640}, has_touch=True)
        browser.close()


def _fits(page: Page, name: str) -> None:
    if PICTURES:
        Path(PICTURES).mkdir(parents=True, exist_ok=True)
        page.screenshot(path=f"{PICTURES}/{name}.png", full_page=True)
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), (
        f"{name} is wider than the phone"
    )
    nameless = (
        "[...document.querySelectorAll('input:not([type=hidden]),textarea,select')].filter(e => !e.labels.length)"
    )
    assert page.evaluate(f"{nameless}.length") == 0
    small = (
        "[...document.querySelectorAll('main button, main input:not([type=hidden])')]"
        ".filter(e => e.getBoundingClientRect().height < 24).length"
    )
    assert page.evaluate(small) == 0


def test_somebody_decides_on_a_phone(phone, live_server, alice, people):
    complaints: list[str] = []
    phone.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    show = [
        {"label": "Template", "value": LONG},
        {"label": "Key", "value": "x" * 120},
        {"label": "Version", "value": 4},
    ]
    asked = approvals.ask(
        alice, question(stage("legal", "ada", "ben"), stage("print", "cleo"), show=show, title=LONG)
    )

    phone.goto(f"{live_server.url}/approvals/{asked.id}")
    phone.get_by_label("User name").fill("ada")
    phone.get_by_label("Password").fill(PASSWORD)
    phone.get_by_role("button", name="Sign in").click()
    assert phone.get_by_role("heading", name=LONG).is_visible()
    _fits(phone, "approval")

    phone.get_by_role("button", name="Reject").click()
    assert phone.get_by_text("Say in the comment why not.").is_visible()
    assert phone.get_by_label("Comment").get_attribute("aria-invalid") == "true"
    _fits(phone, "approval-wrong")
    phone.get_by_label("Comment").fill("Fine with me.")
    phone.get_by_role("button", name="Approve").click()
    assert phone.get_by_text("Your decision is noted.").is_visible()
    _fits(phone, "approval-decided")

    phone.goto(f"{live_server.url}/approvals?all")
    _fits(phone, "approvals")
    phone.get_by_role("link", name="Deputies").click()
    phone.get_by_role("textbox", name="Deputy").fill("dan")
    phone.get_by_label("First day").fill("2026-12-01")
    phone.get_by_label("Last day").fill("2026-11-01")
    phone.get_by_role("button", name="Name the deputy").click()
    assert phone.get_by_text("The last day comes before the first.").is_visible()
    _fits(phone, "deputies")
    # The form that was refused was answered with 422, and the browser says so.
    assert [text for text in complaints if "422" not in text] == []
