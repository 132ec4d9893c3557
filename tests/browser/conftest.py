"""A browser in front of a hub that this process serves."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from hub.accounts.access import Actor
from hub.connections.models import Connection
from hub.operations.testing import BROWSER
from hub.vault import seal
from tests.browser.browsing import bring_front_end
from tests.conftest import StillClock
from tests.shop_connector.service import Shop
from tests.workflows.conftest import the_shop
from workflows.services.moving import watch

__all__ = ["connected", "page", "the_shop"]


expect.set_options(timeout=20_000)  # On a busy machine a page is slow, not wrong.


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """Started once; each test has a window of its own in it, with nothing kept from another."""
    bring_front_end()
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        started = playwright.chromium.launch(executable_path=BROWSER, args=["--no-sandbox"])
        yield started
        started.close()


@pytest.fixture
def page(browser: Browser, minute: StillClock) -> Iterator[Page]:
    """A page that complains of nothing: no script breaks, and the page's own policy refuses nothing."""
    window = browser.new_context(viewport={"width": 1440, "height": 900}, reduced_motion="reduce", locale="en-GB")
    made = window.new_page()
    made.set_default_timeout(20_000)
    complaints: list[str] = []
    made.on("pageerror", lambda error: complaints.append(str(error)))
    made.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    yield made
    window.close()
    _end_streams()
    # What the hub refuses is a line in the browser's console, and no mistake of the page.
    said = ("the server responded with a status of 4", "net::ERR_FAILED")
    assert [each for each in complaints if not any(words in each for words in said)] == []


def _end_streams() -> None:
    """A stream finds that its browser has left when it has something to tell."""
    deadline = time.monotonic() + 20
    while watch.is_looking() and time.monotonic() < deadline:
        watch.tell_all()
        time.sleep(0.05)


@pytest.fixture
def connected(bob: Actor, the_shop: Shop) -> Connection:
    made = Connection(workspace=bob.workspace, name="The shop", slug="shop", connector="shop")
    made.sealed = seal({"token": "t-123456"}, made.place)
    made.save()
    return made
