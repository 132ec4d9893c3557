"""A rule table is written as in a spreadsheet, looked through while it is, tried, and carried to Excel and back."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from playwright.sync_api import Page, expect

from hub.accounts.access import Actor
from hub.connections.models import Connection
from tests.browser.browsing import barriers, picture, sign_in
from workflows.models import Workflow
from workflows.services.workflows import create_workflow

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
RULES = {"id": "route", "kind": "rules", "title": "Route", "settings": {}}
DRAFT = {"format": 1, "name": "Routing", "steps": [RULES], "edges": []}


def settings() -> dict[str, Any]:
    return dict(Workflow.objects.get(slug="routing").draft["steps"][0]["settings"])


def opened(page: Page, live_server: Any, bob: Actor) -> Any:
    create_workflow(bob, slug="routing", document=DRAFT)
    sign_in(page, live_server.url, then="/workflows/routing/design")
    page.locator('.react-flow__node[data-id="route"]').click()
    page.get_by_role("button", name="Edit the table").click()
    return page.get_by_role("dialog", name="Rule table")


def test_a_table_is_written_by_keys_and_what_is_wrong_with_it_is_said_at_once(
    page: Page, live_server: Any, connected: Connection, bob: Actor
) -> None:
    table = opened(page, live_server, bob)
    keys = page.keyboard
    table.get_by_label("Name of the new column").focus()
    keys.type("unit")
    keys.press("Enter")
    keys.type("amount")
    table.get_by_label("Kind of the new column").select_option("number")
    table.get_by_role("button", name="Add a column").press("Enter")
    table.get_by_label("What the column is").select_option("give")
    table.get_by_label("Name of the new column").focus()
    keys.type("queue")
    keys.press("Enter")
    table.get_by_role("button", name="Add a row").press("Enter")
    expect(table.get_by_label("unit, row 1", exact=True)).to_be_focused()
    keys.type("life | health")
    keys.press("Tab")
    keys.type("> many")
    keys.press("Tab")
    keys.type("large")
    expect(table.get_by_label("amount, row 1", exact=True)).to_have_attribute("aria-invalid", "true")
    picture(page, "rules-mistake")
    table.get_by_label("amount, row 1", exact=True).fill("> 10000")
    expect(table.get_by_text("gap", exact=True).first).to_be_visible()
    table.get_by_label("unit, row 1", exact=True).focus()
    keys.press("Enter")
    expect(table.get_by_label("unit, row 2", exact=True)).to_be_focused()
    keys.type("life")
    table.get_by_label("amount, row 2", exact=True).fill("> 20000")
    table.get_by_label("queue, row 2", exact=True).fill("huge")
    expect(table.get_by_text("Row 2 is never reached")).to_be_visible()
    picture(page, "rules-unreachable")
    table.get_by_label("unit, row 2", exact=True).focus()
    keys.press("Alt+ArrowUp")
    expect(table.get_by_text("Row 2 is never reached")).to_be_hidden()
    table.get_by_label("queue, otherwise", exact=True).fill("by-hand")
    table.get_by_text("The first matching row counts").click()

    table.get_by_label("Value of unit to try").fill("health")
    table.get_by_label("Value of amount to try").fill("15000")
    table.get_by_role("button", name="Decide").click()
    expect(table.get_by_text("Row 2 counts.")).to_be_visible()
    expect(table.get_by_text("unit asks for life, and has health")).to_be_visible()
    picture(page, "rules-tried")
    assert barriers(page) == []
    table.get_by_role("button", name="Done").click()
    expect(page.get_by_text("2 conditions, 2 rows")).to_be_visible()
    page.get_by_role("textbox", name="unit").fill("trigger.unit")
    expect(page.get_by_text("Saved", exact=True)).to_be_visible()
    assert settings() == {
        "record": {"unit": "=trigger.unit"},
        "table": {
            "match": "first",
            "columns": [{"name": "unit", "kind": "text"}, {"name": "amount", "kind": "number"}],
            "rows": [
                {"when": {"unit": "life", "amount": {"above": 20000}}, "give": {"queue": "huge"}},
                {"when": {"unit": ["life", "health"], "amount": {"above": 10000}}, "give": {"queue": "large"}},
            ],
            "default": {"queue": "by-hand"},
        },
    }


def test_a_table_comes_from_excel_goes_back_and_a_mistake_is_named_by_its_cell(
    page: Page, live_server: Any, connected: Connection, bob: Actor, tmp_path: Path
) -> None:
    table = opened(page, live_server, bob)
    file = tmp_path / "rules.csv"
    file.write_text("row (first),age (number),-> queue\r\n1,old,a\r\n")
    table.get_by_label("A rule table as CSV or Excel").set_input_files(file)
    expect(table.get_by_role("alert")).to_contain_text('line 2, column age: "old" cannot be read as number.')
    picture(page, "rules-import-refused")
    file.write_text("row (first),age (number),-> queue\r\n1,3 | 4,a\r\n2,,b\r\n")
    table.get_by_label("A rule table as CSV or Excel").set_input_files(file)
    expect(table.get_by_label("age, row 1", exact=True)).to_have_value("3 | 4")
    with page.expect_download() as caught:
        table.get_by_role("button", name="Export Excel").click()
    sheet = load_workbook(io.BytesIO(Path(caught.value.path()).read_bytes()))["Rules"]
    assert [[cell.value for cell in line] for line in sheet.iter_rows()][1][1] == "[3, 4]"

    table.get_by_label("age, row 2", exact=True).focus()
    page.evaluate(
        """() => {
            const data = new DataTransfer();
            data.setData("text/plain", "> 5\\tbig\\n3..4\\tsmall\\n");
            document.activeElement.dispatchEvent(
                new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
        }"""
    )
    expect(table.get_by_label("age, row 3", exact=True)).to_have_value("3..4")
    expect(table.get_by_label("queue, row 3", exact=True)).to_have_value("small")
    for theme in ("light", "dark"):
        page.emulate_media(color_scheme=theme, reduced_motion="reduce")
        for width in (1440, 1024, 390):
            page.set_viewport_size({"width": width, "height": 900})
            picture(page, f"rules-{width}-{theme}")
            assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert barriers(page) == []


def test_a_problem_of_a_cell_leads_to_the_cell(
    page: Page, live_server: Any, connected: Connection, bob: Actor
) -> None:
    broken = {"columns": [{"name": "age", "kind": "number"}], "rows": [{"when": {"age": "old"}, "give": {"a": 1}}]}
    draft = DRAFT | {"steps": [RULES | {"settings": {"table": broken, "record": {"age": "=trigger.age"}}}]}
    create_workflow(bob, slug="routing", document=draft)
    sign_in(page, live_server.url, then="/workflows/routing/design")
    page.get_by_role("button", name="Problems").click()
    page.get_by_role("button", name='Route Row 1, column "age"').click()
    expect(page.get_by_role("dialog", name="Rule table").get_by_label("age, row 1", exact=True)).to_be_focused()
