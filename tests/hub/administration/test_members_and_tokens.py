"""People, members, workspaces and tokens by API."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from rest_framework.test import APIClient

from hub.accounts.models import ApiToken, Membership, Person
from hub.audit.models import AuditEntry
from tests.people import PASSWORD, join, make_person

pytestmark = pytest.mark.django_db


def _session(actor):
    client = APIClient()
    client.force_login(actor.person, backend="django.contrib.auth.backends.ModelBackend")
    return client


def test_an_administrator_makes_a_person_who_then_signs_in(api, alice):
    client = api(alice)

    made = client.post("/api/v1/people", {"username": "dana", "password": PASSWORD, "name": "Dana"})
    client.post("/api/v1/members", {"username": "Dana", "roles": ["operator"]})
    signed_in = Client(REMOTE_ADDR="10.7.0.1").post(
        "/api/v1/session", {"username": "dana", "password": PASSWORD}, content_type="application/json"
    )

    assert made.status_code == 201
    assert "password" not in made.json()
    assert signed_in.status_code == 200
    assert signed_in.json()["roles"] == ["operator"]
    assert "run.start" in signed_in.json()["verbs"]


@pytest.mark.parametrize("password", ["short", "password1234", "1" * 8])
def test_a_weak_password_is_refused_with_its_reason(api, alice, password):
    answer = api(alice).post("/api/v1/people", {"username": "dana", "password": password})

    assert answer.status_code == 422
    assert {each["pointer"] for each in answer.json()["errors"]} == {"/password"}
    assert not Person.objects.filter(username="dana").exists()


def test_a_taken_user_name_is_a_conflict_in_any_case(api, alice):
    answer = api(alice).post("/api/v1/people", {"username": "ALICE", "password": PASSWORD})

    assert answer.status_code == 409
    assert answer.json()["code"] == "username-taken"


def test_a_user_name_that_cannot_be_is_refused(api, alice):
    answer = api(alice).post("/api/v1/people", {"username": "a b", "password": PASSWORD})

    assert answer.json()["errors"][0]["pointer"] == "/username"


def test_somebody_nobody_knows_cannot_be_added(api, alice):
    answer = api(alice).post("/api/v1/members", {"username": "ghost", "roles": ["auditor"]})

    assert answer.status_code == 422
    assert answer.json()["errors"][0]["code"] == "unknown-person"


def test_nobody_is_added_twice(api, alice, bob):
    answer = api(alice).post("/api/v1/members", {"username": "bob", "roles": ["auditor"]})

    assert answer.status_code == 409
    assert Membership.objects.get(person=bob.person).roles == ["builder"]


@pytest.mark.parametrize("change", ["demote", "remove"])
def test_the_last_administrator_stays(api, alice, bob, change):
    client = api(alice)
    member = Membership.objects.get(person=alice.person)

    def leave():
        if change == "demote":
            return client.patch(f"/api/v1/members/{member.id}", {"roles": ["auditor"]})
        return client.delete(f"/api/v1/members/{member.id}")

    refused = leave()
    Membership.objects.filter(person=bob.person).update(roles=["admin"])
    allowed = leave()

    assert refused.status_code == 409
    assert refused.json()["code"] == "last-administrator"
    assert allowed.status_code in (200, 204)


def test_a_removed_member_s_token_stops_working_at_once(api, alice, bob):
    bobs = api(bob)
    member = Membership.objects.get(person=bob.person)

    api(alice).delete(f"/api/v1/members/{member.id}")

    assert bobs.get("/api/v1/me").status_code == 401


def test_a_demoted_member_s_token_loses_the_role_too(api, alice, bob):
    bobs = api(bob)
    member = Membership.objects.get(person=bob.person)

    api(alice).patch(f"/api/v1/members/{member.id}", {"roles": ["auditor", "approver"]})

    assert bobs.get("/api/v1/me").json()["roles"] == []


def test_a_token_is_shown_once_and_kept_only_as_a_hash(alice):
    client = _session(alice)

    made = client.post("/api/v1/tokens", {"name": "Nightly", "roles": ["operator"]}).json()
    listed = client.get("/api/v1/tokens")
    used = APIClient(headers={"Authorization": f"Bearer {made['text']}"}).get("/api/v1/me").json()

    assert made["text"].startswith("lgt_")
    assert made["token"]["ending"] == made["text"][-4:]
    assert made["text"] not in listed.content.decode()
    assert made["text"] not in repr(list(ApiToken.objects.values()))
    assert used["roles"] == ["operator"]
    assert used["token"] == made["token"]["id"]


def test_a_token_cannot_have_a_role_that_its_owner_lacks(bob):
    answer = _session(bob).post("/api/v1/tokens", {"name": "More", "roles": ["admin"]})

    assert answer.status_code == 403


def test_a_token_cannot_make_tokens_or_change_the_password(api, alice):
    client = api(alice)

    assert client.post("/api/v1/tokens", {"name": "Child"}).status_code == 403
    assert client.put("/api/v1/me/password", {"current": PASSWORD, "new": PASSWORD + "!"}).status_code == 403


def test_a_token_ends_when_it_says(alice):
    client = _session(alice)
    passed = client.post("/api/v1/tokens", {"name": "Old", "expires_at": "2020-01-01T00:00:00Z"})
    made = client.post("/api/v1/tokens", {"name": "Soon", "expires_at": timezone.now() + timedelta(hours=1)}).json()
    program = APIClient(headers={"Authorization": f"Bearer {made['text']}"})

    before = program.get("/api/v1/me").status_code
    ApiToken.objects.filter(id=made["token"]["id"]).update(expires_at=timezone.now() - timedelta(seconds=1))
    after = program.get("/api/v1/me").status_code

    assert passed.status_code == 422
    assert (before, after) == (200, 401)


def test_a_token_is_revoked(alice):
    client = _session(alice)
    made = client.post("/api/v1/tokens", {"name": "Short"}).json()

    gone = client.delete(f"/api/v1/tokens/{made['token']['id']}")
    again = client.delete(f"/api/v1/tokens/{made['token']['id']}")

    assert gone.status_code == again.status_code == 204
    assert APIClient(headers={"Authorization": f"Bearer {made['text']}"}).get("/api/v1/me").status_code == 401
    assert AuditEntry.objects.filter(verb="token.revoked").count() == 1


def test_a_person_changes_their_password_and_stays_signed_in(alice):
    client = _session(alice)

    wrong = client.put("/api/v1/me/password", {"current": "no", "new": "another long password"})
    right = client.put("/api/v1/me/password", {"current": PASSWORD, "new": "another long password"})

    assert wrong.json()["errors"][0]["pointer"] == "/current"
    assert right.status_code == 204
    assert client.get("/api/v1/me").status_code == 200
    assert Person.objects.get(username="alice").check_password("another long password")


def test_a_workspace_is_made_with_its_maker_as_administrator(alice):
    client = _session(alice)

    made = client.post("/api/v1/workspaces", {"slug": "second", "name": "Second"})
    taken = client.post("/api/v1/workspaces", {"slug": "second", "name": "Again"})
    wrong = client.post("/api/v1/workspaces", {"slug": "Not A Slug", "name": "X"})
    there = client.get("/api/v1/me", headers={"X-Lockgate-Workspace": "second"}).json()

    assert made.status_code == 201
    assert taken.status_code == 409
    assert wrong.json()["errors"][0]["pointer"] == "/slug"
    assert there["roles"] == ["admin"]
    assert [each["slug"] for each in client.get("/api/v1/workspaces").json()["items"]] == ["team", "second"]


def test_somebody_without_a_workspace_can_ask_who_they_are(db):
    client = APIClient()
    client.force_login(make_person("newcomer"), backend="django.contrib.auth.backends.ModelBackend")

    about = client.get("/api/v1/me")
    members = client.get("/api/v1/members")

    assert about.json()["workspace"] is None
    assert about.json()["verbs"] == []
    assert members.status_code == 404
    assert members.json()["code"] == "workspace-not-found"


def test_somebody_who_may_no_longer_sign_in_is_out_at_once(api, alice, bob):
    client, session = api(bob), _session(bob)
    bob.person.is_active = False
    bob.person.save()

    assert client.get("/api/v1/me").status_code == 401
    assert session.get("/api/v1/me").status_code == 401


def test_two_workspaces_share_nothing_but_the_person(alice, elsewhere):
    join(alice.person, elsewhere, ["auditor"])
    client = _session(alice)

    answer = client.post(
        "/api/v1/members", {"username": "alice", "roles": ["admin"]}, headers={"X-Lockgate-Workspace": "elsewhere"}
    )

    assert answer.status_code == 403
