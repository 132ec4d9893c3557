"""Connections as people make, test, change and remove them."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from connectors.http.sandbox.service import PASSWORD
from hub.accounts.access import Actor
from hub.connections.models import Connection, Health
from tests.browser.browsing import barriers, picture, sign_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_connection_is_made_only_when_the_sign_in_works(
    page: Page, live_server: Any, bob: Actor, service: Any
) -> None:
    sign_in(page, live_server.url, then="/connections")
    expect(page.get_by_text("No connection yet.")).to_be_visible()
    picture(page, "connectors")
    assert barriers(page) == []
    page.get_by_role("link", name="Connect HTTP").click()
    page.get_by_label("Name", exact=False).first.fill("The service")
    page.get_by_label("Base address").fill("ftp://x")
    page.get_by_label("Sign-in", exact=False).first.select_option(label="basic")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_label("Base address")).to_have_attribute("aria-invalid", "true")
    picture(page, "connection-wrong")

    page.get_by_label("Base address").fill(f"{service.base_url}/v1")
    page.get_by_label("User", exact=False).first.fill("amara")
    page.get_by_label("Password", exact=True).fill("wrong")
    page.get_by_label("Test path").fill("items")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("alert").first).to_be_visible()
    assert not Connection.objects.exists()

    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", name="The service")).to_be_visible()
    expect(page.get_by_text("Works", exact=True)).to_be_visible()
    picture(page, "connection")
    assert barriers(page) == []


def test_a_connection_is_tested_changed_and_keeps_its_secret(
    page: Page, live_server: Any, bob: Actor, connection: Connection
) -> None:
    Connection.objects.update(health=Health.FAILING, health_message="The password is not right.")
    sign_in(page, live_server.url, then=f"/connections/{connection.id}")
    expect(page.get_by_text("The password is not right.")).to_be_visible()
    expect(page.get_by_text("Does not work")).to_be_visible()
    assert PASSWORD not in page.content()
    page.get_by_role("button", name="Test now").click()
    expect(page.get_by_text("Works", exact=True)).to_be_visible()

    page.get_by_text("Change the settings").click()
    expect(page.get_by_label("Password", exact=True)).to_have_value("")
    page.get_by_label("Name", exact=False).first.fill("Renamed")
    page.get_by_role("button", name="Save the changes").click()
    expect(page.get_by_role("heading", name="Renamed")).to_be_visible()
    assert Connection.objects.get().secrets_set == ["password"]


def test_a_connection_is_removed_only_after_asking(
    page: Page, live_server: Any, bob: Actor, connection: Connection
) -> None:
    sign_in(page, live_server.url, then=f"/connections/{connection.id}")
    page.get_by_role("button", name="Remove…").click()
    page.get_by_role("button", name="Remove this connection").click()
    expect(page.get_by_text("No connection yet.")).to_be_visible()
    assert not Connection.objects.exists()


def test_a_connection_of_another_workspace_is_not_found_and_markup_stays_a_name(
    page: Page, live_server: Any, bob: Actor, charlie: Actor, connection: Connection
) -> None:
    Connection.objects.update(name="<script>alert(1)</script>")
    sign_in(page, live_server.url, then="/connections")
    expect(page.get_by_role("link", name="<script>alert(1)</script>")).to_be_visible()
    page.context.clear_cookies()
    sign_in(page, live_server.url, then=f"/connections/{connection.id}", as_="charlie")
    expect(page.get_by_role("alert")).to_contain_text("There is no such connection")
