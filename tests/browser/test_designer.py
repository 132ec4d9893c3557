"""The designer in a real browser: stories of an analyst."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from hub.accounts.access import Actor
from hub.connections.models import Connection
from tests.browser.browsing import barriers, picture, sign_in
from tests.shop_connector.service import Shop
from tests.workflows.engine.conftest import work
from workflows.models import Run, Workflow
from workflows.services import workflows as workflow_services

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
EMPTY = {"format": 1, "name": "Round", "steps": [], "edges": []}


def test_an_analyst_builds_a_flow_from_nothing_to_a_green_run(
    page: Page, live_server: Any, connected: Connection, the_shop: Shop
) -> None:
    sign_in(page, live_server.url, then="/workflows")
    page.get_by_label("Name of the new workflow").fill("Stock up")
    page.get_by_role("button", name="New workflow").click()

    page.get_by_role("button", name="Add the first step").click()
    page.get_by_label("What should it do?").fill("condition")
    page.keyboard.press("Enter")
    page.get_by_label("Yes, when").fill("trigger.count < 3")
    page.get_by_role("button", name="Add a step after Condition by yes", exact=True).click()
    page.get_by_label("What should it do?").fill("put item basket")
    page.keyboard.press("Enter")
    expect(page.get_by_label("Connection")).to_have_value("shop")
    picture(page, "designer-step-with-problem")
    page.get_by_role("textbox", name="Item", exact=True).click()
    page.get_by_role("button", name="What started the run").click()
    expect(page.get_by_role("textbox", name="Item", exact=True)).to_have_value("trigger")
    page.get_by_role("textbox", name="Item", exact=True).fill("trigger.what")

    expect(page.get_by_text("Saved", exact=True)).to_be_visible()
    page.get_by_role("button", name="Publish", exact=True).click()
    page.get_by_label("What changed").fill("First version.")
    page.get_by_role("button", name="Publish now").click()
    expect(page.get_by_text("version 1 runs")).to_be_visible()

    page.get_by_role("button", name="Runs", exact=True).click()
    page.get_by_label("Input (JSON").fill('{"count": 1, "what": "ink"}')
    page.get_by_role("button", name="Start version 1").click()
    expect(page.get_by_label("The run that is shown").get_by_text("queued")).to_be_visible()
    work()

    expect(page.get_by_label("The run that is shown").get_by_text("succeeded")).to_be_visible()
    assert the_shop.written == [("put", "ink")]
    page.locator('.react-flow__node[data-id="put"]').click()
    page.get_by_role("button", name="In the run").click()
    expect(page.get_by_label("Output")).to_contain_text('"item": "ink"')
    picture(page, "designer-green-run")
    assert barriers(page) == []


def test_only_the_keyboard(page: Page, live_server: Any, connected: Connection, the_shop: Shop) -> None:
    """Build, configure, connect, undo, publish and run, without a mouse."""
    sign_in(page, live_server.url, then="/workflows")
    page.get_by_label("Name of the new workflow").focus()
    page.keyboard.type("By keys")
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Add the first step")).to_be_visible()
    keys = page.keyboard

    keys.press("/")
    keys.type("condition")
    keys.press("Enter")
    expect(page.get_by_label("Yes, when")).to_be_focused()
    keys.type("trigger.count < 3")
    keys.press("Escape")
    keys.press("/")
    keys.type("put item")
    keys.press("Enter")
    expect(page.get_by_role("textbox", name="Item", exact=True)).to_be_focused()
    keys.type("ink")
    keys.press("Escape")
    keys.press("Shift+O")
    outline = page.get_by_role("region", name="Outline of the workflow")
    expect(outline.get_by_role("button", name="→ Put")).to_be_visible()
    assert barriers(page) == []

    outline.get_by_role("button", name="Connect Condition by no to a step that is there").focus()
    keys.press("Enter")
    keys.press("ArrowDown")
    keys.press("Enter")
    expect(outline.get_by_role("button", name="→ Put")).to_have_count(2)
    outline.get_by_role("button", name="Move Put up").focus()
    keys.press("Control+z")
    expect(outline.get_by_role("button", name="→ Put")).to_have_count(1)
    outline.get_by_role("button", name="Put", exact=False).first.focus()

    keys.press("Control+Enter")
    expect(page.get_by_label("What changed")).to_be_focused()
    keys.press("Enter")
    expect(page.get_by_text("version 1 runs")).to_be_visible()
    keys.press("Shift+R")
    expect(page.get_by_role("heading", name="Runs")).to_be_focused()
    keys.press("Tab")
    keys.press("Tab")
    keys.press("Control+a")
    keys.type('{"count": 1}')
    keys.press("Tab")
    keys.press("Enter")
    expect(page.get_by_label("The run that is shown").get_by_text("queued")).to_be_visible()
    work()
    expect(page.get_by_label("The run that is shown").get_by_text("succeeded")).to_be_visible()
    assert the_shop.written == [("put", "ink")]
    picture(page, "designer-outline")


def test_a_draft_of_a_broken_shape_is_shown_as_it_is(
    page: Page, live_server: Any, connected: Connection, bob: Actor
) -> None:
    held = workflow_services.create_workflow(bob, slug="broken", document={"format": 1, "name": "B", "steps": []})
    Workflow.objects.filter(pk=held.pk).update(draft={"format": 1, "steps": "none"})
    sign_in(page, live_server.url, then="/workflows/broken/design")
    expect(page.get_by_role("alert")).to_contain_text("cannot be drawn")
    expect(page.get_by_label("The draft as JSON")).to_contain_text('"steps": "none"')
    assert barriers(page) == []


WIDTHS = {"wide": 1440, "middle": 1024, "narrow": 390}
SHOP_FLOW = {
    "format": 1,
    "name": "Stock up",
    "steps": [
        {"id": "check", "kind": "condition", "title": "Is the stock low?", "settings": {"when": "=true"}},
        {"id": "put", "kind": "action", "title": "Put ink into the basket", "action": "shop.put"},
    ],
    "edges": [{"from": "check", "port": "yes", "to": "put"}],
}


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_no_page_is_wider_than_the_window(
    page: Page, live_server: Any, connected: Connection, bob: Actor, theme: Any
) -> None:
    workflow_services.create_workflow(bob, slug="stock", document=SHOP_FLOW)
    page.emulate_media(color_scheme=theme, reduced_motion="reduce")
    sign_in(page, live_server.url, then="/workflows")
    for size, width in WIDTHS.items():
        page.set_viewport_size({"width": width, "height": 900})
        for name, path in {
            "designer": "/workflows/stock/design",
            "workflows": "/workflows",
            "templates": "/templates",
            "approvals": "/approvals",
        }.items():
            page.goto(live_server.url + path)
            page.wait_for_load_state("networkidle")
            if name == "designer" and size != "narrow":
                page.locator('.react-flow__node[data-id="put"]').click()
            picture(page, f"{name}-{width}-{theme}")
            assert page.evaluate("document.documentElement.scrollWidth") <= width, f"{name} at {width}"


def test_the_outline_of_steps_with_long_names_fits_a_phone(page: Page, live_server: Any, bob: Actor) -> None:
    check: Any = {"id": "check", "kind": "condition", "title": "Is it the first day?", "settings": {"when": "=true"}}
    stop = {"id": "stop", "kind": "stop", "title": "Write to the new colleague and to whoever leads the department"}
    steps = {"steps": [check, stop], "edges": [{"from": "check", "port": "yes", "to": "stop"}]}
    workflow_services.create_workflow(bob, slug="long", document=EMPTY | steps)
    page.set_viewport_size({"width": 390, "height": 900})
    sign_in(page, live_server.url, then="/workflows/long/design")
    page.get_by_role("button", name="Outline").click()

    removing = page.get_by_role("button", name="Remove the way from Is it the first day? to Write")
    card, button = page.locator(".outline-step").first.bounding_box(), removing.bounding_box()
    assert card is not None
    assert button is not None
    assert button["x"] + button["width"] <= card["x"] + card["width"]


def test_when_it_starts_and_what_its_runs_are_about_are_set_by_keys_alone(
    page: Page, live_server: Any, bob: Actor
) -> None:
    workflow_services.create_workflow(bob, slug="round", document=EMPTY)
    sign_in(page, live_server.url, then="/workflows/round/design")
    page.get_by_role("button", name="Add the first step").wait_for()
    page.keyboard.press("Shift+S")
    page.get_by_role("button", name="Schedule", exact=True).press("Enter")
    card = page.get_by_role("region", name="Schedule")
    expect(card.get_by_text("Monday to Friday at 07:00")).to_be_visible()
    expect(card.get_by_label("The next starts").get_by_role("listitem")).to_have_count(10)
    card.get_by_label("How often").select_option("week")
    card.get_by_role("button", name="Sun", exact=True).press("Enter")
    card.get_by_label("At", exact=True).fill("06:30")
    expect(card.get_by_role("textbox", name="Cron rule")).to_have_value("30 6 * * 1,7")
    expect(card.get_by_text("Monday, Sunday at 06:30")).to_be_visible()
    picture(page, "schedule-chosen")
    assert barriers(page) == []
    card.get_by_role("textbox", name="Cron rule").fill("0 6-8 * * *")
    expect(card.get_by_label("How often")).to_have_value("")

    page.keyboard.press("Escape")
    page.keyboard.press("Shift+A")
    about = page.get_by_role("complementary", name="About the workflow")
    about.get_by_role("textbox", name="Description").fill("Goes round.")
    about.get_by_label("New name in Business keys").fill("person")
    page.keyboard.press("Enter")
    about.get_by_role("textbox", name="person", exact=True).fill("trigger.body.user")
    picture(page, "about-workflow")
    assert barriers(page) == []
    expect(page.get_by_text("Saved", exact=True)).to_be_visible()
    draft = Workflow.objects.get(slug="round").draft
    assert (draft["keys"], draft["description"]) == ({"person": "=trigger.body.user"}, "Goes round.")


def test_what_a_person_gives_is_drawn_as_fields_and_asked_for_when_it_is_started(
    page: Page, live_server: Any, bob: Actor
) -> None:
    stop: Any = {"id": "stop", "kind": "stop", "settings": {"message": "Stopped: {{ trigger.cost_centre }}"}}
    workflow_services.create_workflow(bob, slug="round", document=EMPTY | {"steps": [stop]})
    sign_in(page, live_server.url, then="/workflows/round/design")
    page.get_by_role("button", name="Start", exact=True).click()
    page.get_by_role("button", name="By hand", exact=True).click()
    card = page.get_by_role("region", name="By hand")
    card.get_by_role("button", name="Add a field").click()
    first = card.get_by_role("group", name="Field 1")
    first.get_by_label("What people read").fill("Cost centre")
    expect(first.get_by_label("Name in expressions")).to_have_value("cost_centre")
    first.get_by_label("It has to be given").check()
    card.get_by_role("button", name="Add a field").click()
    second = card.get_by_role("group", name="Field 2")
    second.get_by_label("What people read").fill("Size")
    second.get_by_label("What it is").select_option("choice")
    second.get_by_label("Choices, one on each line").fill("small\nlarge\n\nlarge")
    card.get_by_role("button", name="Add a field").click()
    third = card.get_by_role("group", name="Field 3")
    third.get_by_label("What people read").fill("Since")
    third.get_by_label("What it is").select_option("date")
    second.get_by_label("Name in expressions").fill("cost_centre")
    second.get_by_label("Name in expressions").press("Tab")
    expect(second.get_by_label("Name in expressions")).to_have_value("cost_centre_2")
    expect(card.get_by_role("button", name=": expression")).to_have_count(
        0
    )  # Nothing is computed before there is a run.
    picture(page, "asked-by-hand")
    assert barriers(page) == []
    card.get_by_role("button", name="Move Field 3 up").click()
    card.get_by_role("button", name="Remove Field 3").click()
    card.get_by_role("button", name="Show as JSON Schema").click()
    expect(card.get_by_role("textbox", name="JSON Schema")).to_have_value(
        re.compile('"cost_centre".*"minLength": 1.*"since".*"format": "date"', re.DOTALL)
    )
    card.get_by_role("button", name="Show as fields").click()
    expect(page.get_by_text("Saved", exact=True)).to_be_visible()
    workflow_services.publish(bob, "round", revision=Workflow.objects.get(slug="round").revision)

    page.reload()
    page.get_by_role("button", name="Runs", exact=True).click()
    page.get_by_role("textbox", name="Since").fill("2026-12-01")
    page.get_by_role("button", name="Start version 1").click()
    expect(page.get_by_role("textbox", name="Cost centre")).to_have_attribute("aria-invalid", "true")
    picture(page, "asked-by-hand-refused")
    assert not Run.objects.exists()
    page.evaluate("window.localStorage.setItem('lockgate:language', 'de')")
    page.reload()
    page.get_by_role("button", name="Läufe", exact=True).click()
    page.get_by_role("button", name="Version 1 starten").click()
    expect(page.get_by_role("alert")).to_contain_text("Die Eingabe hat nicht die Form")
    expect(page.get_by_text("Das fehlt.").first).to_be_visible()
    page.evaluate("window.localStorage.setItem('lockgate:language', 'en')")
    page.reload()
    page.get_by_role("button", name="Runs", exact=True).click()
    page.get_by_role("textbox", name="Since").fill("2026-12-01")
    page.get_by_role("textbox", name="Cost centre").fill("4711")
    page.get_by_role("button", name="Start version 1").click()
    expect(page.get_by_label("The run that is shown")).to_be_visible()
    assert Run.objects.get().payload == {"cost_centre": "4711", "since": "2026-12-01"}
    assert barriers(page) == []


def test_what_is_wrong_and_what_differs_is_said_in_german(page: Page, live_server: Any, bob: Actor) -> None:
    steps: Any = [{"id": "some", "kind": "filter", "title": "Some", "settings": {"items": "=trigger.list"}}]
    workflow_services.create_workflow(bob, slug="some", document=EMPTY | {"steps": steps})
    sign_in(page, live_server.url, then="/workflows")
    page.evaluate("window.localStorage.setItem('lockgate:language', 'de')")
    page.goto(f"{live_server.url}/workflows/some/design")
    page.get_by_role("button", name="Probleme").click()
    problem = page.get_by_role("button", name="Some Schritt „Some“ fehlt „Behalten, wenn“.")
    expect(problem).to_contain_text("Nötig ist: die Liste und ein Ausdruck")
    picture(page, "problems-german")
    problem.click()
    page.get_by_role("textbox", name="Behalten, wenn").fill("item.age > 3")
    expect(page.get_by_text("Gespeichert", exact=True)).to_be_visible()
    workflow_services.publish(bob, "some", revision=Workflow.objects.get(slug="some").revision)
    page.get_by_role("textbox", name="Behalten, wenn").fill("item.age > 4")
    page.get_by_role("button", name="Versionen").click()
    page.get_by_role("button", name="Version 1 mit dem Entwurf vergleichen").click()
    expect(page.get_by_role("term").filter(has_text="Behalten, wenn")).to_be_visible()
    picture(page, "difference-german")
    assert barriers(page) == []


_COUNTS = """window.most = 0; new MutationObserver(() => {
  window.most = Math.max(window.most, document.querySelectorAll('.react-flow__node').length);
}).observe(document, {childList: true, subtree: true})"""
_MEETS = """() => [...document.querySelectorAll('.react-flow__edge')].flatMap((edge) => {
  const [from, , to] = edge.dataset.id.split(':');
  const path = edge.querySelector('path');
  const at = (length) => path.getPointAtLength(length).matrixTransform(path.getScreenCTM());
  const box = (step, kind) => document.querySelector(`[data-id="${step}"] .react-flow__handle.${kind}`);
  return [[at(0), box(from, 'source'), 'right'], [at(path.getTotalLength()), box(to, 'target'), 'left']]
    .filter(([, handle]) => handle)
    .map(([end, handle, side]) => {
      const { [side]: x, top, height } = handle.getBoundingClientRect();
      return Math.hypot(end.x - x, end.y - (top + height / 2));
    });
})"""


def test_of_a_large_flow_only_what_is_in_view_is_drawn_and_its_ways_meet_the_steps(
    page: Page, live_server: Any, bob: Actor
) -> None:
    steps = [{"id": f"s{n}", "kind": "transform", "settings": {"value": n}} for n in range(300)]
    edges = [{"from": f"s{n}", "to": f"s{n + 10}"} for n in range(290)]
    document = EMPTY | {"name": "Large", "steps": steps, "edges": edges}
    workflow_services.create_workflow(bob, slug="large", document=document)
    page.add_init_script(_COUNTS)
    sign_in(page, live_server.url, then="/workflows/large/design")
    expect(page.locator('.react-flow__node[data-id="s0"]')).to_be_visible()
    assert 10 < page.evaluate("window.most") < 150
    distances = page.evaluate(_MEETS)
    assert len(distances) > 20
    assert max(distances) < 2
