"""The page that carries the application."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import Resolver404, resolve

from hub.accounts.access import Actor

ROUTES = Path(__file__).resolve().parents[3] / "frontend/src/app/routes.tsx"
PATHS = re.findall(r'path: "(/[^"*]*)"', ROUTES.read_text("utf-8"))
ADDRESSES = [
    path.removesuffix("/:other?")
    .replace(":id", "0192b3a4-0000-7000-8000-000000000000")
    .replace(":slug", "some")
    .replace(":name", "routing")
    for path in PATHS
]
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _built(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hub.web.app._is_built", lambda: True)


def _browser(actor: Actor) -> Client:
    client = Client()
    assert actor.person is not None
    client.force_login(actor.person)
    return client


def _me(page: str) -> dict[str, Any]:
    found = re.search(r'<script id="me" type="application/json">(.*?)</script>', page)
    assert found is not None
    told: dict[str, Any] = json.loads(found[1])
    return told


@pytest.mark.parametrize("address", ADDRESSES)
def test_the_hub_serves_the_application_at_each_of_its_addresses(alice: Actor, address: str) -> None:
    page = _browser(alice).get(address)

    assert page.status_code == 200
    assert 'id="app"' in page.content.decode()


@pytest.mark.parametrize("address", ADDRESSES)
def test_an_address_asks_whoever_is_not_signed_in_to_sign_in(client: Client, address: str) -> None:
    answer = client.get(address)

    assert answer.status_code == 302
    assert answer["Location"].startswith("/sign-in?next=")


def test_the_page_has_no_script_or_style_of_its_own(alice: Actor) -> None:
    page = _browser(alice).get("/")
    text = page.content.decode()

    assert "script-src 'self'" in page["Content-Security-Policy"]
    assert "style-src 'self'" in page["Content-Security-Policy"]
    # What the application is told stands in a block that no browser carries out.
    assert not re.search(r'<script(?![^>]*\bsrc=)(?![^>]*type="application/json")', text)
    assert "<style" not in text
    assert not re.search(r"\sstyle=|\son[a-z]+=", text)


def test_the_application_is_told_who_looks_where_and_what_they_may(alice: Actor, bob: Actor) -> None:
    told = _me(_browser(bob).get("/").content.decode())

    assert told["person"]["username"] == "bob"
    assert told["workspace"]["slug"] == "team"
    assert "workflow.edit" in told["verbs"]
    assert "audit.view" not in told["verbs"]
    assert "audit.view" in _me(_browser(alice).get("/").content.decode())["verbs"]


def test_a_name_cannot_end_the_block_that_holds_it(alice: Actor) -> None:
    assert alice.person is not None
    alice.person.name = "</script><script>alert(1)</script>"
    alice.person.save()

    text = _browser(alice).get("/").content.decode()

    assert "<script>alert" not in text
    assert _me(text)["person"]["name"] == alice.person.name


def test_an_address_that_nobody_knows_is_not_the_application(alice: Actor) -> None:
    with pytest.raises(Resolver404):
        resolve("/nothing-here")
    assert _browser(alice).get("/nothing-here").status_code == 404
