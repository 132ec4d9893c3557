"""Approvals as people decide them, also on a phone: nothing is cut off, every control has a name and a size."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from hub.accounts.access import Actor
from tests.browser.browsing import barriers, picture, sign_in
from tests.workflows.approvals.conftest import asked, people, question, stage
from tests.workflows.engine.conftest import states, work
from workflows.models import Approval, ApprovalDecision, Deputy, Run
from workflows.services import approvals

__all__ = ["asked", "people"]

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
LONG = "A notice to policyholders about the premium from 1 January, in three languages, with enclosures"
PHONE = {"width": 320, "height": 640}
Asked = Callable[..., tuple[Run, Approval]]
People = dict[str, Actor]


def _fits(page: Page, name: str) -> None:
    picture(page, name)
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), f"{name} is too wide"
    small = (
        "[...document.querySelectorAll('main button, main input:not([type=hidden])')]"
        ".filter(e => e.getBoundingClientRect().height < 24).length"
    )
    assert page.evaluate(small) == 0
    assert barriers(page) == []


def test_an_approver_decides_on_a_phone(page: Page, live_server: Any, alice: Actor, people: People) -> None:
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    show = [
        {"label": "Template", "value": LONG},
        {"label": "Key", "value": "x" * 120},
        {"label": "<b>Markup", "value": "<script>alert(1)</script>"},
    ]
    held = approvals.ask(alice, question(stage("legal", "ada", "ben"), stage("print", "cleo"), show=show, title=LONG))
    sign_in(page, live_server.url, then=f"/approvals/{held.id}", as_="ada")
    expect(page.get_by_role("heading", name=LONG)).to_be_visible()
    expect(page.get_by_text("<script>alert(1)</script>")).to_be_visible()
    assert not ApprovalDecision.objects.exists()
    _fits(page, "approval")

    page.get_by_role("button", name="Reject").click()
    expect(page.get_by_text("Say in the comment why not.")).to_be_visible()
    expect(page.get_by_label("Comment")).to_have_attribute("aria-invalid", "true")
    _fits(page, "approval-wrong")
    page.get_by_label("Comment").fill("Fine with me.")
    page.get_by_role("button", name="Approve").click()
    expect(page.get_by_text("Fine with me.")).to_be_visible()
    expect(page.get_by_text("signed in by password")).to_be_visible()
    expect(page.get_by_role("button", name="Approve")).to_be_hidden()
    _fits(page, "approval-decided")


def test_the_phones_menu_leads_everywhere(page: Page, live_server: Any, people: People) -> None:
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    sign_in(page, live_server.url, then="/", as_="ada")
    page.get_by_role("button", name="Menu").click()
    menu = page.get_by_role("dialog", name="Menu")
    expect(menu.get_by_role("link", name="Approvals")).to_be_visible()
    _fits(page, "menu")
    menu.get_by_role("link", name="Approvals").click()
    expect(page.get_by_role("heading", name="Approvals")).to_be_visible()
    expect(menu).to_be_hidden()
    expect(page.get_by_text("Nobody waits for your decision.")).to_be_visible()


def test_several_are_decided_at_once_each_about_what_was_shown(
    page: Page, live_server: Any, alice: Actor, people: People
) -> None:
    one = approvals.ask(alice, question(title="Notice one"))
    two = approvals.ask(alice, question(title="Notice two"))
    left = approvals.ask(alice, question(title="Notice three"))
    sign_in(page, live_server.url, then="/approvals", as_="ada")
    page.get_by_label("Choose Notice one").check()
    page.get_by_label("Choose Notice two").check()
    expect(page.get_by_text("2 chosen")).to_be_visible()
    picture(page, "approvals-several")
    assert barriers(page) == []
    page.get_by_role("button", name="Approve the chosen").click()

    expect(page.get_by_role("link", name="Notice one")).to_be_hidden()
    expect(page.get_by_role("link", name="Notice three")).to_be_visible()
    assert set(ApprovalDecision.objects.values_list("approval_id", "digest")) == {
        (one.id, one.digest),
        (two.id, two.digest),
    }
    left.refresh_from_db()
    assert left.state == "open"


def test_a_decision_lets_the_run_go_on_and_is_found_among_all(
    page: Page, live_server: Any, asked: Asked, people: People
) -> None:
    run, _ = asked()
    sign_in(page, live_server.url, then="/", as_="ada")
    page.get_by_role("region", name="Needs you").get_by_role("link", name="Publish the notice").click()
    expect(page.get_by_text("Premium notice")).to_be_visible()
    page.get_by_role("button", name="Approve").click()
    expect(page.get_by_role("heading", name="History")).to_be_visible()
    expect(page.get_by_role("button", name="Approve")).to_be_hidden()
    work()
    assert states(run)["run"] == "succeeded"
    page.goto(f"{live_server.url}/approvals?all")
    expect(page.get_by_role("link", name="Publish the notice")).to_be_visible()


def test_what_changed_meanwhile_is_shown_again_and_the_comment_is_kept(
    page: Page, live_server: Any, alice: Actor, people: People
) -> None:
    held = approvals.ask(alice, question())
    sign_in(page, live_server.url, then=f"/approvals/{held.id}", as_="ada")
    page.get_by_label("Comment").fill("My thoughts")
    approvals.revise(alice, held.id, show=[{"label": "Template", "value": "Another notice"}])
    page.get_by_role("button", name="Approve").click()

    expect(page.get_by_role("alert")).to_contain_text("Look again")
    expect(page.get_by_text("Another notice")).to_be_visible()
    expect(page.get_by_label("Comment")).to_have_value("My thoughts")
    assert not ApprovalDecision.objects.exists()


def test_whoever_is_not_asked_sees_why_they_cannot_decide(
    page: Page, live_server: Any, asked: Asked, people: People
) -> None:
    _, approval = asked(stage("legal", "ada", "cleo"), by=people["cleo"])
    sign_in(page, live_server.url, then=f"/approvals/{approval.id}", as_="cleo")
    expect(page.get_by_text("You asked for this")).to_be_visible()
    expect(page.get_by_role("button", name="Approve")).to_be_hidden()


def test_deputies_are_named_and_taken_back(page: Page, live_server: Any, people: People) -> None:
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    sign_in(page, live_server.url, then="/approvals", as_="ada")
    page.get_by_role("link", name="Deputies").click()
    page.get_by_role("textbox", name="Deputy").fill("dan")
    page.get_by_label("First day").fill("2026-12-01")
    page.get_by_label("Last day").fill("2026-11-01")
    page.get_by_role("button", name="Name the deputy").click()
    expect(page.get_by_text("The last day comes before the first.")).to_be_visible()
    _fits(page, "deputies")
    page.get_by_label("Last day").fill("2026-12-24")
    page.get_by_role("button", name="Name the deputy").click()
    page.get_by_role("button", name="Take back dan for ada").click()
    expect(page.get_by_text("There is no deputy now.")).to_be_visible()
    assert Deputy.objects.get().ended_at is not None
