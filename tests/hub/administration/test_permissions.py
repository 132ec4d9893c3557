"""Every role and every verb of the platform, asked over the API: the table and the answers agree."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from rest_framework.test import APIClient

from hub.accounts.access import Actor
from hub.accounts.models import Membership, Workspace
from hub.accounts.roles import PERMISSIONS, Role, permitted
from hub.connections.egress_rules import add_rule
from hub.connections.models import Connection
from tests.people import join, make_person

pytestmark = pytest.mark.django_db
NEW_PASSWORD = "a new and long enough one"


@pytest.fixture
def things(alice: Actor) -> dict[str, str]:
    """One of each, made by Alice."""
    connection = Connection.objects.create(
        workspace=alice.workspace, name="Gone", slug="gone", connector="not_installed", created_by=alice.person
    )
    rule = add_rule(alice, target="10.1.2.3", note="For the test.")
    spare = join(make_person("spare"), alice.workspace, [Role.AUDITOR])
    member = Membership.objects.get(person=spare.person)
    make_person("newcomer")
    return {"connection": str(connection.id), "rule": str(rule.id), "member": str(member.id)}


Asking = Callable[[APIClient, dict[str, str]], Any]
ASKING: dict[str, tuple[Asking, ...]] = {
    "workspace.view": (lambda api, _: api.get("/api/v1/workspace"),),
    "workspace.create": (lambda api, _: api.post("/api/v1/workspaces", {"slug": "another", "name": "Another"}),),
    "workspace.edit": (lambda api, _: api.patch("/api/v1/workspace", {"name": "Renamed"}),),
    "member.view": (
        lambda api, _: api.get("/api/v1/members"),
        lambda api, it: api.get(f"/api/v1/members/{it['member']}"),
    ),
    "member.edit": (
        lambda api, _: api.post("/api/v1/members", {"username": "newcomer", "roles": ["auditor"]}),
        lambda api, _: api.post("/api/v1/people", {"username": "fresh", "password": NEW_PASSWORD}),
        lambda api, it: api.patch(f"/api/v1/members/{it['member']}", {"roles": ["builder"]}),
        lambda api, it: api.delete(f"/api/v1/members/{it['member']}"),
    ),
    "token.own": (
        lambda api, _: api.get("/api/v1/tokens"),
        lambda api, _: api.post("/api/v1/tokens", {"name": "mine"}),
    ),
    "audit.view": (
        lambda api, _: api.get("/api/v1/audit"),
        lambda api, _: api.post("/api/v1/audit/verify", {}),
    ),
    "connector.view": (
        lambda api, _: api.get("/api/v1/connectors"),
        lambda api, _: api.get("/api/v1/connectors/http"),
    ),
    "connection.view": (
        lambda api, _: api.get("/api/v1/connections"),
        lambda api, it: api.get(f"/api/v1/connections/{it['connection']}"),
    ),
    "connection.edit": (
        lambda api, _: api.post(
            "/api/v1/connections",
            {"name": "New", "connector": "http", "settings": {"base_url": "https://example.com"}},
        ),
        lambda api, it: api.patch(f"/api/v1/connections/{it['connection']}", {"revision": 1, "name": "Changed"}),
        lambda api, it: api.delete(f"/api/v1/connections/{it['connection']}"),
    ),
    "connection.test": (lambda api, it: api.post(f"/api/v1/connections/{it['connection']}/test"),),
    "connection.choices": (lambda api, it: api.post(f"/api/v1/connections/{it['connection']}/choices/all", {}),),
    "egress.view": (
        lambda api, _: api.get("/api/v1/egress-rules"),
        lambda api, it: api.get(f"/api/v1/egress-rules/{it['rule']}"),
    ),
    "egress.edit": (
        lambda api, _: api.post("/api/v1/egress-rules", {"target": "10.9.9.9", "note": "Test."}),
        lambda api, it: api.patch(f"/api/v1/egress-rules/{it['rule']}", {"note": "Changed."}),
        lambda api, it: api.delete(f"/api/v1/egress-rules/{it['rule']}"),
    ),
}
OF_THE_PLATFORM = [
    verb
    for verb in PERMISSIONS
    if verb.split(".")[0] in {"workspace", "member", "token", "audit", "connector", "connection", "egress"}
]
BY_A_PERSON_ONLY = {"workspace.create", "token.own"}


def _session(actor: Actor) -> APIClient:
    client = APIClient()
    client.force_login(actor.person, backend="django.contrib.auth.backends.ModelBackend")  # type: ignore[arg-type]
    return client


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("verb", list(ASKING))
def test_a_role_may_do_what_the_table_says_and_nothing_else(
    verb: str, role: Role, team: Workspace, things: dict[str, str], api: Callable[..., APIClient]
):
    actor = join(make_person("tester"), team, [role])
    client = _session(actor) if verb in BY_A_PERSON_ONLY else api(actor)

    for ask in ASKING[verb]:
        answer = ask(client, things)
        if permitted([role], verb):
            assert answer.status_code != 403, answer.content
        else:
            assert answer.status_code == 403
            assert answer.json()["code"] == "forbidden"
            assert verb in answer.json()["detail"]


def test_every_verb_of_the_platform_is_asked_for():
    assert set(OF_THE_PLATFORM) - set(ASKING) == {"token.manage"}  # Has its own test: it widens a list.


def test_only_who_manages_tokens_sees_and_revokes_those_of_others(api, alice, bob):
    mine, theirs = api(bob), api(alice)
    token = next(each for each in theirs.get("/api/v1/tokens").json()["items"] if each["owner"]["username"] == "bob")
    alices = next(
        each for each in theirs.get("/api/v1/tokens").json()["items"] if each["owner"]["username"] == "alice"
    )

    assert {each["owner"]["username"] for each in mine.get("/api/v1/tokens").json()["items"]} == {"bob"}
    assert mine.delete(f"/api/v1/tokens/{alices['id']}").status_code == 404
    assert theirs.delete(f"/api/v1/tokens/{token['id']}").status_code == 204
    assert mine.get("/api/v1/me").status_code == 401


def _addresses(things: dict[str, str]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    yield "get", f"/api/v1/connections/{things['connection']}", {}
    yield "patch", f"/api/v1/connections/{things['connection']}", {"revision": 1, "name": "Mine now"}
    yield "delete", f"/api/v1/connections/{things['connection']}", {}
    yield "post", f"/api/v1/connections/{things['connection']}/test", {}
    yield "post", f"/api/v1/connections/{things['connection']}/choices/all", {}
    yield "delete", f"/api/v1/egress-rules/{things['rule']}", {}
    yield "get", f"/api/v1/members/{things['member']}", {}
    yield "patch", f"/api/v1/members/{things['member']}", {"roles": ["admin"]}
    yield "delete", f"/api/v1/members/{things['member']}", {}


def test_nothing_of_another_workspace_can_be_reached(api, charlie, things):
    client = api(charlie)

    for method, address, body in _addresses(things):
        theirs = getattr(client, method)(address, body)
        unknown = getattr(client, method)(address.replace(_id_in(address), str(uuid.uuid4())), body)
        assert theirs.status_code == unknown.status_code == 404, address
        assert theirs.json() == unknown.json()


@pytest.mark.parametrize("address", ["connections", "egress-rules", "members", "tokens", "audit"])
def test_no_list_shows_what_belongs_to_another_workspace(api, alice, charlie, things, address):
    theirs = api(alice).get(f"/api/v1/{address}").json()["items"]
    mine = api(charlie).get(f"/api/v1/{address}").json()["items"]

    assert theirs
    assert not {each["id"] for each in theirs} & {each["id"] for each in mine}


def _id_in(address: str) -> str:
    return next(part for part in address.split("/") if len(part) == 36)
