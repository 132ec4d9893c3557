"""Notices through a real mail server: each person once, also when senders are killed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.core import signing
from django.db.models import F
from django.test import Client
from rest_framework.test import APIClient
from standardwebhooks import Webhook

from hub.accounts.access import Actor
from hub.accounts.models import Workspace
from hub.api.errors import Conflict, NotFound
from hub.connections.models import Connection
from hub.connections.opening import forget_open_connections
from hub.vault import seal
from tests.connectors.webhook.test_webhook import SECRET, Receiver, receiver
from tests.hub.sdk.servers import free_port
from tests.workflows.approvals.test_mails import Catcher, smtp
from tests.workflows.drawing import drawn
from tests.workflows.engine.conftest import work
from workflows.engine import channels, delivering
from workflows.engine.journal import Journal
from workflows.models import Delivery, Notice, Run
from workflows.services import notices
from workflows.services.runs import start_run
from workflows.services.workflows import create_workflow, publish

__all__ = ["receiver"]
pytestmark = pytest.mark.django_db
Tell = Callable[..., Run]
MANY = 60


class Killed(BaseException):
    """The process ends here."""


@pytest.fixture
def server(team: Workspace, settings: Any) -> Iterator[Catcher]:
    port = free_port()
    settings.EGRESS_ALLOW = ("127.0.0.1",)
    values = {"host": "127.0.0.1", "port": port, "security": "none", "sender": "Lockgate <hub@example.com>"}
    Connection.objects.create(
        workspace=team, name="Mail", slug="mail", connector="email", settings=values, sealed=b""
    )
    with smtp(port) as made:
        yield made
    forget_open_connections()


@pytest.fixture
def tell(team: Workspace, server: Catcher) -> Tell:
    """Run a workflow that tells somebody something."""

    def start(**settings: Any) -> Run:
        actor = Actor.system(team)
        said = {"topic": "job/1", "subject": "Job 1 ended", "text": "It went well.", "mail": "mail"} | settings
        slug = f"tell-{Run.objects.count()}"
        create_workflow(actor, slug=slug, document=drawn("tell", tell={"kind": "notify", "settings": said}))
        publish(actor, slug, revision=1)
        run = start_run(actor, slug, payload={})
        work()
        return Run.objects.get(id=run.id)

    return start


def addresses(count: int) -> list[str]:
    return [f"person{number:03d}@example.com" for number in range(count)]


def time_passes() -> None:
    Delivery.objects.filter(due_at__isnull=False).update(due_at=F("due_at") - timedelta(hours=12))


def test_senders_that_are_killed_again_and_again_send_to_nobody_twice_and_leave_nobody_out(
    tell: Tell, server: Catcher, team: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Killed just before a message leaves or just after, a delivery is in doubt; a person says what happened."""
    everybody = addresses(MANY)
    tell(to=everybody)
    send, count = channels.send, 0

    def killed(*args: Any) -> None:
        nonlocal count
        count += 1
        if count % 20 == 7:
            raise Killed
        send(*args)
        if count % 20 == 13:
            raise Killed

    monkeypatch.setattr(channels, "send", killed)
    deaths = 0
    while Delivery.objects.filter(state__in=["planned", "sending"]).exists():
        try:
            delivering.send_due()
        except Killed:
            deaths += 1
        time_passes()
    monkeypatch.setattr(channels, "send", send)

    got = Counter(address for address, _ in server.letters)
    unknown = set(Delivery.objects.filter(state="unknown").values_list("address", flat=True))
    assert deaths == len(unknown) == 6
    assert set(got.values()) == {1}
    assert set(everybody) - set(got) < unknown

    for held in Delivery.objects.filter(state="unknown"):
        notices.settle(Actor.system(team), held.id, arrived=held.address in got)
    delivering.send_due()
    assert Counter(address for address, _ in server.letters) == dict.fromkeys(everybody, 1)
    assert Notice.objects.get().state == "told"


