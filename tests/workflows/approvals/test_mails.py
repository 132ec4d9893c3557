"""What people are told of questions, through a real mail server: each once, also when the sender is killed."""

from __future__ import annotations

import contextlib
import email
import email.policy
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from django.db.models import F
from django.utils import timezone
from rest_framework.test import APIClient

from hub.accounts.access import Actor
from hub.accounts.models import Person
from hub.connections.models import Connection
from hub.connections.opening import forget_open_connections
from tests.hub.sdk.servers import free_port
from tests.workflows.approvals.conftest import decide, stage
from tests.workflows.engine.conftest import error_of, work
from workflows.engine import channels, delivering, tending
from workflows.engine.removing import remove_old
from workflows.models import Approval, Delivery, Notice, Run
from workflows.services import deputies, notices, retention

pytestmark = pytest.mark.django_db
Asked = Callable[..., tuple[Run, Approval]]
People = dict[str, Actor]


class Catcher:
    """Keeps what it is sent; says what it is told to say first."""

    def __init__(self) -> None:
        self.letters: list[tuple[str, Any]] = []
        self.says: list[str] = []

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:  # noqa: N802
        if self.says:
            return self.says.pop(0)
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        message = email.message_from_bytes(envelope.content, policy=email.policy.default)
        self.letters += [(address, message) for address in envelope.rcpt_tos]
        return "250 Taken"

    @property
    def told(self) -> list[str]:
        return sorted(address.partition("@")[0] for address, _ in self.letters)


