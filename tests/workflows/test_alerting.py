"""Alert rules by API; what is wrong is told once, and that it is well again, through a real mail server."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connections
from django.utils import timezone
from rest_framework.test import APIClient

from hub.accounts.access import Actor
from tests.hub.watch.test_metrics import _token, scraped
from tests.workflows.approvals.test_mails import Catcher
from tests.workflows.drawing import drawn
from tests.workflows.engine.conftest import work
from tests.workflows.notices.test_sending import server
from workflows.engine import alerting, delivering
from workflows.models import AlertRule, Notice, Run, Trigger
from workflows.services.runs import start_run
from workflows.services.workflows import create_workflow, publish, save_draft, switch

__all__ = ["_token", "server"]
Api = Callable[..., APIClient]
pytestmark = pytest.mark.django_db
DUTY = "duty@northwind.example"
FAILS = {"kind": "stop", "settings": {"message": "No."}}


@pytest.fixture
def workflow(alice: Actor) -> str:
    """Switched on, with a schedule; it does what its payload says."""
    steps = {"a": {"kind": "condition", "settings": {"if": "=trigger.fail"}}, "b": FAILS}
    document = drawn("a -yes-> b", **steps)
    document["triggers"] = [{"id": "t", "kind": "schedule", "settings": {"cron": "0 3 * * *", "zone": "UTC"}}]
    create_workflow(alice, slug="joiners", document=document)
    publish(alice, "joiners", revision=1)
    switch(alice, "joiners", on=True)
    return "joiners"


def rule(api: Api, alice: Actor, kind: str, **more: Any) -> dict[str, Any]:
    given = {"mail": "mail", "to": [DUTY]} | more
    reply = api(alice).put(f"/api/v1/workflows/joiners/alert-rules/{kind}", given)
    assert reply.status_code == 200, reply.content
    return dict(reply.json())


def run(actor: Actor, *, fail: bool) -> None:
    start_run(actor, "joiners", payload={"fail": fail})
    work()


def told(server: Catcher) -> list[str]:
    """The subjects of the mails that have arrived."""
    delivering.send_due()
    return [str(message["Subject"]) for _, message in server.letters]


def test_failures_in_a_row_are_told_once_and_so_is_their_end(
    api: Api, alice: Actor, workflow: str, server: Catcher
) -> None:
    rule(api, alice, "failures", count=2)
    run(alice, fail=True)
    assert alerting.look() == 0
    run(alice, fail=True)
    assert alerting.look() == 1
    run(alice, fail=True)
    assert alerting.look() == 0
    assert told(server) == ["Drawn is not well"]
    [alert] = api(alice).get("/api/v1/alerts").json()["items"]
    assert (alert["workflow"], alert["kind"], alert["said"]) == ("joiners", "failures", "Its last 2 runs failed.")

    run(alice, fail=False)
    assert (alerting.look(), alerting.look()) == (1, 0)
    assert told(server) == ["Drawn is not well", "Drawn is well again"]
    assert api(alice).get("/api/v1/alerts").json()["items"] == []


def test_a_trouble_that_comes_back_is_told_again(api: Api, alice: Actor, workflow: str, server: Catcher) -> None:
    rule(api, alice, "failures")
    for fail in (True, False, True):
        run(alice, fail=fail)
        alerting.look()
    assert told(server) == ["Drawn is not well", "Drawn is well again", "Drawn is not well"]


@pytest.mark.pain(5)
def test_a_schedule_that_did_not_fire_is_told(api: Api, alice: Actor, workflow: str) -> None:
    rule(api, alice, "late", seconds=300, mail="", to=[])
    assert alerting.look() == 0
    Trigger.objects.update(due_at=timezone.now() - timedelta(minutes=6))
    assert alerting.look() == 1
    assert scraped()["lockgate_alerts"][("late",)] == 1
    Trigger.objects.update(due_at=timezone.now() + timedelta(hours=1))
    assert alerting.look() == 1
    assert AlertRule.objects.get().began_at is None
    assert not Notice.objects.exists()


def test_a_run_that_takes_long_is_told(api: Api, alice: Actor, workflow: str) -> None:
    rule(api, alice, "long", seconds=60, mail="", to=[])
    held = start_run(alice, "joiners", payload={"fail": False})
    assert alerting.look() == 0
    Run.objects.filter(id=held.id).update(created_at=timezone.now() - timedelta(minutes=2))
    assert alerting.look() == 1
    work()
    assert alerting.look() == 1
    assert AlertRule.objects.get().began_at is None


@pytest.mark.pain(5)
def test_silence_is_told_and_a_workflow_that_is_switched_off_is_not_said_to_be_well(
    api: Api, alice: Actor, workflow: str, server: Catcher
) -> None:
    rule(api, alice, "silent", seconds=3600)
    AlertRule.objects.update(changed_at=timezone.now() - timedelta(hours=2))
    assert alerting.look() == 1
    switch(alice, "joiners", on=False)
    assert alerting.look() == 1
    assert told(server) == ["Drawn is not well", "Drawn is switched off"]


@pytest.mark.django_db(transaction=True)
def test_two_who_look_at_once_tell_it_once(api: Api, alice: Actor, workflow: str, server: Catcher) -> None:
    rule(api, alice, "failures")
    run(alice, fail=True)
    found: list[int] = []

    def look() -> None:
        found.append(alerting.look())
        connections.close_all()

    threads = [threading.Thread(target=look) for _ in range(4)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert sum(found) == 1
    assert told(server) == ["Drawn is not well"]


@pytest.mark.parametrize(
    ("kind", "given", "pointer"),
    [("silent", {}, "/seconds"), ("late", {}, "/seconds"), ("failures", {"to": [DUTY]}, "/mail"),
     ("failures", {"to": [DUTY], "mail": "nowhere"}, "/mail"), ("failures", {"to": ["nobody"]}, "/to/0"),
     ("failures", {"count": 0}, "/count")],
)  # fmt: skip
def test_a_rule_that_cannot_work_is_refused(
    api: Api, alice: Actor, workflow: str, kind: str, given: dict[str, Any], pointer: str
) -> None:
    reply = api(alice).put(f"/api/v1/workflows/joiners/alert-rules/{kind}", given)
    assert reply.status_code in (400, 422)
    assert pointer in [each["pointer"] for each in reply.json()["errors"]]
    assert not AlertRule.objects.exists()


def test_rules_are_changed_removed_and_seen_only_in_their_workspace(
    api: Api, alice: Actor, charlie: Actor, workflow: str
) -> None:
    at = "/api/v1/workflows/joiners/alert-rules"
    api(alice).put(f"{at}/failures", {"count": 2})
    api(alice).put(f"{at}/failures", {"count": 5})
    [held] = api(alice).get(at).json()["items"]
    assert held["count"] == 5
    assert api(charlie).get(at).status_code == 404
    assert api(charlie).put(f"{at}/failures", {}).status_code == 404
    assert api(charlie).get("/api/v1/alerts").json()["items"] == []
    assert api(alice).delete(f"{at}/failures").status_code == 204
    assert api(alice).delete(f"{at}/failures").status_code == 404
    assert api(alice).put(f"{at}/nonsense", {}).status_code == 404


def test_publishing_anew_keeps_the_rules(api: Api, alice: Actor, workflow: str) -> None:
    api(alice).put("/api/v1/workflows/joiners/alert-rules/failures", {"count": 2})
    save_draft(alice, "joiners", document=drawn("a"), revision=1)
    publish(alice, "joiners", revision=2)
    assert AlertRule.objects.count() == 1
