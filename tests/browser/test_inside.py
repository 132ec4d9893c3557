"""Steps inside of a for-each are drawn, edited and looked at like any other."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from hub.accounts.access import Actor
from hub.connections.models import Connection
from tests.browser.browsing import barriers, picture, sign_in
from tests.shop_connector.service import Shop
from tests.workflows.engine.conftest import work
from workflows.models import Workflow
from workflows.services.workflows import create_workflow

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
EMPTY = {
    "format": 1,
    "name": "Order all",
    "triggers": [{"id": "by_hand", "kind": "manual"}],
    "steps": [],
    "edges": [],
}


def draft() -> dict[str, Any]:
    return dict(Workflow.objects.get(slug="all").draft)


def test_a_for_each_is_filled_by_mouse_and_each_item_of_a_run_is_looked_at(
    page: Page, live_server: Any, connected: Connection, the_shop: Shop, bob: Actor
) -> None:
    create_workflow(bob, slug="all", document=EMPTY)
    sign_in(page, live_server.url, then="/workflows/all/design")
    page.get_by_role("button", name="Add the first step").click()
    page.get_by_label("What should it do?").fill("for each")
    page.keyboard.press("Enter")
    page.get_by_role("textbox", name="Items", exact=True).fill("trigger.list")
    page.get_by_role("button", name="Add the first step inside For each").click()
    expect(page.get_by_role("option", name="Apply")).to_have_count(0)  # It does not fit inside.
    page.get_by_label("What should it do?").fill("put item basket")
    page.keyboard.press("Enter")
    page.get_by_role("textbox", name="Item", exact=True).click()
    page.get_by_role("button", name="The item", exact=False).click()
    page.get_by_role("button", name="Add a step after Put by ok", exact=True).click()
    page.get_by_label("What should it do?").fill("transform")
    page.keyboard.press("Enter")
    page.get_by_role("textbox", name="Value").fill('steps.put.item & "!"')
    expect(page.get_by_text("Saved", exact=True)).to_be_visible()
    [each] = draft()["steps"]
    assert [step["id"] for step in each["body"]["steps"]] == ["put", "transform"]
    assert each["body"]["edges"] == [{"from": "put", "to": "transform"}]
    assert each["body"]["steps"][0]["input"] == {"item": "=item"}
    picture(page, "inside-drawn")
    assert barriers(page) == []

    page.get_by_role("button", name="Publish", exact=True).click()
    page.get_by_role("button", name="Publish now").click()
    page.get_by_role("button", name="Runs", exact=True).click()
    page.get_by_label("Input (JSON").fill('{"list": ["ink", "pen", "cap"]}')
    page.get_by_role("button", name="Start version 1").click()
    expect(page.get_by_label("The run that is shown").get_by_text("queued")).to_be_visible()
    work()
    expect(page.get_by_label("The run that is shown").get_by_text("succeeded")).to_be_visible()
    frame = page.locator('.react-flow__node[data-id="for_each"]')
    expect(frame.get_by_text("of 3")).to_be_visible()
    page.locator('.react-flow__node[data-id="transform"]').click()
    expect(page.locator(".live")).to_have_text("“ink!”")
    frame.get_by_role("button", name="Item after").click()
    expect(page.locator(".live")).to_have_text("“pen!”")
    page.get_by_role("button", name="In the run").click()
    expect(page.get_by_label("Output")).to_have_text('"pen!"')
    frame.get_by_label("Number of the item").fill("3")
    expect(page.get_by_label("Output")).to_have_text('"cap!"')
    picture(page, "inside-run")
    assert barriers(page) == []


def test_a_for_each_is_filled_in_the_outline_by_keys_copied_and_undone(
    page: Page, live_server: Any, connected: Connection, bob: Actor
) -> None:
    create_workflow(bob, slug="all", document=EMPTY)
    sign_in(page, live_server.url, then="/workflows/all/design")
    expect(page.get_by_role("button", name="Add the first step")).to_be_visible()
    keys = page.keyboard
    keys.press("Shift+O")
    keys.press("/")
    keys.type("for each")
    keys.press("Enter")
    keys.type("trigger.list")
    keys.press("Escape")
    outline = page.get_by_role("region", name="Outline of the workflow")
    outline.get_by_role("button", name="Add the first step inside For each").press("Enter")
    keys.type("transform")
    keys.press("Enter")
    keys.type("item")
    keys.press("Escape")
    inside = outline.get_by_role("group", name="Inside For each", exact=True)
    expect(inside.get_by_role("button", name="Transform Transform")).to_be_focused()
    keys.press("/")
    keys.type("wait")
    keys.press("Enter")
    keys.press("Escape")
    expect(inside.get_by_role("button", name="→ Wait")).to_be_visible()
    picture(page, "inside-outline")
    assert barriers(page) == []

    outline.get_by_role("button", name="For each For each").click()
    keys.press("Control+d")
    expect(outline.get_by_role("group", name="Inside For each", exact=True)).to_have_count(2)
    expect(page.get_by_text("Saved", exact=True)).to_be_visible()
    assert [step["id"] for step in draft()["steps"][1]["body"]["steps"]] == ["transform_2", "wait_2"]
    keys.press("Control+z")
    expect(outline.get_by_role("group", name="Inside For each", exact=True)).to_have_count(1)


def test_what_is_wrong_inside_leads_to_its_place(
    page: Page, live_server: Any, connected: Connection, bob: Actor
) -> None:
    body = {"steps": [{"id": "x", "kind": "transform", "title": "Inner", "settings": {"value": "=itm.name"}}]}
    each = {"id": "each", "kind": "each", "settings": {"items": "=trigger.list"}, "body": body}
    create_workflow(bob, slug="all", document=EMPTY | {"steps": [each]})
    sign_in(page, live_server.url, then="/workflows/all/design")
    page.get_by_role("button", name="Problems").click()
    page.get_by_role("button", name="Inner Nothing is called").click()
    expect(page.get_by_role("textbox", name="Value")).to_be_focused()
    page.get_by_role("textbox", name="Value").fill("item.name")
    expect(page.get_by_text("Saved", exact=True)).to_be_visible()
    expect(page.get_by_role("button", name="Problems", exact=True)).to_be_visible()


def test_a_step_is_dragged_into_a_for_each_and_out_again(page: Page, live_server: Any, bob: Actor) -> None:
    body = {"steps": [{"id": "one", "kind": "transform", "settings": {"value": "=item"}, "at": {"x": 0, "y": 0}}]}
    steps: Any = [
        {"id": "first", "kind": "transform", "settings": {"value": "=1"}, "at": {"x": 0, "y": 0}},
        {
            "id": "each",
            "kind": "each",
            "settings": {"items": "=trigger.list"},
            "body": body,
            "at": {"x": 300, "y": 0},
        },
    ]
    create_workflow(bob, slug="all", document=EMPTY | {"steps": steps})
    sign_in(page, live_server.url, then="/workflows/all/design")
    first, frame = (page.locator(f'.react-flow__node[data-id="{name}"]') for name in ("first", "each"))

    def drag(of: Any, x: float, y: float) -> None:
        held = of.bounding_box()
        page.mouse.move(held["x"] + 40, held["y"] + 20)
        page.mouse.down()
        page.mouse.move(x - 30, y - 30, steps=4)
        page.mouse.move(x, y, steps=4)
        page.mouse.up()

    expect(frame).to_be_visible()
    box = frame.bounding_box()
    assert box is not None
    drag(first, box["x"] + box["width"] - 60, box["y"] + box["height"] - 40)
    expect(page.get_by_text("It stands inside of each now.")).to_be_visible()
    expect(page.get_by_text("Saved", exact=True)).to_be_visible()
    assert [step["id"] for step in Workflow.objects.get(slug="all").draft["steps"][0]["body"]["steps"]] == [
        "one",
        "first",
    ]
    picture(page, "inside-dragged")

    page.get_by_role("button", name="Arrange", exact=True).click()
    box = frame.bounding_box()
    assert box is not None
    drag(first, box["x"] + 40, box["y"] + box["height"] + 120)
    expect(page.get_by_text("It stands outside of the frame now.")).to_be_visible()
    page.keyboard.press("Control+z")
    expect(page.get_by_text("Saved", exact=True)).to_be_visible()
    assert len(Workflow.objects.get(slug="all").draft["steps"]) == 1
