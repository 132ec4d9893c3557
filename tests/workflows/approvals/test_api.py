"""Approvals by page and by API: a link shows, a signed-in POST decides, and nothing else does."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from hub.accounts.access import Actor
from hub.accounts.models import Workspace
from hub.accounts.roles import Role
from hub.audit.models import AuditEntry
from tests.people import PASSWORD, join
from tests.workflows.approvals.conftest import question, stage
from tests.workflows.engine.conftest import states, work
from workflows.models import Approval, ApprovalDecision, Deputy, Run
from workflows.services import approvals

pytestmark = pytest.mark.django_db
Asked = Callable[..., tuple[Run, Approval]]
People = dict[str, Actor]


def browser(actor: Actor) -> Client:
    client = Client()
    assert actor.person is not None
    assert client.post("/sign-in", {"username": actor.person.username, "password": PASSWORD}).status_code == 302
    return client


def everything() -> list[Any]:
    """What a mail scanner must not change."""
    return [
        list(Approval.objects.values("id", "state", "digest", "due_at", "ended_at")),
        list(ApprovalDecision.objects.values()),
        list(Deputy.objects.values()),
        list(Run.objects.values("id", "state", "due_at")),
    ]


@pytest.mark.parametrize("method", ["get", "head", "options"])
def test_a_mail_scanner_that_opens_every_address_decides_nothing(
    asked: Asked, people: People, api: Any, method: str
) -> None:
    run, approval = asked()
    before = everything()
    addresses = [
        f"/approvals/{approval.id}", "/approvals", "/approvals?all", "/deputies",
        f"/approvals/{approval.id}?verb=approve&digest={approval.digest}",
        f"/api/v1/approvals/{approval.id}", f"/api/v1/approvals/{approval.id}/decide",
        f"/api/v1/approvals/{approval.id}/decide?approve=true&digest={approval.digest}",
        f"/api/v1/approvals/{approval.id}/withdraw", "/api/v1/approvals?mine=true", "/api/v1/deputies",
    ]  # fmt: skip
    for client in (Client(), browser(people["ada"]), api(people["ada"])):
        for address in addresses:
            assert getattr(client, method)(address).status_code < 500
    work()
    assert everything() == before
    assert states(run)["ask"] == "waiting"


def decide(client: Client, approval: Approval, **given: Any) -> Any:
    """As the application does."""
    body = {"approve": True, "digest": approval.digest} | given
    return client.post(f"/api/v1/approvals/{approval.id}/decide", body, content_type="application/json")


def test_nobody_decides_without_signing_in_nor_without_the_pages_token(asked: Asked, people: People) -> None:
    _, approval = asked()
    assert decide(Client(), approval).status_code == 401
    forged = Client(enforce_csrf_checks=True)
    assert people["ada"].person is not None
    forged.force_login(people["ada"].person)
    assert decide(forged, approval).status_code == 403
    assert not ApprovalDecision.objects.exists()


def test_a_link_asks_to_sign_in_and_then_shows_the_question(asked: Asked) -> None:
    _, approval = asked()
    answer = Client().get(f"/approvals/{approval.id}")
    assert answer["Location"] == f"/sign-in?next=/approvals/{approval.id}"


def test_what_changed_meanwhile_is_not_decided(alice: Actor, people: People) -> None:
    approval = approvals.ask(alice, question())
    approvals.revise(alice, approval.id, show=[{"label": "Template", "value": "Another notice"}])
    answer = decide(browser(people["ada"]), approval)
    assert answer.status_code == 409
    assert "Look again" in answer.json()["detail"]
    assert not ApprovalDecision.objects.exists()


def test_a_mails_link_works_whatever_workspace_was_chosen_last(
    asked: Asked, people: People, elsewhere: Workspace, charlie: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hub.web.app._is_built", lambda: True)
    _, approval = asked()
    assert people["ada"].person is not None
    join(people["ada"].person, elsewhere, [Role.AUDITOR])
    client = browser(people["ada"])
    session = client.session
    session["workspace"] = "elsewhere"
    session.save()
    assert '"slug": "elsewhere"' in _workspace_of(client, "/approvals")
    assert '"slug": "team"' in _workspace_of(client, f"/approvals/{approval.id}")
    assert client.session["workspace"] == "elsewhere"
    assert browser(charlie).get(f"/api/v1/approvals/{approval.id}").status_code == 404


def _workspace_of(client: Client, address: str) -> str:
    """What the application is told of where somebody works."""
    return client.get(address).content.decode().split('"workspace":')[1].split("}")[0]


def test_whoever_is_not_asked_is_told_why_they_cannot_decide(asked: Asked, people: People) -> None:
    _, approval = asked(stage("legal", "ada", "cleo"), by=people["cleo"])
    seen = browser(people["cleo"]).get(f"/api/v1/approvals/{approval.id}").json()["stages"][0]
    assert seen["you_may_decide"] is False
    assert "You asked for this" in seen["why_not"]
    assert (
        browser(people["eve"]).get(f"/api/v1/approvals/{approval.id}").json()["stages"][0]["you_may_decide"] is False
    )


def test_a_program_decides_for_a_person_and_the_token_is_named(asked: Asked, people: People, api: Any) -> None:
    run, approval = asked()
    client = api(people["ada"])
    [listed] = client.get("/api/v1/approvals?mine=true").json()["items"]
    assert listed["id"] == str(approval.id)
    seen = client.get(f"/api/v1/approvals/{approval.id}").json()
    assert seen["stages"][0]["you_may_decide"] is True
    answer = client.post(
        f"/api/v1/approvals/{approval.id}/decide", {"approve": True, "digest": seen["digest"]}, format="json"
    )
    assert answer.status_code == 200, answer.content
    assert answer.json()["decisions"][0]["signed_in"]["by"] == "token"
    work()
    assert states(run)["run"] == "succeeded"
    again = client.post(
        f"/api/v1/approvals/{approval.id}/decide", {"approve": True, "digest": seen["digest"]}, format="json"
    )
    assert (again.status_code, again.json()["code"]) == (409, "approval-ended")


def test_people_can_be_asked_and_deputies_named_by_api(alice: Actor, people: People, api: Any) -> None:
    client = api(alice)
    made = client.post("/api/v1/approvals", {"question": question()}, format="json")
    assert made.status_code == 201, made.content
    wrong = client.post("/api/v1/approvals", {"question": question(stage("legal", "adda"))}, format="json")
    assert wrong.status_code == 422
    assert wrong.json()["errors"][0]["pointer"] == "/question/stages/0/approvers/people"
    twice = client.post(
        "/api/v1/approvals", {"question": question(stage("a", "ada"), stage("a", "ben"))}, format="json"
    )
    assert twice.json()["errors"][0]["pointer"] == "/question/stages"
    assert client.post(f"/api/v1/approvals/{made.json()['id']}/withdraw").json()["state"] == "withdrawn"

    day = timezone.now().date()
    body = {"deputy": "dan", "first_day": str(day), "last_day": str(day + timedelta(days=7))}
    held = api(people["ada"]).post("/api/v1/deputies", body, format="json")
    assert held.status_code == 201, held.content
    assert [each["deputy"] for each in api(people["dan"]).get("/api/v1/deputies").json()["items"]] == ["dan"]
    assert api(people["ben"]).get("/api/v1/deputies").json()["items"] == []
    assert api(people["ben"]).delete(f"/api/v1/deputies/{held.json()['id']}").status_code == 403
    assert api(people["ada"]).delete(f"/api/v1/deputies/{held.json()['id']}").status_code == 204
    assert AuditEntry.objects.filter(verb__startswith="deputy.").count() == 2
