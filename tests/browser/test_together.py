"""The designer in German and in both themes; who else has a draft open; folders, tags and the trash."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from hub.accounts.access import Actor
from hub.connections.models import Connection
from tests.browser.browsing import barriers, picture, sign_in
from workflows.models import Workflow
from workflows.services.presence import be_present
from workflows.services.workflows import create_workflow

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
EACH: dict[str, Any] = {
    "id": "each",
    "kind": "each",
    "title": "Jeder Auftrag",
    "settings": {"items": "=trigger.list"},
    "body": {
        "steps": [
            {"id": "low", "kind": "condition", "settings": {"if": "=item.count < 3"}},
            {
                "id": "put",
                "kind": "action",
                "action": "shop.put",
                "connection": "shop",
                "input": {"item": "=item.name"},
            },
        ],
        "edges": [{"from": "low", "port": "yes", "to": "put"}],
    },
}
FLOW = {"format": 1, "name": "Order all", "steps": [EACH], "edges": []}


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_designer_speaks_german_and_wears_the_colours_that_were_chosen(
    page: Page, live_server: Any, connected: Connection, bob: Actor, theme: Any
) -> None:
    create_workflow(bob, slug="all", document=FLOW)
    page.emulate_media(color_scheme="dark" if theme == "light" else "light", reduced_motion="reduce")
    page.add_init_script(
        f"localStorage.setItem('lockgate:language', 'de'); localStorage.setItem('lockgate:theme', '{theme}')"
    )
    sign_in(page, live_server.url, then="/workflows/all/design")
    expect(page.get_by_role("button", name="Veröffentlichen", exact=True)).to_be_visible()
    page.locator('.react-flow__node[data-id="low"]').click()
    expect(page.get_by_role("textbox", name="Ja, wenn")).to_be_visible()
    assert page.locator(f".react-flow.{theme}").count() == 1
    for width in (1440, 1024, 390):
        page.set_viewport_size({"width": width, "height": 900})
        picture(page, f"german-{width}-{theme}")
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert barriers(page) == []
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Gliederung").click()
    expect(page.get_by_role("button", name="Schritt in Jeder Auftrag hinzufügen, der sofort beginnt")).to_be_visible()
    picture(page, f"german-outline-390-{theme}")
    assert barriers(page) == []


def test_who_else_has_the_draft_open_is_shown(
    page: Page, live_server: Any, connected: Connection, alice: Actor, bob: Actor
) -> None:
    create_workflow(bob, slug="all", document=FLOW)
    be_present(alice, "all")
    sign_in(page, live_server.url, then="/workflows/all/design")
    expect(page.get_by_text("also open: Alice")).to_be_visible()
    picture(page, "together")


def test_a_workflow_is_put_into_a_folder_thrown_away_and_restored(
    page: Page, live_server: Any, connected: Connection, bob: Actor
) -> None:
    create_workflow(bob, slug="all", document=FLOW)
    create_workflow(bob, slug="other", document=FLOW | {"name": "Another"})
    sign_in(page, live_server.url, then="/workflows/all")
    page.get_by_label("Folder", exact=True).fill("Print/Claims")
    page.get_by_label("Tags, with commas between them").fill("daily, print")
    # By a key: what stands above may still be loading, and move it from below the mouse.
    page.get_by_role("button", name="Keep it there").press("Enter")
    expect(page.get_by_text("It is kept there.")).to_be_visible()
    page.goto(f"{live_server.url}/workflows")
    page.get_by_label("Folder", exact=True).select_option("Print")
    expect(page.get_by_role("link", name="Another", exact=True)).to_be_hidden()
    picture(page, "workflows-in-folders")
    assert barriers(page) == []
    page.get_by_role("link", name="Order all", exact=True).click()
    page.get_by_role("button", name="Move to the trash").click()
    expect(page.get_by_text("It is in the trash")).to_be_visible()
    page.goto(f"{live_server.url}/workflows")
    expect(page.get_by_role("link", name="Another", exact=True)).to_be_visible()
    expect(page.get_by_role("link", name="Order all", exact=True)).to_be_hidden()
    page.get_by_label("In the trash").check()
    page.get_by_role("link", name="Order all", exact=True).click()
    page.get_by_role("button", name="Restore it").click()
    expect(page.get_by_text("It is in the trash")).to_be_hidden()
    assert Workflow.objects.get(slug="all").trashed_at is None
