"""The pages of the platform, as a browser without scripts sees them."""

from __future__ import annotations

import re
import uuid

import pytest
from django.test import Client

from connectors.http.sandbox.service import PASSWORD
from hub.accounts.models import ApiToken, Membership
from hub.connections.models import Connection, Health
from tests.people import PASSWORD as SIGN_IN
from tests.people import join, make_person

pytestmark = pytest.mark.django_db


def _browser(actor) -> Client:
    client = Client()
    client.force_login(actor.person, backend="django.contrib.auth.backends.ModelBackend")
    return client


PAGES = ["/connections", "/connections/new?connector=http", "/audit", "/people"]


@pytest.mark.parametrize("address", PAGES)
def test_a_page_asks_whoever_is_not_signed_in_to_sign_in(client, db, address):
    answer = client.get(address)

    assert answer.status_code == 302
    assert answer["Location"].startswith("/sign-in?next=")


@pytest.mark.parametrize("address", PAGES)
def test_no_page_has_inline_script_or_style(alice, connection, address):
    page = _browser(alice).get(address)
    text = page.content.decode()

    assert page.status_code == 200
    assert "script-src 'self'" in page["Content-Security-Policy"]
    assert not re.search(r"<script(?![^>]*\bsrc=)", text)
    assert "<style" not in text
    assert not re.search(r"\sstyle=|\son[a-z]+=", text)
    assert "<h1" in text


@pytest.mark.parametrize(
    ("role", "address", "status"),
    [("builder", "/audit", 403), ("auditor", "/connections/new?connector=http", 403), ("auditor", "/audit", 200)],
)
def test_a_page_is_refused_to_roles_that_do_not_include_it(team, role, address, status):
    actor = join(make_person("tester"), team, [role])

    assert _browser(actor).get(address).status_code == status


def test_a_connection_s_page_shows_its_state_and_no_secret(bob, connection):
    Connection.objects.update(health=Health.FAILING, health_message="The password is not right.")

    text = _browser(bob).get(f"/connections/{connection.id}").content.decode()

    assert "Does not work" in text
    assert "The password is not right." in text
    assert "127.0.0.1" in text
    assert "amara" in text
    assert PASSWORD not in text


def test_a_connection_is_tested_from_its_page(bob, connection):
    answer = _browser(bob).post(f"/connections/{connection.id}/test", follow=True)

    assert "The service works." in answer.content.decode()
    assert "may read /items" in answer.content.decode()


def test_a_connection_is_made_with_the_form(bob, service):
    browser = _browser(bob)
    form = {
        "connector": "http",
        "name": "By form",
        "settings.base_url": f"{service.base_url}/v1",
        "settings.sign_in": "basic",
        "settings.username": "amara",
        "settings.password": "wrong",
        "settings.test_path": "items",
        "test": "true",
    }

    refused = browser.post("/connections/new", form)
    made = browser.post("/connections/new", {**form, "settings.password": PASSWORD}, follow=True)

    assert refused.status_code == 422
    assert Connection.objects.count() == 1
    assert 'value="By form"' in refused.content.decode()
    assert "wrong" not in re.sub(r'class="wrong"|-wrong"', "", refused.content.decode())
    assert "By form is saved." in made.content.decode()
    assert ">Works<" in made.content.decode()


def test_a_form_says_what_is_wrong_at_the_field(bob, db):
    form = {"connector": "http", "name": "X", "settings.base_url": "ftp://x", "settings.sign_in": "none"}

    answer = _browser(bob).post("/connections/new", form)

    assert answer.status_code == 422
    assert 'id="field-base-url-wrong"' in answer.content.decode()
    assert 'aria-describedby="field-base-url-wrong"' in answer.content.decode()


