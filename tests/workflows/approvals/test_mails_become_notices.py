"""Mails that the release before has planned, sent or begun: its rows are deliveries after the migration."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.operations import SeparateDatabaseAndState
from django.utils import timezone

from hub.accounts.access import Actor
from hub.accounts.models import Person
from tests.workflows.approvals.conftest import question, stage
from tests.workflows.approvals.test_mails import Catcher, pass_hours, port, server
from workflows.engine import delivering, tending
from workflows.models import Approval, Delivery, Notice
from workflows.services import approvals

__all__ = ["port", "server"]
pytestmark = pytest.mark.django_db(transaction=True)
BEFORE = ("workflows", "0001_squashed_0031")
MAIL = {"connection": "mail", "every_hours": 24, "at_most": 2}
Plan = Callable[..., Any]


class Killed(BaseException):
    """The process ends here."""


def migrate(target: tuple[str, str] | None = None) -> None:
    executor = MigrationExecutor(connection)
    leaves = [each for each in executor.loader.graph.leaf_nodes() if each[0] == "workflows"]
    executor.migrate([target] if target else leaves)


def the_model_before() -> Any:
    return MigrationExecutor(connection).loader.project_state([BEFORE]).apps.get_model("workflows", "ApprovalMail")


@pytest.fixture
def asked(alice: Actor, people: dict[str, Actor]) -> Approval:
    """A question as the release before has asked it."""
    made = approvals.ask(
        alice,
        question(
            stage("legal", "ada", "ben", "cleo", "dan", need=4), title="Publish  a “notice”", deadline={"hours": 500}
        ),
    )
    Approval.objects.update(mail=MAIL, due_at=timezone.now() + timedelta(hours=24))
    return made


@pytest.fixture
def before(asked: Approval) -> Iterator[None]:
    migrate(BEFORE)
    yield
    migrate()


@pytest.fixture
def plan(asked: Approval, before: None) -> Plan:
    """What the release before writes for a person."""
    model = the_model_before()

    def write(name: str, state: str = "planned", number: int = 0, **more: Any) -> None:
        now, ended = timezone.now(), state in ("sent", "refused", "unknown")
        values = {"due_at": None if ended else now, "ended_at": now if ended else None} | more
        person = Person.objects.get(username=name)
        row = model(approval_id=asked.id, stage=0, person_id=person.id, number=number, state=state, **values)
        model.objects.bulk_create([row], ignore_conflicts=True)

    return write


def states() -> dict[str, str]:
    return {each.person: each.state for each in Delivery.objects.all()}


def test_what_was_sent_is_kept_and_what_is_pending_is_sent_once(plan: Plan, server: Catcher, asked: Approval) -> None:
    lapsed = timezone.now() - timedelta(seconds=1)
    plan("ada", "sent", tries=1)
    plan("ben", tries=2, message="The server was busy.")
    plan("cleo", "sending", tries=1, due_at=lapsed)
    plan("dan", "refused", message="It was decided before.")
    migrate()

    assert states() == {"ada": "sent", "ben": "planned", "cleo": "sending", "dan": "withheld"}
    notice = Notice.objects.get()
    assert (notice.topic, notice.state, notice.approval_id) == (f"approval/{asked.id}/0/0", "open", asked.id)
    assert Delivery.objects.get(person="dan").reason == "ended"
    delivering.send_due()
    delivering.send_due()
    assert server.told == ["ben"]
    assert states() == {"ada": "sent", "ben": "sent", "cleo": "unknown", "dan": "withheld"}
    assert Notice.objects.get().state == "told"


def test_reminders_go_on_where_they_were_and_say_the_same(plan: Plan, server: Catcher, asked: Approval) -> None:
    plan("ada", "sent")
    plan("ada", "sent", number=1)
    migrate()

    for _ in range(3):
        pass_hours(25)
        tending.tend()
        delivering.send_due()
    subjects = [str(letter["Subject"]) for address, letter in server.letters if address.startswith("ada")]
    assert subjects == ["Still waiting for your decision: Publish a “notice”"]
    old, new = (Notice.objects.get(topic=f"approval/{asked.id}/0/{number}") for number in (1, 2))
    assert (old.subject, old.text) == (new.subject, new.text)


def test_who_has_no_address_or_that_of_another_is_shown_and_nobody_is_written_to_twice(
    plan: Plan, server: Catcher
) -> None:
    Person.objects.filter(username="ada").update(email="")
    Person.objects.filter(username="cleo").update(email="ben@example.com")
    for name in ("ada", "ben", "cleo"):
        plan(name)
    migrate()
    delivering.send_due()

    assert server.told == ["ben"]
    assert {each.person: each.reason for each in Delivery.objects.all()} == {
        "ada": "no-address", "ben": "", "cleo": "same-address",
    }  # fmt: skip


def test_a_migration_that_is_killed_has_done_nothing_and_is_done_again(
    plan: Plan, server: Catcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan("ada", "sent")
    plan("ben")

    def die(*args: Any) -> None:
        raise Killed

    with monkeypatch.context() as broken:
        broken.setattr(SeparateDatabaseAndState, "database_forwards", die)
        with pytest.raises(Killed):
            migrate()
    assert the_model_before().objects.count() == 2
    assert not Delivery.objects.exists()

    migrate()
    delivering.send_due()
    assert server.told == ["ben"]
    assert the_model_before().objects.count() == 0


def test_what_a_process_of_the_release_before_still_plans_is_sent_once(plan: Plan, server: Catcher) -> None:
    plan("ada", "sent")
    migrate()
    for _ in range(2):
        plan("ada")
        plan("ben")
        delivering.send_due()

    assert server.told == ["ben"]
    assert the_model_before().objects.count() == 0
