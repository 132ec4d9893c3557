"""Plans as people read, decide, apply and take them back."""

from __future__ import annotations

import time
from typing import Any

import pytest
from django.db import connection as db
from playwright.sync_api import Page, expect

from hub.accounts.access import Actor
from hub.accounts.models import Person
from hub.connections.models import Connection
from tests.browser.browsing import barriers, picture, sign_in
from workflows.models import Plan, PlanState

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
MANY = 100_000
_CHANGES = """
INSERT INTO workflows_change (id, plan_id, position, connection_id, resource, operation, key, title, before, after,
    cause, state, message)
SELECT gen_random_uuid(), %(plan)s, at, %(connection)s, 'shop.shelf',
    CASE WHEN at < %(count)s THEN 'create' ELSE 'delete' END, 'k' || at, replace(%(title)s, '{at}', at::text),
    CASE WHEN at < %(count)s THEN NULL ELSE '{"colour": "red"}'::jsonb END,
    CASE WHEN at < %(count)s THEN jsonb_build_object('colour', 'blue ' || at) END,
    jsonb_build_object('rule', 'row ' || at %% 7, 'unit', (ARRAY['North', 'South', 'West'])[1 + at %% 3]), 'planned',
    ''
FROM generate_series(1, %(count)s) AS at ORDER BY at
"""


def _plan(
    actor: Actor, connection: Connection, count: int, *, made_by: Person | None = None, title: str = "Object {at}"
) -> Plan:
    kinds = {"shop.shelf create": count - 1, "shop.shelf delete": 1}
    plan = Plan.objects.create(
        workspace=actor.workspace, title="Shelves", state=PlanState.PROPOSED, counts=kinds, digest="",
        created_by=made_by,
        guards=[{"guard": "removals", "passed": True, "message": "1 removal, at most 50 are allowed."}],
    )  # fmt: skip
    with db.cursor() as cursor:
        cursor.execute(_CHANGES, {"plan": plan.id, "connection": connection.id, "title": title, "count": count})
    plan.digest = "d" * 64
    plan.save()
    return plan


def test_a_plan_of_many_changes_is_read_searched_and_approved(
    page: Page, live_server: Any, alice: Actor, connected: Connection
) -> None:
    plan = _plan(alice, connected, MANY)
    sign_in(page, live_server.url, then="/plans?state=proposed", as_="alice")
    link = page.get_by_role("link", name="Shelves")
    expect(link).to_be_visible()
    began = time.monotonic()
    link.click()
    table = page.get_by_role("table", name="Changes")
    expect(table.get_by_text("Object 1", exact=True)).to_be_visible()
    print(f"first rows of {MANY} after {time.monotonic() - began:.2f} s")
    assert table.get_by_role("row").count() < 60
    picture(page, "plan")
    assert barriers(page) == []

    page.locator(".change-box").evaluate("box => box.scrollTo(0, box.scrollHeight)")
    expect(table.get_by_text(f"Object {MANY}", exact=True)).to_be_visible()
    page.get_by_label("Search").fill("Object 12345")
    expect(table.get_by_text("blue 12345")).to_be_visible()
    expect(page.get_by_text("1 of 100,000")).to_be_visible()
    page.get_by_label("Search").fill("")
    page.get_by_role("button", name="delete shelf 1").click()
    expect(table.get_by_text("red")).to_be_visible()

    page.get_by_label("Comment").fill("As discussed.")
    page.get_by_role("button", name="Approve").click()
    expect(page.get_by_role("button", name="Apply exactly this")).to_be_visible()
    plan.refresh_from_db()
    assert (plan.state, plan.comment) == ("approved", "As discussed.")


def test_an_approver_leaves_a_region_and_a_row_out_and_approves_the_rest(
    page: Page, live_server: Any, alice: Actor, connected: Connection
) -> None:
    plan = _plan(alice, connected, 30)
    sign_in(page, live_server.url, then=f"/plans/{plan.id}", as_="alice")
    page.get_by_label("Group by").select_option("unit")
    page.get_by_role("button", name="Leave out: North").click()
    expect(page.get_by_text("10 changes are left out, 20 of 30 are approved.")).to_be_visible()
    picture(page, "plan-groups")
    assert barriers(page) == []
    page.get_by_role("button", name="South", exact=True).click()
    page.get_by_role("button", name="Leave out: Object 4", exact=True).click()
    expect(page.get_by_text("11 changes are left out, 19 of 30 are approved.")).to_be_visible()
    page.get_by_role("button", name="Without South").click()
    page.get_by_label("Cause").fill("row 5")
    expect(page.get_by_text("4 of 30")).to_be_visible()
    picture(page, "plan-in-part")
    page.get_by_role("button", name="Take in again: Object 4").click()
    page.get_by_label("Comment").fill("The north comes later.")
    page.get_by_role("button", name="Approve the rest").click()
    expect(page.get_by_role("button", name="Apply exactly this")).to_be_visible()
    assert barriers(page) == []
    plan.refresh_from_db()
    assert (plan.state, plan.changes.filter(state="left_out").count()) == ("approved", 10)
    assert len(plan.approved_digest) == 64


def test_whoever_made_a_plan_leaves_the_decision_to_others(
    page: Page, live_server: Any, alice: Actor, connected: Connection
) -> None:
    plan = _plan(alice, connected, 2, made_by=alice.person)
    sign_in(page, live_server.url, then=f"/plans/{plan.id}", as_="alice")
    expect(page.get_by_text("somebody else approves it")).to_be_visible()
    expect(page.get_by_role("button", name="Approve")).to_be_disabled()


def test_what_a_guard_holds_is_released_by_somebody_else(
    page: Page, live_server: Any, alice: Actor, connected: Connection
) -> None:
    plan = _plan(alice, connected, 3)
    plan.changes.filter(operation="delete").update(state="held", message="Too many removals.")
    sign_in(page, live_server.url, then=f"/plans/{plan.id}", as_="alice")
    expect(page.get_by_text("1 change is held by a guard:")).to_be_visible()
    page.get_by_role("button", name="Release").click()
    expect(page.get_by_text("is held by a guard")).to_be_hidden()
    assert not plan.changes.filter(state="held").exists()


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [1024, 390])
def test_a_plan_fits_the_window(
    page: Page, live_server: Any, alice: Actor, connected: Connection, theme: Any, width: int
) -> None:
    plan = _plan(alice, connected, 300)
    page.emulate_media(color_scheme=theme, reduced_motion="reduce")
    page.set_viewport_size({"width": width, "height": 900})
    sign_in(page, live_server.url, then=f"/plans/{plan.id}", as_="alice")
    expect(page.get_by_text("Object 1", exact=True)).to_be_visible()
    picture(page, f"plan-{width}-{theme}")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert barriers(page) == []


def test_a_plan_leaves_as_csv_and_no_cell_is_a_formula(client: Any, alice: Actor, connected: Connection) -> None:
    plan = _plan(alice, connected, 2, title="=cmd|' /C calc'!A{at}")
    client.force_login(alice.person)
    text = b"".join(client.get(f"/api/v1/plans/{plan.id}/changes.csv?operation=create").streaming_content).decode()
    lines = text.splitlines()
    assert lines[0].startswith("\ufeffnumber,operation,kind,object")
    assert "'=cmd" in lines[1]
    assert len(lines) == 2
