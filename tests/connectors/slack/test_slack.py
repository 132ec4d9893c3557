"""Posting to a receiver that answers as Slack does."""

from __future__ import annotations

import json
from typing import Any

import pytest

from connectors.slack.actions.post_message import PostMessage
from connectors.slack.auth import Auth
from connectors.slack.client import MOST_CHARACTERS
from hub.sdk import Call, Effect, Opening, Policy, Rejected, TryLater
from hub.sdk.guarded import GuardedEgress
from tests.connectors.webhook.test_webhook import Receiver, receiver

__all__ = ["receiver"]
CALL = Call(key="delivery/1", attempt=1, timeout_seconds=5)


def post(receiver: Receiver, **given: Any) -> dict[str, Any]:
    client = Auth().open(Auth.Settings(address=receiver.address), Opening(GuardedEgress(Policy(("127.0.0.1",)))))
    given = {
        "subject": "Job 17 ended",
        "text": "Of <Bonn> & Leeds",
        "links": {"The run": "https://hub/r?a=1&b=2"},
    } | given
    PostMessage().run(PostMessage.Input.model_validate(given), client, CALL)
    return dict(json.loads(receiver.calls[-1][1]))


def test_what_would_be_a_sign_of_slacks_is_escaped_and_the_link_has_a_title(receiver: Receiver) -> None:
    receiver.status = 200
    assert post(receiver)["text"] == (
        "*Job 17 ended*\nOf &lt;Bonn&gt; &amp; Leeds\n<https://hub/r?a=1&amp;b=2|The run>"
    )


def test_a_text_that_slack_would_cut_is_cut_and_says_so(receiver: Receiver) -> None:
    receiver.status = 200
    sent = post(receiver, text="x" * 50_000)["text"]
    assert len(sent) < MOST_CHARACTERS + 100
    assert sent.endswith("(It goes on; this is its beginning.)")


def test_a_refusal_is_told_and_a_throttled_message_was_not_posted(receiver: Receiver) -> None:
    receiver.status = 410
    with pytest.raises(Rejected, match="410"):
        post(receiver)
    receiver.status, receiver.headers = 429, {"Retry-After": "30"}
    with pytest.raises(TryLater) as later:
        post(receiver)
    assert (later.value.after_seconds, later.value.sent) == (30, False)
    receiver.status = 500
    with pytest.raises(TryLater) as unsure:
        post(receiver)
    assert unsure.value.sent
    assert PostMessage.effect is Effect.ONCE