def test_a_form_that_is_saved_keeps_the_secret_that_was_not_typed_again(bob, connection):
    form = {
        "revision": "1",
        "name": "Renamed",
        "settings.base_url": connection.settings["base_url"],
        "settings.sign_in": "basic",
        "settings.username": "amara",
        "settings.password": "",
        "settings.test_path": "echo",
    }
    browser = _browser(bob)

    saved = browser.post(f"/connections/{connection.id}/edit", form, follow=True)
    stale = browser.post(f"/connections/{connection.id}/edit", form)

    assert "The changes are saved." in saved.content.decode()
    assert Connection.objects.get().secrets_set == ["password"]
    assert stale.status_code == 409
    assert "changed in the meantime" in stale.content.decode()


@pytest.mark.parametrize("what", ["", "/test", "/edit", "/delete"])
def test_a_connection_of_another_workspace_has_no_page(charlie, connection, what):
    browser = _browser(charlie)
    method = browser.post if what else browser.get

    theirs, none = method(f"/connections/{connection.id}{what}"), method(f"/connections/{uuid.uuid4()}{what}")

    assert theirs.status_code == none.status_code == 404


def test_a_connection_is_removed_from_its_page(bob, connection):
    _browser(bob).post(f"/connections/{connection.id}/delete")

    assert not Connection.objects.exists()


def test_the_audit_page_filters_and_checks(alice, connection):
    browser = _browser(alice)

    everything = browser.get("/audit").content.decode()
    tokens = browser.get("/audit?verb=token.").content.decode()
    odd = browser.get("/audit?by=nobody&since=yesterday&before=x")
    checked = browser.post("/audit/check").content.decode()

    assert "connection.created" in everything
    assert "No entry fits." in tokens
    assert odd.status_code == 200
    assert "The trail is whole." in checked


def test_the_audit_page_goes_back_in_time(alice):
    from hub.audit import Ref, record

    for number in range(105):
        record(alice, "thing.made", Ref("thing", str(number)))
    browser = _browser(alice)

    first = browser.get("/audit").content.decode()
    older = re.search(r'href="(/audit\?before=\d+)"', first)

    assert older is not None
    assert browser.get(older[1]).content.decode().count("<tr>") == 6


def test_a_token_is_made_shown_once_and_revoked(bob):
    browser = _browser(bob)

    made = browser.post("/tokens", {"token_name": "Nightly", "days": "30"}).content.decode()
    token = ApiToken.objects.get()
    again = browser.get("/people").content.decode()
    browser.post(f"/tokens/{token.id}/revoke")

    text = re.search(r"lgt_[\w-]{20,}", made)
    assert text is not None
    assert text[0] not in again
    assert "Nightly" in again
    token.refresh_from_db()
    assert token.revoked_at is not None


def test_a_member_is_added_with_a_password_and_signs_in(alice):
    form = {"username": "dana", "name": "Dana", "password": SIGN_IN, "roles": ["operator"]}

    added = _browser(alice).post("/people/add", form, follow=True)
    signed_in = Client(REMOTE_ADDR="10.66.0.1").post("/sign-in", {"username": "dana", "password": SIGN_IN})

    assert "Dana now belongs to this workspace." in added.content.decode()
    assert signed_in.status_code == 302


def test_a_member_s_roles_are_changed_and_the_last_administrator_stays(alice, bob):
    browser = _browser(alice)
    of_bob, of_alice = (Membership.objects.get(person=each.person) for each in (bob, alice))

    browser.post(f"/people/{of_bob.id}", {"roles": ["auditor"], "do": "roles"})
    refused = browser.post(f"/people/{of_alice.id}", {"do": "remove"})

    of_bob.refresh_from_db()
    assert of_bob.roles == ["auditor"]
    assert refused.status_code == 409
    assert "last administrator" in refused.content.decode()


def test_a_member_without_the_right_sees_no_forms_for_members(bob):
    text = _browser(bob).get("/people").content.decode()

    assert "Add somebody" not in text
    assert "Make a token" in text
    assert _browser(bob).post("/people/add", {"username": "x"}).status_code == 403


def test_a_name_that_is_markup_stays_a_name(alice, connection):
    Connection.objects.update(name="<script>alert(1)</script>")

    for address in ("/", "/connections", f"/connections/{connection.id}"):
        assert "<script>alert" not in _browser(alice).get(address).content.decode()
