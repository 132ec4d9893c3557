"""Plans as people read, decide, apply and take them back."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from hub.accounts.access import Actor
from hub.accounts.models import Person
from hub.connections.models import Connection
from tests.browser.browsing import barriers, picture, sign_in
from workflows.models import Change, Plan, PlanState

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
MANY = 20_000


def _plan(
    actor: Actor, connection: Connection, count: int, *, made_by: Person | None = None, title: str = "Object {at}"
) -> Plan:
    kinds = {"shop.shelf create": count - 1, "shop.shelf delete": 1}
    plan = Plan.objects.create(
        workspace=actor.workspace, title="Shelves", state=PlanState.PROPOSED, counts=kinds, digest="",
        created_by=made_by,
        guards=[{"guard": "removals", "passed": True, "message": "1 removal, at most 50 are allowed."}],
    )  # fmt: skip
    Change.objects.bulk_create(
        Change(
            plan=plan, position=at, connection=connection, resource="shop.shelf", key=f"k{at}",
            operation="create" if at < count else "delete", title=title.format(at=at),
            before=None if at < count else {"colour": "red"}, after={"colour": f"blue {at}"} if at < count else None,
            cause={"rule": f"row {at % 7}"},
        )
        for at in range(1, count + 1)
    )  # fmt: skip
    plan.digest = "d" * 64
    plan.save()
    return plan


def test_a_plan_of_many_changes_is_read_searched_and_approved(
    page: Page, live_server: Any, alice: Actor, connected: Connection
) -> None:
    plan = _plan(alice, connected, MANY)
    sign_in(page, live_server.url, then="/plans?state=proposed", as_="alice")
    page.get_by_role("link", name="Shelves").click()
    table = page.get_by_role("table", name="Changes")
    expect(table.get_by_text("Object 1", exact=True)).to_be_visible()
    assert table.get_by_role("row").count() < 60
    picture(page, "plan")
    assert barriers(page) == []

    page.locator(".change-box").evaluate("box => box.scrollTo(0, box.scrollHeight)")
    expect(table.get_by_text(f"Object {MANY}", exact=True)).to_be_visible()
    page.get_by_label("Search").fill("Object 12345")
    expect(table.get_by_text("blue 12345")).to_be_visible()
    expect(page.get_by_text("1 of 20,000")).to_be_visible()
    page.get_by_label("Search").fill("")
    page.get_by_role("button", name="delete shelf 1").click()
    expect(table.get_by_text("red")).to_be_visible()

    page.get_by_label("Comment").fill("As discussed.")
    page.get_by_role("button", name="Approve").click()
    expect(page.get_by_role("button", name="Apply exactly this")).to_be_visible()
    plan.refresh_from_db()
    assert (plan.state, plan.comment) == ("approved", "As discussed.")


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
