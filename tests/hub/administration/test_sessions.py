"""Signing in and out by API."""

from __future__ import annotations

import itertools

import pytest
from django.test import Client

from hub.audit.models import AuditEntry
from tests.people import PASSWORD

pytestmark = pytest.mark.django_db
_addresses = (f"10.77.{high}.{low}" for high, low in itertools.product(range(256), range(1, 255)))


@pytest.fixture
def client() -> Client:
    """From an address of its own, because tries are counted by address."""
    return Client(REMOTE_ADDR=next(_addresses))


def _sign_in(client: Client, username: str, password: str):
    body = {"username": username, "password": password}
    return client.post("/api/v1/session", body, content_type="application/json")


def test_signing_in_and_out_is_recorded(client, alice):
    signed_in = _sign_in(client, "alice", PASSWORD)
    known = client.get("/api/v1/me").status_code
    signed_out = client.delete("/api/v1/session")

    assert signed_in.status_code == 200
    assert "csrftoken" in client.cookies
    assert known == 200
    assert signed_out.status_code == 204
    assert client.get("/api/v1/me").status_code == 401
    assert list(AuditEntry.objects.order_by("number").values_list("verb", flat=True)) == [
        "session.started",
        "session.ended",
    ]


def test_a_wrong_name_and_a_wrong_password_look_alike(client, alice):
    wrong_password, wrong_name = _sign_in(client, "alice", "wrong"), _sign_in(client, "nobody", "wrong")

    assert wrong_password.status_code == wrong_name.status_code == 401
    assert wrong_password.json() == wrong_name.json()


def test_guessing_a_password_is_stopped_even_for_the_right_one(client, alice):
    statuses = [_sign_in(client, "alice", f"guess {number}").status_code for number in range(6)]
    right = _sign_in(client, "alice", PASSWORD)

    assert statuses[0] == 401
    assert statuses[-1] == 429
    assert right.status_code == 429
    assert int(right["Retry-After"]) > 0
    assert _sign_in(Client(REMOTE_ADDR=next(_addresses)), "alice", PASSWORD).status_code == 200


@pytest.fixture
def quick_hashing(settings) -> None:
    """Many wrong sign-ins in one test: hashing is slow on purpose."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher", *settings.PASSWORD_HASHERS]


def test_guessing_names_from_one_address_is_stopped(client, db, quick_hashing):
    # Tries are counted by the minute: with more than twice the limit, one minute has too many.
    statuses = [_sign_in(client, f"name{number}", "guess").status_code for number in range(62)]

    assert statuses[0] == 401
    assert 429 in statuses


def test_a_session_gets_a_new_identity_when_somebody_signs_in(client, alice):
    session = client.session
    session["before"] = "kept"
    session.save()
    before = client.session.session_key
    client.cookies["sessionid"] = before or ""

    _sign_in(client, "alice", PASSWORD)

    assert client.session.session_key != before


@pytest.mark.parametrize(("behind_proxy", "stopped"), [(True, False), (False, True)])
def test_tries_are_counted_by_the_caller_s_address_as_the_proxy_names_it(
    db, settings, quick_hashing, behind_proxy, stopped
):
    settings.BEHIND_PROXY = behind_proxy
    proxy, callers = Client(REMOTE_ADDR=next(_addresses)), [next(_addresses) for _ in range(35)]
    body = {"username": "nobody", "password": "x"}

    statuses = [
        proxy.post(
            "/api/v1/session",
            body,
            content_type="application/json",
            headers={"X-Forwarded-For": f"1.2.3.4, {callers[at % 35]}"},
        ).status_code
        for at in range(62)
    ]

    assert (429 in statuses) is stopped
