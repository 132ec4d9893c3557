"""What holds at every address of the API."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import caches
from django.test import Client
from openapi_spec_validator import OpenAPIV31SpecValidator
from rest_framework.test import APIClient

from hub.accounts.models import Workspace
from hub.accounts.tokens import make_token
from hub.api.cache import SharedCache
from hub.settings_sources import cache_url
from tests.people import PASSWORD, join, make_person

pytestmark = pytest.mark.django_db
ROOT = Path(__file__).resolve().parents[3]


def test_whoever_is_not_signed_in_is_told_so(api):
    answer = api().get("/api/v1/me")

    assert answer.status_code == 401
    assert answer["Content-Type"] == "application/problem+json"
    assert answer["WWW-Authenticate"].startswith("Bearer")
    assert answer.json()["code"] == "not-signed-in"


def test_a_token_acts_for_its_owner_in_its_workspace(api, alice):
    answer = api(alice).get("/api/v1/me").json()

    assert answer["person"]["username"] == "alice"
    assert answer["workspace"]["slug"] == "team"
    assert "connection.edit" in answer["verbs"]


@pytest.mark.parametrize("text", ["lgt_wrong", "nonsense", "", "lgt_\u00e9"])
def test_a_wrong_token_is_refused(api, text):
    client = APIClient(headers={"Authorization": f"Bearer {text}"})

    answer = client.get("/api/v1/me")

    assert answer.status_code == 401
    assert answer.json()["code"] == "token-refused"


def test_a_token_does_not_work_in_another_workspace_of_its_owner(api, alice, elsewhere):
    join(alice.person, elsewhere, ["admin"])

    answer = api(alice).get("/api/v1/me", headers={"X-Lockgate-Workspace": "elsewhere"})
    shown = api(alice).get("/api/v1/members", headers={"X-Lockgate-Workspace": "elsewhere"})

    assert answer.json()["workspace"] is None
    assert shown.status_code == 404


def test_the_header_chooses_among_the_workspaces_of_a_session(alice, elsewhere):
    join(alice.person, elsewhere, ["auditor"])
    client = Client()
    client.force_login(alice.person, backend="django.contrib.auth.backends.ModelBackend")

    there = client.get("/api/v1/me", headers={"X-Lockgate-Workspace": "elsewhere"}).json()
    usual = client.get("/api/v1/me").json()

    assert there["workspace"]["slug"] == "elsewhere"
    assert there["roles"] == ["auditor"]
    assert usual["workspace"]["slug"] == "team"


def test_a_workspace_of_others_looks_like_none(alice, charlie):
    client = Client()
    client.force_login(alice.person, backend="django.contrib.auth.backends.ModelBackend")

    theirs = client.get("/api/v1/members", headers={"X-Lockgate-Workspace": "elsewhere"})
    none = client.get("/api/v1/members", headers={"X-Lockgate-Workspace": "no-such"})

    assert theirs.status_code == none.status_code == 404
    assert theirs.json()["code"] == none.json()["code"] == "workspace-not-found"


def test_a_session_needs_the_csrf_token_to_change_something(alice):
    client = Client(enforce_csrf_checks=True)
    client.force_login(alice.person, backend="django.contrib.auth.backends.ModelBackend")
    change: dict[str, Any] = {"data": {"name": "Our team"}, "content_type": "application/json"}

    without = client.patch("/api/v1/workspace", **change)
    client.get("/sign-in")
    client.post("/api/v1/session", {"username": "alice", "password": PASSWORD}, content_type="application/json")
    client.cookies["csrftoken"] = "a" * 32
    with_token = client.patch("/api/v1/workspace", **change, headers={"X-CSRFToken": "a" * 32})

    assert without.status_code == 403
    assert without.json()["code"] == "csrf-refused"
    assert with_token.status_code == 200
    assert Workspace.objects.get(slug="team").name == "Our team"


def test_a_misspelt_field_is_refused_and_named(api, alice):
    answer = api(alice).patch("/api/v1/workspace", {"name": "Team", "nmae": "Team"})

    assert answer.status_code == 422
    assert answer.json()["errors"] == [
        {"pointer": "/nmae", "code": "unknown-field", "detail": "There is no such field. The fields are: name."}
    ]


def test_every_wrong_field_is_named_at_once(api, alice):
    answer = api(alice).post("/api/v1/members", {"roles": ["king"], "extra": 1})

    assert {each["pointer"] for each in answer.json()["errors"]} == {"/username", "/roles/0", "/extra"}


@pytest.mark.parametrize("body", [b"{", b"[1", b"\xff", b'{"name": NaN}'])
def test_a_body_that_is_not_json_is_refused(api, alice, body):
    answer = api(alice).patch("/api/v1/workspace", body, content_type="application/json")

    assert answer.status_code == 400
    assert answer["Content-Type"] == "application/problem+json"


def test_a_body_that_is_a_list_is_refused(api, alice):
    answer = api(alice).patch("/api/v1/workspace", [1], format="json")

    assert answer.status_code == 422


def test_a_method_that_an_address_does_not_know_is_answered_with_those_it_knows(api, alice):
    answer = api(alice).put("/api/v1/members", {})

    assert answer.status_code == 405
    assert "GET" in answer["Allow"]


def test_an_address_that_does_not_exist_answers_with_a_problem(api, alice):
    answer = api(alice).get("/api/v1/nothing-here")

    assert answer.status_code == 404
    assert answer["Content-Type"] == "application/problem+json"


def test_lists_come_in_pages_that_leave_nothing_out(api, alice, team):
    for number in range(7):
        join(make_person(f"person{number}"), team, ["auditor"])
    client = api(alice)

    names: list[str] = []
    cursor: str | None = ""
    while cursor is not None:
        page = client.get("/api/v1/members", {"limit": 3, **({"cursor": cursor} if cursor else {})}).json()
        assert len(page["items"]) <= 3
        names += [each["person"]["username"] for each in page["items"]]
        cursor = page["next_cursor"]

    assert names == ["alice", *(f"person{number}" for number in range(7))]


@pytest.mark.parametrize("query", [{"limit": "0"}, {"limit": "201"}, {"limit": "ten"}, {"cursor": "x"}])
def test_a_page_that_cannot_be_is_refused(api, alice, query):
    answer = api(alice).get("/api/v1/members", query)

    assert answer.status_code == 400
    assert answer.json()["errors"][0]["pointer"] == f"/{next(iter(query))}"


def test_too_many_requests_of_one_caller_are_answered_429(api, alice, bob, settings, minute):
    settings.API_REQUESTS_PER_MINUTE = 3
    client = api(alice)

    statuses = [client.get("/api/v1/me").status_code for _ in range(3)]
    refused = client.get("/api/v1/me")

    assert statuses == [200, 200, 200]
    assert refused.status_code == 429
    assert 1 <= int(refused["Retry-After"]) <= 60
    assert api(bob).get("/api/v1/me").status_code == 200


def test_the_api_answers_while_redis_is_away(tmp_path):
    cache = SharedCache(cache_url(f"redis+socket://{tmp_path}/none.sock"), {})

    assert cache.add("count", 0, 60)
    assert cache.incr("count") == 1
    assert cache.get("count") == 1


def test_the_broker_address_becomes_an_address_of_the_cache():
    assert cache_url("redis+socket:///run/valkey.sock") == "unix:///run/valkey.sock"
    assert cache_url("redis+socket:///run/valkey.sock?virtual_host=2") == "unix:///run/valkey.sock?db=2"
    assert cache_url("redis://cache:6379/0") == "redis://cache:6379/0"


def test_the_schema_is_openapi_3_1_and_is_served(api, bob):
    document = api(bob).get("/api/v1/schema").json()

    OpenAPIV31SpecValidator(document).validate()
    assert document["openapi"].startswith("3.1")


def test_a_revoked_or_expired_token_is_refused(api, alice):
    token, text = make_token(alice, name="old", roles=["admin"], expires_at=None)
    token.revoked_at = token.created_at
    token.save()

    answer = APIClient(headers={"Authorization": f"Bearer {text}"}).get("/api/v1/me")

    assert answer.status_code == 401


ASK_WITHOUT_DATABASE = """
import django
django.setup()
from django.test import Client
answer = Client().get("/api/v1/me", headers={"Authorization": "Bearer lgt_x"})
print(answer.status_code, answer["Retry-After"], answer["Content-Type"], answer.json()["code"])
"""


def test_the_api_says_503_while_the_database_is_away():
    env = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "hub.settings",
        "DATABASE_URL": "postgresql://nobody@127.0.0.1:9/none",
        "LOCKGATE_ALLOWED_HOSTS": "testserver",
    }

    done = subprocess.run(
        [sys.executable, "-c", ASK_WITHOUT_DATABASE], env=env, cwd=ROOT, capture_output=True, text=True
    )

    assert done.stdout.split() == ["503", "2", "application/problem+json", "database-unavailable"]
    assert "Traceback" not in done.stderr


def test_an_address_cannot_try_one_token_after_another(api, settings, minute):
    settings.API_ANONYMOUS_REQUESTS_PER_MINUTE = 3
    client = api()
    client.credentials(HTTP_AUTHORIZATION="Bearer lgt_wrong", REMOTE_ADDR="203.0.113.9")
    statuses = [client.get("/api/v1/workflows").status_code for _ in range(3)]
    assert statuses == [401, 401, 401]
    refused = client.get("/api/v1/workflows")
    assert refused.status_code == 429
    assert int(refused["Retry-After"]) > 0


def test_what_is_published_reaches_who_listens_and_an_absent_redis_ends_that(tmp_path: Path) -> None:
    shared: Any = caches["default"]
    heard = shared.listen("test.channel")
    assert next(heard) == "", "Listening has begun."
    shared.publish("test.channel", "one")
    shared.publish("test.channel", "two")
    assert [next(heard), next(heard)] == ["one", "two"]
    heard.close()

    away = SharedCache(cache_url(f"redis+socket://{tmp_path}/none.sock"), {})
    away.publish("test.channel", "nobody is told, and nothing is raised")
    assert list(away.listen("test.channel")) == []
