"""The rate limit of a connection is one for all processes, and learned from what its service asks for."""

from __future__ import annotations

import uuid

import pytest
import requests

from hub.connections.pacing import SharedPace
from hub.sdk import Policy
from hub.sdk.guarded import GuardedEgress
from hub.sdk.pacing import Paced

pytestmark = pytest.mark.django_db


def test_processes_share_the_calls_of_a_connection() -> None:
    held = uuid.uuid4()
    here, there = (SharedPace(held, 0.01, longest_wait_seconds=0) for _ in range(2))
    here.wait()
    with pytest.raises(Paced) as caught:
        there.wait()
    assert 90 < (caught.value.after_seconds or 0) <= 100
    assert not caught.value.sent
    SharedPace(uuid.uuid4(), 0.01, longest_wait_seconds=0).wait()


def test_a_second_s_worth_may_go_at_once() -> None:
    held = uuid.uuid4()
    for _ in range(50):
        SharedPace(held, 50, longest_wait_seconds=0.5).wait()


@pytest.mark.parametrize("rate", [None, 1000.0])
def test_a_pause_that_a_service_asked_for_is_kept_by_all(rate: float | None) -> None:
    held = uuid.uuid4()
    SharedPace(held, rate).slow_down(40)
    with pytest.raises(Paced) as caught:
        SharedPace(held, rate).wait()
    assert 30 < (caught.value.after_seconds or 0) <= 40


def test_a_429_with_retry_after_makes_everybody_wait() -> None:
    held = uuid.uuid4()
    egress = GuardedEgress(Policy(), pace=SharedPace(held, None))
    reply = requests.Response()
    reply.status_code, reply.headers["Retry-After"] = 429, "60"
    egress._learn(reply)
    with pytest.raises(Paced):
        SharedPace(held, None).wait()
