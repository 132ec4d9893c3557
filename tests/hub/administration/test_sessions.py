"""Signing in and out by API."""

from __future__ import annotations

import itertools
from typing import Any

import pytest
from django.test import Client

from hub.audit.models import AuditEntry
from tests.conftest import StillClock
from tests.people import PASSWORD

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("minute")]
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


def test_guessing_names_from_one_address_is_stopped(client, db):
    statuses = [_sign_in(client, f"name{number}", "guess").status_code for number in range(32)]

    assert statuses == [401] * 30 + [429] * 2


def test_the_next_minute_has_tries_of_its_own(client, alice, minute: StillClock):
    statuses = [_sign_in(client, f"name{number}", "guess").status_code for number in range(31)]
    minute.now += 60

    assert statuses[-1] == 429
    assert _sign_in(client, "alice", PASSWORD).status_code == 200


def test_a_session_gets_a_new_identity_when_somebody_signs_in(client, alice):
    session = client.session
    session["before"] = "kept"
    session.save()
    before = client.session.session_key
    client.cookies["sessionid"] = before or ""

    _sign_in(client, "alice", PASSWORD)

    assert client.session.session_key != before


@pytest.mark.parametrize(("behind_proxy", "stopped"), [(True, False), (False, True)])
def test_tries_are_counted_by_the_caller_s_address_as_the_proxy_names_it(db, settings, behind_proxy, stopped):
    settings.BEHIND_PROXY = behind_proxy
    proxy, callers = Client(REMOTE_ADDR=next(_addresses)), [next(_addresses) for _ in range(35)]
    body = {"username": "nobody", "password": "x"}

    statuses = [
        proxy.post(
            "/api/v1/session",
            body,
            content_type="application/json",
            headers={"X-Forwarded-For": f"1.2.3.4, {callers[at]}"},
        ).status_code
        for at in range(35)
    ]

    assert (429 in statuses) is stopped


def _noted() -> list[tuple[str, str, dict[str, Any]]]:
    rows = AuditEntry.objects.filter(verb__in=["session.refused", "session.locked-out", "session.slowed-down"])
    return [(each.verb, each.target_name, each.detail) for each in rows.order_by("number")]


def test_refused_sign_ins_and_the_lock_out_are_in_the_audit_trail(client, alice):
    for _ in range(6):
        _sign_in(client, "Alice", "not-her-password")

    noted = _noted()
    assert [verb for verb, _, _ in noted] == ["session.refused"] * 4 + ["session.locked-out"] * 2
    assert {name for _, name, _ in noted} == {str(alice.person)}
    assert noted[0][2]["from"].startswith("10.77.")
    assert "not-her-password" not in str(noted)


def test_a_name_that_is_nobody_s_is_not_written_down(client, alice):
    _sign_in(client, PASSWORD, "oops, the password was typed as the name")

    [(verb, name, detail)] = _noted()
    assert (verb, name) == ("session.refused", "")
    assert PASSWORD not in str(detail)


def test_an_attacker_cannot_fill_the_audit_trail(alice, settings):
    settings.AXES_ENABLED = False
    for number in range(120):
        _sign_in(Client(REMOTE_ADDR=next(_addresses)), "alice" if number % 2 else f"name{number}", "wrong")

    assert 0 < len(_noted()) < 30


def test_an_address_that_is_slowed_down_is_noted_once_in_a_minute(client, alice, minute: StillClock):
    for number in range(40):
        _sign_in(client, f"name{number}", "wrong")
    assert [verb for verb, _, _ in _noted()].count("session.slowed-down") == 1

    minute.now += 60
    for number in range(40):
        _sign_in(client, f"name{number}", "wrong")
    assert [verb for verb, _, _ in _noted()].count("session.slowed-down") == 2
