"""Pages of what the hub keeps and checks: evidence, owners, hosts, opt-outs, delegates, upgrades, one person."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from hub.accounts.access import Actor
from hub.accounts.roles import Role
from hub.connections.models import Connection
from tests.browser.browsing import barriers, picture, sign_in
from tests.e2e.conftest import sandboxed, stage
from tests.e2e.stage import Stage
from tests.hub.audit.kept import keep, person
from tests.people import join, make_person
from workflows.models import Installation, Version
from workflows.services import sample
from workflows.services.workflows import get_workflow, save_draft

__all__ = ["sandboxed", "stage"]

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PAGES = {
    "/": "Home",
    "/runs": "Runs",
    "/keys": "Timelines",
    "/alerts": "Alerts",
    "/plans": "Plans",
    "/approvals": "Approvals",
    "/workflows": "Workflows",
    "/templates": "Templates",
    "/connections": "Connections",
    "/deliveries": "Deliveries",
    "/retention": "Retention",
    "/deputies": "Deputies",
    "/people": "People",
    "/audit": "Audit",
    "/evidence": "Evidence",
    "/evidence/could-see": "What could somebody see?",
    "/findings": "Findings",
    "/owners": "Owners of templates",
    "/delegates": "Delegates",
    "/private-hosts": "Private hosts",
    "/opt-outs": "Opt-outs of notices",
}


@pytest.mark.parametrize(("width", "theme"), [(390, "dark"), (390, "light"), (1440, "dark"), (1440, "light")])
def test_every_page_fits_the_window_and_bars_nobody(
    page: Page, live_server: Any, alice: Actor, width: int, theme: Any
) -> None:
    page.emulate_media(color_scheme=theme, reduced_motion="reduce")
    page.set_viewport_size({"width": width, "height": 844})
    sign_in(page, live_server.url, then="/", as_="alice")
    found: dict[str, Any] = {}
    for path, heading in PAGES.items():
        page.goto(live_server.url + path)
        if heading != "Home":
            expect(page.get_by_role("heading", level=1, name=heading)).to_be_visible()
        expect(page.get_by_role("status").filter(has_text="Loading")).to_have_count(0)
        picture(page, f"page{path.replace('/', '-')}-{width}-{theme}")
        too_wide = page.evaluate("document.documentElement.scrollWidth") > width
        if wrong := [*barriers(page), *(["too wide"] if too_wide else [])]:
            found[path] = wrong
    if width == 390:
        page.get_by_role("button", name="Menu").click()
        expect(page.get_by_role("dialog", name="Menu").get_by_role("link", name="Evidence")).to_be_visible()
        picture(page, f"page-menu-{width}-{theme}")
        found |= {"menu": wrong} if (wrong := barriers(page)) else {}
    assert found == {}


def test_every_page_speaks_german(page: Page, live_server: Any, alice: Actor) -> None:
    sign_in(page, live_server.url, then="/", as_="alice")
    page.evaluate("window.localStorage.setItem('lockgate:language', 'de')")
    for path, heading in {"/evidence": "Nachweise", "/owners": "Besitzer von Vorlagen", "/keys": "Zeitleisten",
                          "/private-hosts": "Private Hosts", "/opt-outs": "Abmeldungen", "/delegates": "Delegierte",
                          "/findings": "Befunde", "/alerts": "Warnungen"}.items():  # fmt: skip
        page.goto(live_server.url + path)
        expect(page.get_by_role("heading", level=1)).to_contain_text(heading)


def test_hosts_opt_outs_and_owners_are_noted_and_taken_back(
    page: Page, live_server: Any, alice: Actor, connected: Connection
) -> None:
    sign_in(page, live_server.url, then="/private-hosts", as_="alice")
    form = page.get_by_role("form", name="Allow a host")
    form.get_by_label("Host").fill("10.1.0.0/16")
    form.get_by_label("Why it is allowed").fill("The directory stands there.")
    form.get_by_role("button", name="Allow it").click()
    expect(page.get_by_role("row").filter(has_text="10.1.0.0/16")).to_contain_text("The directory stands there.")
    page.get_by_role("button", name="Allow 10.1.0.0/16 no more").click()
    page.get_by_role("button", name="Remove the rule").click()
    expect(page.get_by_text("No private host is allowed.")).to_be_visible()

    page.goto(f"{live_server.url}/opt-outs")
    form = page.get_by_role("form", name="Note an opt-out")
    form.get_by_label("Person or address").fill("mara@example.com")
    form.get_by_role("button", name="Note it").click()
    page.get_by_role("button", name="Tell mara@example.com again").click()
    expect(page.get_by_text("Everybody wants all notices.")).to_be_visible()


def test_an_auditor_checks_the_evidence_and_takes_a_pack_away(page: Page, live_server: Any, alice: Actor) -> None:
    keep(alice.workspace, "person", person("amara"), person("henrik"))
    sign_in(page, live_server.url, then="/evidence", as_="alice")
    page.get_by_role("button", name="Check the evidence").click()
    expect(page.get_by_text("The evidence is whole")).to_be_visible()
    page.get_by_text("Make a pack").click()
    page.get_by_label("Title").fill("Audit of May")
    page.get_by_role("button", name="Make the pack").click()
    expect(page.get_by_text("The pack holds")).to_be_visible()
    with page.expect_download() as taken:
        page.get_by_role("link", name="Download Audit of May").click()
    assert taken.value.suggested_filename.endswith(".zip")

    page.get_by_role("link", name="What could somebody see?").click()
    # The page before it has a field of the same name.
    expect(page.get_by_role("heading", level=1, name="What could somebody see?")).to_be_visible()
    page.get_by_label("Person (user@partition)").fill("amara@Northwind")
    page.get_by_label("At this time").fill("2099-05-03T12:00")
    page.get_by_role("button", name="Look it up").click()
    expect(page.get_by_role("region", name="amara@Northwind")).to_contain_text("Read in the directory")
    expect(page.get_by_text("In no domain")).to_be_visible()
    picture(page, "could-see")
    assert barriers(page) == []


def test_an_upgrade_keeps_what_was_changed_here_and_one_person_is_explained(
    page: Page, live_server: Any, stage: Stage
) -> None:
    join(make_person("ada"), stage.actor.workspace, Role)
    held = Installation.objects.get(slug=sample.SLUG)
    workflow = get_workflow(stage.actor, sample.SLUG)
    changed = {**workflow.draft, "description": "Ours."}
    save_draft(stage.actor, sample.SLUG, document=changed, revision=workflow.revision)
    # As if an older template had made it: it had another first step's title.
    then: Any = held.made
    made = {**then, "steps": [{**then["steps"][0], "title": "As it was"}, *then["steps"][1:]]}
    Installation.objects.filter(id=held.id).update(version=0, made=made)
    draft = {**changed, "steps": [{**changed["steps"][0], "title": "As it was"}, *changed["steps"][1:]]}
    save_draft(stage.actor, sample.SLUG, document=draft, revision=workflow.revision + 1)

    sign_in(page, live_server.url, then=f"/templates/{held.template}", as_="ada")
    page.get_by_role("link", name=f"Upgrade {sample.SLUG}").click()
    expect(page.get_by_role("region", name="What was changed here")).to_contain_text("Ours.")
    expect(page.get_by_role("region", name="What the template changed")).to_contain_text("As it was")
    picture(page, "template-upgrade")
    assert barriers(page) == []
    page.get_by_role("button", name="Upgrade and publish").click()
    expect(page.get_by_role("button", name=f"Simulate {sample.SLUG}")).to_be_visible()
    held.refresh_from_db()
    document = Version.objects.filter(workflow__slug=sample.SLUG).order_by("-number")[0].document
    assert (document["description"], document["steps"][0].get("title")) == (
        "Ours.",
        then["steps"][0].get("title"),
    )
    assert held.version > 0

    page.get_by_role("button", name=f"One person of {sample.SLUG}…").click()
    page.get_by_label("Person (user@partition)").fill("amara.diallo@Northwind")
    page.get_by_role("button", name="Plan and explain").click()
    expect(page.get_by_text("In the directory:")).to_be_visible(timeout=30_000)
    picture(page, "template-one-person")
    assert barriers(page) == []
    page.get_by_role("link", name="Open the plan").click()
    expect(page.get_by_role("heading", name="Changes")).to_be_visible()