def test_a_worker_killed_before_the_rows_are_stored_stores_them_once(
    tell: Tell, server: Catcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    def die(*args: Any, **more: Any) -> None:
        raise Killed

    with monkeypatch.context() as broken:
        broken.setattr(Journal, "succeed", die)
        with pytest.raises(Killed):
            tell(to=addresses(3))
    assert not Delivery.objects.exists()
    Run.objects.update(lease_until=F("lease_until") - timedelta(hours=1))
    work()
    delivering.send_due()
    assert sorted(address for address, _ in server.letters) == addresses(3)


def test_a_server_that_is_busy_is_asked_again_and_one_that_refuses_is_not(tell: Tell, server: Catcher) -> None:
    server.says = ["451 Come back later", "550 Nobody here"]
    tell(to=["a@example.com"])
    delivering.send_due()
    held = Delivery.objects.get()
    assert (held.state, server.letters) == ("planned", [])
    time_passes()
    delivering.send_due()
    held.refresh_from_db()
    assert held.state == "refused"
    assert "refused recipients" in held.message
    assert Notice.objects.get().state == "ended"


def test_a_second_notice_of_the_same_topic_tells_only_those_who_were_not_told(tell: Tell, server: Catcher) -> None:
    tell(to=["a@example.com"])
    delivering.send_due()
    tell(to=["A@example.com", "b@example.com"], subject="Job 1 ended, again")
    delivering.send_due()
    assert [address for address, _ in server.letters] == ["a@example.com", "b@example.com"]


def test_quiet_hours_hold_a_message_back(tell: Tell, server: Catcher) -> None:
    tell(to=["a@example.com"], quiet={"from": "00:00", "to": "23:59", "zone": "UTC", "weekends": True})
    assert not delivering.is_due()
    time_passes()
    Delivery.objects.update(due_at=F("due_at") - timedelta(days=3))
    delivering.send_due()
    assert len(server.letters) == 1


@pytest.mark.parametrize(
    ("given", "field", "said"),
    [
        ({"to": ["a@example.com"], "mail": "none"}, "settings/mail", "no connection"),
        ({"to": ["nobody"]}, "settings/to", "no e-mail address"),
        ({}, "settings/to", "told to nobody"),
        ({"to": ["a@example.com"], "quiet": {"from": "late", "to": "07:00"}}, "settings/quiet/from", "time of day"),
    ],
)
def test_a_notice_that_cannot_be_told_fails_with_the_field(
    tell: Tell, given: dict[str, Any], field: str, said: str
) -> None:
    run = tell(**given)
    error = run.error or {}
    assert (run.state, error["field"]) == ("failed", field)
    assert said in error["message"]


@pytest.fixture(params=["slack", "teams"])
def channel(request: pytest.FixtureRequest, team: Workspace, receiver: Receiver) -> str:
    """A connection to a channel, whose service is the receiver."""
    receiver.status = 200
    held = Connection(workspace=team, name="Room", slug="room", connector=request.param)
    held.sealed = seal({"address": receiver.address}, held.place)
    held.save()
    return str(request.param)


def test_a_channel_is_posted_to_once_about_a_topic_with_a_link_to_the_run(
    tell: Tell, receiver: Receiver, channel: str
) -> None:
    run = tell(chat=["room"])
    tell(chat=["room"])
    delivering.send_due()

    ((_, body),) = receiver.calls
    said = body.decode()
    assert all(each in said for each in ("Job 1 ended", "It went well.", f"/runs/{run.id}"))
    assert Delivery.objects.get().state == "sent"


def test_a_channel_waits_for_the_digest_and_gets_one_message(tell: Tell, receiver: Receiver, channel: str) -> None:
    for number in range(3):
        tell(topic=f"job/{number}", subject=f"Job {number} ended", chat=["room"], digest={"at": "07:30"})
    delivering.send_due()
    assert not receiver.calls

    time_passes()
    time_passes()
    delivering.send_due()
    ((_, body),) = receiver.calls
    assert all(f"Job {number} ended" in body.decode() for number in range(3))
    assert b"3 messages" in body


def send_and_be_killed(monkeypatch: pytest.MonkeyPatch) -> None:
    """The message leaves, and nobody is there any more to note it."""
    send = channels.send

    def killed(*args: Any) -> None:
        send(*args)
        raise Killed

    with monkeypatch.context() as broken:
        broken.setattr(channels, "send", killed)
        with pytest.raises(Killed):
            delivering.send_due()


def test_a_post_whose_sender_was_killed_is_in_doubt_and_not_posted_again(
    tell: Tell, receiver: Receiver, channel: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    tell(chat=["room"])
    send_and_be_killed(monkeypatch)
    time_passes()
    delivering.send_due()

    assert len(receiver.calls) == 1
    assert Delivery.objects.get().state == "unknown"


def test_a_throttled_channel_is_posted_to_later(tell: Tell, receiver: Receiver, channel: str) -> None:
    receiver.status, receiver.headers = 429, {"Retry-After": "1"}
    tell(chat=["room"])
    delivering.send_due()
    assert Delivery.objects.get().state == "planned"

    receiver.status = 200
    time_passes()
    delivering.send_due()
    assert Delivery.objects.get().state == "sent"


def test_no_message_about_a_channel_holds_its_address(tell: Tell, receiver: Receiver, channel: str) -> None:
    receiver.status = 404
    tell(chat=["room"])
    delivering.send_due()

    held = Delivery.objects.get()
    assert held.state == "refused"
    assert "new webhook" in held.message
    assert "/hook" not in held.message


def test_a_web_address_is_told_signed_and_again_under_the_same_id_when_its_sender_was_killed(
    tell: Tell, team: Workspace, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    held = Connection(workspace=team, name="Hook", slug="hook", connector="webhook")
    held.settings, held.sealed = {"address": receiver.address}, seal({"secret": SECRET}, held.place)
    held.save()
    tell(web=["hook"], kind="ended-jobs")
    send_and_be_killed(monkeypatch)
    time_passes()
    delivering.send_due()

    first, second = receiver.calls
    taken = Webhook(SECRET).verify(second[1], second[0])
    assert (taken["type"], taken["data"]["topic"]) == ("ended-jobs", "job/1")
    assert first[0]["webhook-id"] == second[0]["webhook-id"]
    assert Delivery.objects.get().state == "sent"


# What people do


def test_only_what_is_in_doubt_or_refused_can_be_settled(tell: Tell, team: Workspace) -> None:
    tell(to=["a@example.com"])
    held = Delivery.objects.get()
    with pytest.raises(Conflict, match="planned"):
        notices.settle(Actor.system(team), held.id, arrived=True)


def test_the_link_in_a_message_shows_on_get_and_opts_out_on_post_without_signing_in(
    tell: Tell, server: Catcher, client: Client
) -> None:
    tell(to=["a@example.com"], kind="ended-jobs")
    delivering.send_due()
    link = server.letters[0][1]["List-Unsubscribe"].strip("<>")
    path = link[link.index("/opt-out/") :]
    for method in ("get", "head"):
        assert getattr(client, method)(path).status_code == 200
    tell(to=["a@example.com"], kind="ended-jobs", topic="job/2")
    delivering.send_due()
    assert len(server.letters) == 2

    assert "no more messages" in client.post(path).content.decode()
    tell(to=["a@example.com"], kind="ended-jobs", topic="job/3")
    tell(to=["a@example.com"], kind="failed-jobs", topic="job/4")
    delivering.send_due()
    assert [each.notice.topic for each in Delivery.objects.filter(state="withheld")] == ["job/3"]
    assert len(server.letters) == 3


def test_a_link_that_was_guessed_or_broken_opts_nobody_out(client: Client) -> None:
    for link in ("nonsense", signing.dumps("01a21376-0000-7000-8000-000000000000", salt="another")):
        assert client.post(f"/opt-out/{link}").status_code == 404
    with pytest.raises(NotFound):
        notices.opt_out_by("nonsense")


def test_deliveries_are_listed_and_filtered_by_api_and_page_within_the_workspace(
    tell: Tell, alice: Actor, charlie: Actor, api: Callable[[Actor], APIClient]
) -> None:
    notices.opt_out(alice, person="b@example.com")
    tell(to=["a@example.com", "b@example.com"])
    delivering.send_due()
    rows = api(alice).get("/api/v1/deliveries?person=B@example.com").json()["items"]
    assert [(each["person"], each["state"], each["reason"]) for each in rows] == [
        ("b@example.com", "withheld", "opted-out")
    ]
    assert rows[0]["notice"]["topic"] == "job/1"
    assert api(charlie).get("/api/v1/deliveries").json()["items"] == []
    other = api(charlie).get(f"/api/v1/deliveries?notice={rows[0]['notice']['id']}")
    assert other.status_code == 404
    [withheld] = api(alice).get("/api/v1/deliveries?state=withheld").json()["items"]
    assert (withheld["person"], withheld["message"]) == ("b@example.com", "They opted out.")


def test_opt_outs_are_made_and_taken_back_by_api(alice: Actor, api: Callable[[Actor], APIClient]) -> None:
    asked = api(alice)
    made = asked.post("/api/v1/opt-outs", {"person": "A@Example.com", "kind": "ended-jobs"})
    assert (made.status_code, made.json()["person"]) == (201, "a@example.com")
    assert asked.post("/api/v1/opt-outs", {"person": " "}).status_code == 422
    assert asked.delete(f"/api/v1/opt-outs/{made.json()['id']}").status_code == 204
    assert asked.get("/api/v1/opt-outs").json()["items"] == []
