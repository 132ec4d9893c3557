"""Posting to a receiver that answers as Teams does."""

from __future__ import annotations

import json
from typing import Any

import pytest

from connectors.teams.actions.post_message import PostMessage
from connectors.teams.auth import Auth
from connectors.teams.client import TeamsClient, card
from hub.sdk import Call, Opening, Policy, Rejected, TryLater
from hub.sdk.guarded import GuardedEgress
from tests.connectors.webhook.test_webhook import Receiver, receiver

__all__ = ["receiver"]
CALL = Call(key="delivery/1", attempt=1, timeout_seconds=5)


def client(receiver: Receiver) -> TeamsClient:
    return Auth().open(Auth.Settings(address=receiver.address), Opening(GuardedEgress(Policy(("127.0.0.1",)))))


def post(receiver: Receiver) -> dict[str, Any]:
    given = {"subject": "Job 17 ended", "text": "It went well.", "links": {"The run": "https://hub/runs/1"}}
    PostMessage().run(PostMessage.Input.model_validate(given), client(receiver), CALL)
    return dict(json.loads(receiver.calls[-1][1]))


@pytest.mark.parametrize("status", [200, 202])
def test_a_message_is_a_card_with_a_button_for_the_link(receiver: Receiver, status: int) -> None:
    receiver.status = status
    sent = post(receiver)
    (attachment,) = sent["attachments"]
    assert (sent["type"], attachment["contentType"]) == ("message", "application/vnd.microsoft.card.adaptive")
    assert [each["text"] for each in attachment["content"]["body"]] == ["Job 17 ended", "It went well."]
    assert attachment["content"]["actions"] == [
        {"type": "Action.OpenUrl", "title": "The run", "url": "https://hub/runs/1"}
    ]


@pytest.mark.parametrize("text", ["x" * 100_000, "ü" * 50_000, "a line\n" * 20_000])
def test_a_message_stays_below_what_teams_takes(text: str) -> None:
    sent = json.dumps(card("Long", text, {}), ensure_ascii=False).encode()
    assert len(sent) < 28_000
    assert b"this is its beginning" in sent


def test_a_throttled_message_was_not_posted_and_a_refusal_is_told(receiver: Receiver) -> None:
    receiver.status = 429
    with pytest.raises(TryLater) as later:
        post(receiver)
    assert not later.value.sent
    receiver.status = 404
    with pytest.raises(Rejected, match="new webhook"):
        post(receiver)


def test_a_connector_says_in_its_body_that_it_is_throttled(
    monkeypatch: pytest.MonkeyPatch, receiver: Receiver
) -> None:
    class Reply:
        status_code = 200
        text = "Webhook message delivery failed with error: Microsoft Teams endpoint returned HTTP error 429 with x"
        headers: dict[str, str] = {}

    opened = client(receiver)
    monkeypatch.setattr(opened._egress, "request", lambda *args, **more: Reply(), raising=False)
    with pytest.raises(TryLater) as later:
        opened.post({}, 5)
    assert not later.value.sent
