"""People who decide at the same moment, and schedulers that do the same at once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest
from django.db import connections
from django.utils import timezone

from hub.accounts.access import Actor
from hub.accounts.models import Workspace
from hub.accounts.roles import Role
from hub.api.errors import Conflict
from hub.audit.chains import check_trail
from hub.connections import services as connection_services
from tests.people import join, make_person
from tests.workflows.approvals.conftest import BY_PASSWORD, question, stage
from tests.workflows.drawing import drawn
from workflows.engine import channels, delivering, reminding, tending
from workflows.models import Approval, ApprovalDecision, Delivery
from workflows.services import approvals
from workflows.services.uses import uses_of
from workflows.services.workflows import create_workflow


def at_once(work: Any, given: list[Any]) -> list[Any]:
    together = Barrier(len(given))

    def go(each: Any) -> Any:
        try:
            together.wait(10)
            return work(each)
        except Conflict as refused:
            return refused
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(given)) as pool:
        return list(pool.map(go, given))


@pytest.mark.django_db(transaction=True)
def test_of_people_who_decide_at_the_same_moment_as_many_count_as_are_needed(team: Workspace, alice: Actor) -> None:
    names = [f"p{number}" for number in range(8)]
    people = [join(make_person(name), team, [Role.APPROVER]) for name in names]
    asked = approvals.ask(alice, question(stage("legal", *names, need=3)))

    def decide(actor: Actor) -> Any:
        return approvals.decide(actor, asked.id, approve=True, digest=asked.digest, signed_in=BY_PASSWORD)

    answers = at_once(decide, [*people, *people])

    assert sum(isinstance(each, Conflict) for each in answers) == 13
    assert ApprovalDecision.objects.count() == 3
    assert Approval.objects.get().state == "approved"
    assert check_trail(team.id).whole


@pytest.mark.django_db(transaction=True)
def test_schedulers_that_work_at_once_remind_once_and_send_once(
    team: Workspace, alice: Actor, people: dict[str, Actor], monkeypatch: pytest.MonkeyPatch
) -> None:
    sent: list[str] = []
    monkeypatch.setattr(reminding, "check", lambda approval: None)

    def prepared(workspace: Workspace, taken: list[Delivery]) -> list[Delivery]:
        return taken

    def send(taken: list[Delivery], key: str, attempt: int) -> None:
        sent.extend(f"{each.person} {reminding.number_of(each.notice)}" for each in taken)

    monkeypatch.setattr(channels, "prepared", prepared)
    monkeypatch.setattr(channels, "send", send)
    mail = {"connection": "mail", "every_hours": 1, "at_most": 5}
    approvals.ask(alice, question(mail=mail))
    before = timezone.now() - timedelta(hours=2)
    Delivery.objects.update(made_at=before)
    Approval.objects.update(asked_at=before, due_at=before)

    at_once(lambda _: (tending.tend(), delivering.send_due()), list(range(6)))
    delivering.send_due()

    assert sorted(sent) == ["ada 0", "ada 1", "ben 0", "ben 1"]


@pytest.mark.django_db
def test_a_connection_that_a_question_names_is_in_use(alice: Actor, service: Any) -> None:
    held = connection_services.create_connection(
        alice, name="Post", slug="post", connector="http", settings={"base_url": f"{service.base_url}/v1"}
    )
    ask = {"kind": "approve", "settings": question(mail={"connection": "post"})}
    each = {"kind": "each", "settings": {"items": []}, "body": {"steps": [{"id": "ask", **ask}]}}
    create_workflow(alice, slug="asks", document=drawn("all", all=each))
    assert [use["type"] for use in uses_of(alice, held)] == ["workflow"]
