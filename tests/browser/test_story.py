"""An analyst who has never seen the product builds a flow from an empty canvas, and lives with it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from playwright.sync_api import Page, expect

from hub.accounts.roles import Role
from hub.connections import egress_rules
from hub.connections.services import create_connection
from tests.browser.browsing import barriers, picture, sign_in
from tests.connectors.email.test_email import Catcher
from tests.connectors.webhook.test_webhook import Receiver, receiver
from tests.e2e.conftest import sandboxed, stage
from tests.e2e.stage import Stage
from tests.hub.sdk.servers import free_port
from tests.people import join, make_person
from tests.workflows.engine.conftest import work
from workflows.models import Run, Trigger

__all__ = ["receiver", "sandboxed", "stage"]

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.timeout(400)]


@pytest.fixture
def post(stage: Stage, receiver: Receiver) -> Iterator[Catcher]:
    """Ada in a workspace with a directory, a mail server and a web address."""
    catcher, port = Catcher(), free_port()
    controller = Controller(catcher, hostname="127.0.0.1", port=port)
    controller.start()
    web = receiver.address.removesuffix("/hook")
    for target in (f"127.0.0.1:{port}", web.removeprefix("http://")):
        egress_rules.add_rule(stage.actor, target=target, note="A server of the tests.")
    mail = {"host": "127.0.0.1", "port": port, "security": "none", "sender": "hub@example.com"}
    create_connection(stage.actor, name="Post", slug="post", connector="email", settings=mail)
    create_connection(stage.actor, name="Reports", slug="reports", connector="http", settings={"base_url": web})
    join(make_person("ada"), stage.actor.workspace, Role)
    yield catcher
    controller.stop()


def add(page: Page, after: str, port: str, words: str) -> None:
    page.get_by_role("button", name=f"Add a step after {after} by {port}", exact=True).click()
    choose(page, words)


def choose(page: Page, words: str) -> None:
    page.get_by_label("What should it do?").fill(words)
    page.keyboard.press("Enter")


def name(page: Page, title: str) -> None:
    page.get_by_label("Name", exact=True).fill(title)


def text(page: Page, label: str) -> Any:
    return page.get_by_role("textbox", name=label, exact=True)


def publish(page: Page, message: str, number: int) -> None:
    expect(page.get_by_text("Saved", exact=True)).to_be_visible()
    page.get_by_role("button", name="Publish", exact=True).click()
    page.get_by_label("What changed").fill(message)
    page.get_by_role("button", name="Publish now").click()
    expect(page.get_by_text(f"version {number} runs")).to_be_visible()


def run(page: Page, version: int, state: str) -> None:
    page.get_by_role("button", name="Runs", exact=True).click()
    page.get_by_role("button", name=f"Start version {version}").click()
    shown = page.get_by_label("The run that is shown")
    expect(shown.get_by_text("queued")).to_be_visible()
    work()
    expect(shown.get_by_text(state, exact=True).first).to_be_visible()


def test_every_weekday_a_summary_of_two_departments_goes_to_a_web_address(
    page: Page, live_server: Any, stage: Stage, post: Catcher, receiver: Receiver
) -> None:
    sign_in(page, live_server.url, then="/workflows", as_="ada")
    page.get_by_label("Name of the new workflow").fill("Morning summary")
    page.get_by_role("button", name="New workflow").click()

    # Every weekday at 07:00.
    page.get_by_role("button", name="Start", exact=True).click()
    page.get_by_role("button", name="Schedule", exact=True).click()
    text(page, "Cron rule").fill("0 7 * * 1-5")
    text(page, "Time zone").fill("Europe/Berlin")
    expect(page.get_by_text("Monday to Friday at 07:00").first).to_be_visible()
    picture(page, "story-schedule")

    # Read the people of two departments.
    page.get_by_role("button", name="Add the first step").click()
    choose(page, "find users")
    expect(page.get_by_label("Connection")).to_have_value("directory")
    page.get_by_label("Partition", exact=True).fill("Northwind")
    page.get_by_role("spinbutton", name="At most").fill("1000")
    add(page, "Find users", "ok", "filter")
    name(page, "Two departments")
    text(page, "Items").fill("steps.find_users.users")
    text(page, "Keep, when").fill('item.department in ["Claims", "Communications"]')

    # Those whose cost centre matches the table; a mistake is made on the way.
    add(page, "Two departments", "ok", "rules")
    name(page, "Cost centres")
    text(page, "Items").fill("steps.filtr")
    page.get_by_role("button", name="Edit the table").click()
    table = page.get_by_role("dialog", name="Rule table")
    table.get_by_label("Name of the new column").fill("cost_centre")
    table.get_by_role("button", name="Add a column").click()
    table.get_by_label("What the column is").select_option("give")
    table.get_by_label("Name of the new column").fill("keep")
    table.get_by_label("Kind of the new column").select_option("boolean")
    table.get_by_role("button", name="Add a column").click()
    table.get_by_role("button", name="Add a row").click()
    table.get_by_label("cost_centre, row 1", exact=True).fill("CC-41* ")
    table.get_by_label("Condition of cost_centre, row 1").select_option("~ ")
    expect(table.get_by_label("cost_centre, row 1", exact=True)).to_have_value("~ CC-41*")
    table.get_by_label("keep, row 1", exact=True).fill("yes")
    table.get_by_label("keep, otherwise", exact=True).fill("no")
    expect(table.get_by_text("No mistake, no gap")).to_be_visible()
    picture(page, "story-table")
    table.get_by_role("button", name="Done").click()
    text(page, "cost_centre").fill("item.attributes.oTExtraAttr2")

    # One summary to a web address.
    add(page, "Cost centres", "ok", "transform")
    name(page, "Summary")
    kept = "$filter(steps.filter, function($one, $at) { steps.rules.decisions[$at].give.keep })"
    text(page, "Value").fill(f'{{"people": $count({kept}), "names": [{kept}.display_name]}}')
    add(page, "Summary", "ok", "http send")
    name(page, "Post it")
    expect(page.get_by_label("Connection")).to_have_value("reports")
    text(page, "Path").fill("/summary")
    page.get_by_role("group", name="Body").get_by_label("Kind", exact=True).select_option('"json"')
    text(page, "JSON").fill("steps.transform")

    # On failure mail me, whichever step fails: drawn in the outline, by keyboard.
    add(page, "Post it", "error", "send e-mail")
    name(page, "Mail me")
    page.get_by_role("button", name="Add to To").click()
    text(page, "To 1").fill("ada@example.com")
    text(page, "Subject").fill("The morning summary failed")
    page.keyboard.press("Escape")
    page.keyboard.press("Shift+O")
    page.get_by_role("button", name="Connect Find users by error to a step that is there").press("Enter")
    page.get_by_label("Lead Find users by error to").select_option("send_e_mail")
    picture(page, "story-outline")
    assert barriers(page) == []
    page.keyboard.press("Shift+O")

    # Publishing leads to the mistake, and the hint out of it.
    page.get_by_role("button", name="Publish", exact=True).click()
    problem = page.get_by_role("button", name="Cost centres The expression reads step")
    expect(problem).to_contain_text("filter")
    picture(page, "story-problem")
    problem.click()
    expect(text(page, "Items")).to_be_focused()
    text(page, "Items").fill("steps.filter")
    publish(page, "First version.", 1)
    assert Trigger.objects.get(kind="schedule", workflow__name="Morning summary").settings["cron"] == "0 7 * * 1-5"

    # It runs, and each step shows its data.
    run(page, 1, "succeeded")
    [(_, body)] = receiver.calls
    summary = json.loads(body)
    assert summary["people"] == len(summary["names"]) > 0
    page.locator('.react-flow__node[data-id="rules"]').click()
    page.get_by_role("button", name="In the run").click()
    expect(page.get_by_label("Output")).to_contain_text('"cost_centre": "CC-4100"')
    picture(page, "story-green")

    # It breaks: the web address says no, and the mail comes.
    receiver.status = 404
    page.keyboard.press("Escape")
    run(page, 1, "succeeded")
    assert len(post.envelopes) == 1
    receiver.status = 204

    # Somebody breaks the flow itself; it says where and why, is mended, and replayed.
    page.locator('.react-flow__node[data-id="transform"]').click()
    page.get_by_role("button", name="Settings", exact=True).click()
    text(page, "Value").fill("steps.filter.nothing_like_this")
    publish(page, "Broken by mistake.", 2)
    run(page, 2, "failed")
    page.get_by_role("button", name="transform").click()
    page.get_by_role("button", name="In the run").click()
    picture(page, "story-broken")
    page.get_by_role("button", name="Settings", exact=True).click()
    text(page, "Value").fill(f'{{"people": $count({kept})}}')
    publish(page, "Mended.", 3)
    page.get_by_role("button", name="Runs", exact=True).click()
    page.get_by_role("link", name="Its page").click()
    page.get_by_role("button", name="Replay…").click()
    page.get_by_label("Begin at").select_option("transform")
    page.get_by_label("Version", exact=True).select_option("3")
    expect(page.get_by_text("Kept: Find users, Two departments, Cost centres")).to_be_visible()
    picture(page, "story-replay")
    page.get_by_role("button", name="Replay", exact=True).click()
    expect(
        page.get_by_text("Stored, and waiting for a worker.").or_(page.get_by_text("queued")).first
    ).to_be_visible()
    work()
    expect(page.get_by_text("succeeded", exact=True).first).to_be_visible()
    assert Run.objects.latest("id").state == "succeeded"
    assert json.loads(receiver.calls[-1][1]) == {"people": summary["people"]}
    picture(page, "story-mended")
