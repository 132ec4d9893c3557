"""The pictures of the documentation are of real pages, full of what the sample does. `make pictures` renews them."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from hub.accounts.access import Actor
from hub.accounts.roles import Role
from tests.browser.browsing import ROOT, sign_in
from tests.e2e.conftest import sandboxed, stage
from tests.e2e.stage import Stage
from tests.people import join, make_person
from tests.workflows.approvals.conftest import question
from tests.workflows.approvals.conftest import stage as asked_in
from tests.workflows.engine.conftest import work
from workflows.models import Plan, Run
from workflows.services import approvals, sample, templates, workflows

__all__ = ["sandboxed", "stage"]

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
LARGEST = 150_000
UNFINISHED: Any = {
    "format": 1,
    "name": "Welcome newcomers",
    "steps": [
        {"id": "check", "kind": "condition", "title": "Is it the first day?"},
        {"id": "write", "kind": "action", "title": "Write to the new colleague", "action": "email.send"},
    ],
    "edges": [{"from": "check", "port": "yes", "to": "write"}],
}
RENEW = bool(os.environ.get("LOCKGATE_RENEW_PICTURES"))


@pytest.fixture
def ada(stage: Stage) -> Actor:
    ada = make_person("ada")
    join(ada, stage.actor.workspace, Role)
    return Actor(workspace=stage.actor.workspace, roles=frozenset(Role), person=ada)


def test_the_documentation_shows_the_pages_as_they_are(
    page: Page, live_server: Any, stage: Stage, ada: Actor, tmp_path: Path
) -> None:
    folder = ROOT / "docs" / "images" if RENEW else tmp_path
    held = approvals.ask(
        stage.actor,
        question(
            asked_in("Compliance", "ada"), title="Renewal notice 2027 goes live",
            show=[{"label": "Template", "value": "Renewal notice, version 4"},
                  {"label": "Domain", "value": "EMEA, production"},
                  {"label": "What is new", "value": "The paragraph about the premium from 1 January."}],
        ),
    )  # fmt: skip
    plan = templates.simulate(stage.actor, sample.SLUG)
    templates.run(stage.actor, sample.SLUG)
    work()
    run = Run.objects.filter(workflow__slug=sample.SLUG).order_by("-id")[0]
    made = Plan.objects.filter(step__run=run).first() or plan

    def take(name: str, path: str, seen: str, at: str = "main") -> None:
        page.goto(live_server.url + path)
        expect(page.get_by_text(seen).first).to_be_visible(timeout=20_000)
        expect(page.get_by_role("status").filter(has_text="Loading")).to_have_count(0)
        page.wait_for_load_state("networkidle")
        page.locator(at).first.evaluate("part => part.scrollIntoView()")
        page.screenshot(path=folder / f"{name}.png")

    sign_in(page, live_server.url, then="/", as_="ada")
    page.set_viewport_size({"width": 1200, "height": 680})
    take("home", "/", "Renewal notice 2027 goes live")
    take("designer", f"/workflows/{sample.SLUG}/design", "Publish")
    take("plan", f"/plans/{made.id}", "Changes", at="[aria-label=Changes]")
    take("run", f"/runs/{run.id}", "Steps")

    workflows.create_workflow(ada, slug="welcome", document=UNFINISHED)
    page.set_viewport_size({"width": 1100, "height": 600})
    page.emulate_media(color_scheme="dark", reduced_motion="reduce")
    page.goto(f"{live_server.url}/workflows/welcome/design")
    page.locator('.react-flow__node[data-id="write"]').click()
    expect(page.get_by_label("Connection")).to_be_visible()
    page.screenshot(path=folder / "designer-dark.png")
    page.emulate_media(color_scheme="light", reduced_motion="reduce")

    page.set_viewport_size({"width": 390, "height": 780})
    page.goto(f"{live_server.url}/workflows/welcome/design")
    page.get_by_role("button", name="Outline").click()
    expect(page.get_by_text("Write to the new colleague").first).to_be_visible()
    page.screenshot(path=folder / "designer-outline-phone.png")
    take("approval-phone", f"/approvals/{held.id}", "Renewal notice 2027 goes live")

    sizes = {file.name: file.stat().st_size for file in folder.glob("*.png")}
    assert {name: size for name, size in sizes.items() if size > LARGEST} == {}


def test_every_picture_of_the_documentation_is_small_and_shown_somewhere() -> None:
    pages = [ROOT / "README.md", *(ROOT / "docs").rglob("*.md")]
    said = "".join(file.read_text() for file in pages)
    for picture in (ROOT / "docs" / "images").glob("*.png"):
        assert picture.stat().st_size <= LARGEST, picture.name
        assert picture.name in said, picture.name
