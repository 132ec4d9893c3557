"""The rate limit of a connection is one for all processes, and learned from what its service asks for."""

from __future__ import annotations

import threading
import time
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from email.utils import formatdate

import pytest
import requests

from hub.connections.pacing import SharedPace
from hub.sdk import Policy
from hub.sdk.guarded import GuardedEgress
from hub.sdk.pacing import Pace, Paced, Pacing

pytestmark = pytest.mark.django_db


@pytest.mark.pain(20)
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


@pytest.mark.pain(20)
@pytest.mark.parametrize("status", [429, 503])
@pytest.mark.parametrize("as_date", [False, True])
def test_retry_after_makes_everybody_wait(status: int, as_date: bool) -> None:
    held = uuid.uuid4()
    egress = GuardedEgress(Policy(), pace=SharedPace(held, None))
    reply = requests.Response()
    reply.status_code = status
    reply.headers["Retry-After"] = formatdate(time.time() + 60, usegmt=True) if as_date else "60"
    egress._learn(reply)
    with pytest.raises(Paced) as caught:
        SharedPace(held, None).wait()
    assert 50 < (caught.value.after_seconds or 0) <= 60


@pytest.mark.parametrize("said", ["", "soon", "-5", "nan", "inf", "Mon, 99 Foo 2026 00:00:00 GMT"])
def test_a_retry_after_that_says_nothing_is_no_pause(said: str) -> None:
    held = uuid.uuid4()
    reply = requests.Response()
    reply.status_code, reply.headers["Retry-After"] = 429, said
    GuardedEgress(Policy(), pace=SharedPace(held, None))._learn(reply)
    SharedPace(held, None, longest_wait_seconds=0).wait()


@pytest.mark.parametrize("pacing", [Pace, lambda rate: SharedPace(uuid.uuid4(), rate)])
def test_those_who_waited_for_the_end_of_a_pause_go_at_the_rate(pacing: Callable[[float], Pacing]) -> None:
    pace = pacing(20.0)
    pace.slow_down(0.3)
    began, went = time.monotonic(), gone_by(pace, threads=10)
    assert min(went) - began >= 0.29
    assert max(went) - min(went) >= 9 / 20 - 0.05


def test_without_a_rate_they_do_not_go_all_at_once_either() -> None:
    held = uuid.uuid4()
    SharedPace(held, None).slow_down(0.2)
    went = gone_by(SharedPace(held, None), threads=5)
    assert max(went) - min(went) >= 4 * 0.1 - 0.05


@pytest.mark.parametrize("pacing", [Pace, lambda rate: SharedPace(uuid.uuid4(), rate)])
def test_who_waits_for_a_turn_also_waits_for_a_pause_that_comes_meanwhile(
    pacing: Callable[[float], Pacing],
) -> None:
    pace = pacing(4.0)
    for _ in range(4):
        pace.wait()
    went: list[float] = []
    waiting = threading.Thread(target=lambda: went.append(gone_by(pace, threads=1)[0]))
    waiting.start()
    pace.slow_down(1.0)
    until = time.monotonic() + 1.0
    waiting.join()
    assert went[0] >= until - 0.05


def gone_by(pace: Pacing, *, threads: int) -> list[float]:
    """When each of these threads may make its call."""

    def go(_: int) -> float:
        pace.wait()
        return time.monotonic()

    with ThreadPoolExecutor(threads) as pool:
        return list(pool.map(go, range(threads)))