@contextlib.contextmanager
def smtp(port: int) -> Iterator[Catcher]:
    catcher = Catcher()
    controller = Controller(catcher, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        yield catcher
    finally:
        controller.stop()


@pytest.fixture
def port(team: Any, settings: Any) -> Iterator[int]:
    """A connection to a mail server on this port."""
    made = free_port()
    settings.EGRESS_ALLOW = ("127.0.0.1",)
    values = {"host": "127.0.0.1", "port": made, "security": "none", "sender": "Lockgate <hub@example.com>"}
    Connection.objects.create(
        workspace=team, name="Mail", slug="mail", connector="email", settings=values, sealed=b""
    )
    yield made
    forget_open_connections()


@pytest.fixture
def server(port: int) -> Iterator[Catcher]:
    with smtp(port) as catcher:
        yield catcher


MAIL = {"connection": "mail", "every_hours": 24, "at_most": 2}


def pass_hours(hours: float) -> None:
    by = timedelta(hours=hours)
    Approval.objects.update(asked_at=F("asked_at") - by, due_at=F("due_at") - by)
    Delivery.objects.update(made_at=F("made_at") - by, due_at=F("due_at") - by)


def test_whoever_is_asked_gets_one_mail_with_a_link_and_nothing_of_what_is_shown(
    asked: Asked, server: Catcher
) -> None:
    _, approval = asked(mail=MAIL)
    delivering.send_due()
    delivering.send_due()
    assert server.told == ["ada", "ben"]
    [message] = [letter for address, letter in server.letters if address.startswith("ada")]
    text = message.get_content()
    assert message["Subject"] == "Your decision: Publish the notice"
    assert f"/approvals/{approval.id}" in text
    assert "Premium notice" not in text
    assert "decide?" not in text
    assert approval.digest not in text


def test_the_next_stage_is_told_when_it_is_its_turn(asked: Asked, people: People, server: Catcher) -> None:
    _, approval = asked(stage("legal", "ada"), stage("print", "cleo"), mail=MAIL)
    delivering.send_due()
    assert server.told == ["ada"]
    decide(people["ada"], approval)
    delivering.send_due()
    assert server.told == ["ada", "cleo"]


def test_whoever_has_not_decided_is_reminded_so_often_and_no_more(
    asked: Asked, people: People, server: Catcher
) -> None:
    _, approval = asked(stage("legal", "ada", "ben", need=2), mail=MAIL)
    delivering.send_due()
    decide(people["ben"], approval)
    for _ in range(5):
        pass_hours(25)
        tending.tend()
        tending.tend()
        delivering.send_due()
    assert server.told == ["ada", "ada", "ada", "ben"]


def test_deputies_are_told_too_and_whoever_asks_is_not(asked: Asked, people: People, server: Catcher) -> None:
    today = timezone.now().date()
    deputies.make_deputy(people["ada"], deputy="dan", first_day=today, last_day=today)
    asked(stage("legal", "ada", "ben", "cleo"), requester="ben", mail=MAIL)
    delivering.send_due()
    assert server.told == ["ada", "cleo", "dan"]


def test_a_sender_that_dies_after_the_intent_sends_nothing_twice(
    asked: Asked, server: Catcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked(stage("legal", "ada"), mail=MAIL)
    send = channels.send

    def die(*args: Any) -> None:
        send(*args)
        raise KeyboardInterrupt

    with monkeypatch.context() as broken:
        broken.setattr(channels, "send", die)
        with pytest.raises(KeyboardInterrupt):
            delivering.send_due()
    assert (server.told, Delivery.objects.get().state) == (["ada"], "sending")

    delivering.send_due()
    pass_hours(1)
    assert delivering.is_due()
    delivering.send_due()

    assert server.told == ["ada"]
    assert Delivery.objects.get().state == "unknown"


def test_a_server_that_is_away_is_tried_again_and_the_mail_comes_once(asked: Asked, port: int) -> None:
    asked(stage("legal", "ada"), mail=MAIL)
    delivering.send_due()
    held = Delivery.objects.get()
    assert (held.state, held.tries) == ("planned", 1)
    with smtp(port) as server:
        pass_hours(1)
        delivering.send_due()
        assert server.told == ["ada"]
    assert Delivery.objects.get().state == "sent"


def test_a_refused_address_is_noted_and_the_others_get_theirs(asked: Asked, server: Catcher) -> None:
    asked(mail=MAIL)
    server.says = ["550 No such mailbox"]
    delivering.send_due()
    assert sorted(Delivery.objects.values_list("state", flat=True)) == ["refused", "sent"]
    assert len(server.told) == 1


def test_nobody_is_mailed_about_what_was_decided_before(asked: Asked, people: People, server: Catcher) -> None:
    _, approval = asked(mail=MAIL)
    decide(people["ada"], approval)
    delivering.send_due()
    assert server.told == []
    assert {(each.state, each.reason) for each in Delivery.objects.all()} == {("withheld", "ended")}
    assert Notice.objects.get().state == "ended"


def test_an_approval_shows_its_deliveries_which_are_listed_with_all_others(
    asked: Asked, people: People, server: Catcher, api: Callable[[Actor], APIClient]
) -> None:
    run, approval = asked(stage("legal", "ada", "ben", need=2), mail=MAIL)
    server.says = ["550 No such mailbox"]
    delivering.send_due()
    decide(people["ben"], approval)
    pass_hours(25)
    tending.tend()
    asks = api(people["cleo"])
    shown = asks.get(f"/api/v1/approvals/{approval.id}").json()["mails"]
    assert [(each["to"], each["number"], each["state"]) for each in shown] == [
        ("ada", 0, "refused"), ("ben", 0, "sent"), ("ada", 1, "planned"),
    ]  # fmt: skip
    listed = asks.get(f"/api/v1/deliveries?notice={shown[2]['notice']}").json()["items"]
    assert [each["id"] for each in listed] == [shown[2]["id"]]
    assert listed[0]["notice"]["topic"] == f"approval/{approval.id}/0/1"
    assert listed[0]["notice"]["run"] == str(run.id)

    # Somebody has the one that was refused sent again.
    assert asks.post(f"/api/v1/deliveries/{shown[0]['id']}/settle", {"arrived": False}).status_code == 200
    delivering.send_due()
    assert server.told == ["ada", "ada", "ben"]


def test_whoever_opted_out_is_not_written_to_and_is_asked_all_the_same(
    asked: Asked, people: People, server: Catcher
) -> None:
    notices.opt_out(people["cleo"], person="ADA", kind="approvals")
    notices.opt_out(people["cleo"], person="ben@example.com", kind="ended-jobs")
    _, approval = asked(mail=MAIL)
    delivering.send_due()
    assert server.told == ["ben"]
    assert decide(people["ada"], approval).state == "approved"


def test_two_people_of_one_address_are_written_to_once(asked: Asked, people: People, server: Catcher) -> None:
    Person.objects.filter(username="ben").update(email="Ada@example.com")
    asked(mail=MAIL)
    delivering.send_due()
    assert len(server.letters) == 1


def test_notices_of_an_open_question_stay_so_that_no_reminder_is_sent_anew(
    asked: Asked, people: People, server: Catcher
) -> None:
    """A rule of retention that is shorter than the question is open."""
    _, approval = asked(stage("legal", "ada"), mail=MAIL)
    admin = Actor.system(approval.workspace)
    retention.set_rule(admin, what="notices", days=1)
    for day in range(1, 5):
        pass_hours(25)
        tending.tend()
        delivering.send_due()
        remove_old(approval.workspace, now=timezone.now() + timedelta(days=2 * day))
    assert server.told == ["ada"] * 3

    decide(people["ada"], approval)
    assert remove_old(approval.workspace, now=timezone.now() + timedelta(days=9))["notices"] == 3


def test_a_connection_that_is_no_mail_connection_fails_the_step(team: Any, people: People) -> None:
    from tests.workflows.approvals.conftest import question
    from tests.workflows.drawing import drawn
    from workflows.services.runs import start_run
    from workflows.services.workflows import create_workflow, publish

    actor = Actor.system(team)
    settings = question(mail={"connection": "nowhere"})
    create_workflow(actor, slug="asking", document=drawn("ask", ask={"kind": "approve", "settings": settings}))
    publish(actor, "asking", revision=1)
    run = start_run(actor, "asking", payload={})
    work()
    assert error_of(run)["field"] == "settings/mail/connection"
