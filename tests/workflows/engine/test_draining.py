"""Many runs at a time: what only computes is stored together, and one that is different harms no other."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db.models import F

from hub.accounts.access import Actor
from tests.shop_connector.service import Shop
from tests.workflows.drawing import drawn
from tests.workflows.engine.conftest import act, states
from workflows.engine import computing, draining, executor, interventions, kinds
from workflows.engine.claiming import claim, give_back
from workflows.engine.under_way import UnderWay
from workflows.models import Run
from workflows.services.runs import start_run
from workflows.services.workflows import create_workflow, publish

pytestmark = pytest.mark.django_db
Many = Callable[..., list[Run]]


@pytest.fixture
def many(actor: Actor) -> Many:
    """Queue so many runs of a drawn workflow."""

    def start(count: int, picture: str, payload: dict[str, Any] | None = None, **steps: Any) -> list[Run]:
        create_workflow(actor, slug="drawn", document=drawn(picture, **steps))
        publish(actor, "drawn", revision=1)
        return [start_run(actor, "drawn", payload={"n": n} | (payload or {})) for n in range(count)]

    return start


@pytest.fixture(autouse=True)
def _alone(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """No run of another test waits here, and the first batch is a large one."""
    monkeypatch.setattr(draining, "under_way", UnderWay())
    monkeypatch.setattr(draining, "_at_once", 50)
    yield
    assert draining.under_way.count == 0


COMPUTE = {"kind": "transform", "settings": {"value": {"n": "=trigger.n"}}}


def test_runs_that_only_compute_are_stored_together(
    many: Many, monkeypatch: pytest.MonkeyPatch, django_assert_max_num_queries: Any
) -> None:
    runs = many(40, "a -> b", a=COMPUTE)
    # However slow the machine is just now.
    for name in ("WRITTEN_EVERY_SECONDS", "LONGEST_SECONDS"):
        monkeypatch.setattr(draining, name, 60)
    with django_assert_max_num_queries(20):
        draining.drain(10)
    assert all(states(run) == {"run": "succeeded", "a": "succeeded", "b": "succeeded"} for run in runs)
    assert [run.steps.get(step="a").output for run in runs] == [{"n": n} for n in range(40)]


def test_runs_that_were_given_back_are_computed_and_stored_as_if_they_were_claimed_for_the_first_time(
    many: Many, monkeypatch: pytest.MonkeyPatch, django_assert_max_num_queries: Any
) -> None:
    runs = many(40, "a -> b", a=COMPUTE)
    give_back(claim(50))
    for name in ("WRITTEN_EVERY_SECONDS", "LONGEST_SECONDS"):
        monkeypatch.setattr(draining, name, 60)
    with django_assert_max_num_queries(20):
        draining.drain(10)
    assert all(states(run) == {"run": "succeeded", "a": "succeeded", "b": "succeeded"} for run in runs)


def test_a_worker_claims_as_many_as_it_can_carry_out_in_time(many: Many, monkeypatch: pytest.MonkeyPatch) -> None:
    runs = many(12, "a", a=COMPUTE)
    monkeypatch.setattr(draining, "LONGEST_SECONDS", 0)
    monkeypatch.setattr(draining, "_is_behind", False)
    draining.under_way.enter()
    draining._batch()
    draining.under_way.leave()
    assert draining._at_once == 1, "none was begun in time"
    monkeypatch.setattr(draining, "LONGEST_SECONDS", 60)
    draining.drain(10)
    assert {Run.objects.get(id=run.id).state for run in runs} == {"succeeded"}


def _meanwhile(monkeypatch: pytest.MonkeyPatch, happens: Callable[[Run], object], number: int = 1) -> None:
    """While the run with this number is carried out, something happens to it."""
    decide = kinds.decide

    def decided(step: Any, values: Any, evaluate: Any) -> Any:
        if values == {"value": {"n": number}}:
            happens(Run.objects.get(payload__n=number))
        return decide(step, values, evaluate)

    monkeypatch.setattr(computing, "decide", decided)


def test_of_a_run_that_somebody_else_has_claimed_meanwhile_nothing_is_stored(
    many: Many, monkeypatch: pytest.MonkeyPatch
) -> None:
    runs = many(3, "a", a=COMPUTE)
    _meanwhile(monkeypatch, lambda run: Run.objects.filter(id=run.id).update(fence=F("fence") + 1))
    draining.drain(10)
    assert [states(run) for run in runs[::2]] == [{"run": "succeeded", "a": "succeeded"}] * 2
    assert states(runs[1]) == {"run": "running"}


def test_a_run_that_somebody_cancels_meanwhile_is_cancelled(many: Many, monkeypatch: pytest.MonkeyPatch) -> None:
    runs = many(3, "a", a=COMPUTE)
    _meanwhile(monkeypatch, lambda run: interventions.ask_to_cancel(run.id))
    draining.drain(10)
    assert [states(run)["run"] for run in runs] == ["succeeded", "cancelled", "succeeded"]


def test_a_run_that_breaks_its_worker_harms_no_other(many: Many, monkeypatch: pytest.MonkeyPatch) -> None:
    def breaks(_: Run) -> None:
        raise RuntimeError("a mistake of ours")

    runs = many(3, "a", a=COMPUTE)
    _meanwhile(monkeypatch, breaks)
    draining.drain(10)
    assert [states(run)["run"] for run in runs] == ["succeeded", "running", "succeeded"]
    Run.objects.update(lapses=executor.MOST_LAPSES)
    for _ in range(2):
        Run.objects.filter(state="running").update(lease_until="2020-01-01T00:00Z")
        draining.drain(10)
    assert states(runs[1])["run"] == "failed", "after so many workers it is given up, with the reason"


def test_a_failed_run_in_a_batch_says_why(many: Many) -> None:
    runs = many(3, "a", a={"kind": "transform", "settings": {"value": "=$number('x' & trigger.n)"}})
    draining.drain(10)
    assert {Run.objects.get(id=run.id).error["code"] for run in runs} == {"expression"}  # type: ignore[index]


def test_text_that_the_database_cannot_hold_is_stored_as_near_as_it_can(many: Many) -> None:
    runs = many(2, "a -> b", a={"kind": "transform", "settings": {"value": {"t": "=$decodeUrlComponent('x%00y')"}}})
    draining.drain(10)
    assert [run.steps.get(step="a").output for run in runs] == [{"t": "x\ufffdy"}] * 2


def test_runs_that_call_are_carried_out_too_and_what_there_is_no_room_for_goes_back(
    many: Many, the_shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(draining, "MOST_HELD", 2)
    runs = many(7, "a -> b", a=COMPUTE, b=act("put", item="=trigger.n & 'x'"))
    assert draining._batch() == 7
    assert set(Run.objects.filter(state="running")) == set(runs[:2])
    assert set(Run.objects.filter(state="queued")) == set(runs[2:])
    draining.drain(20)
    assert all(states(run)["run"] == "succeeded" for run in runs)
    assert len(the_shop.written) == 7


def test_what_a_batch_has_no_time_for_goes_back(many: Many, monkeypatch: pytest.MonkeyPatch) -> None:
    runs = many(3, "a", a=COMPUTE)
    monkeypatch.setattr(draining, "LONGEST_SECONDS", -1)
    draining._batch()
    assert [states(run)["run"] for run in runs] == ["queued"] * 3


def test_a_process_that_is_about_to_end_notes_what_comes_back_and_begins_no_more(
    many: Many, the_shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    runs = many(3, "a -> b", a=act("pay"), b=act("put"))
    monkeypatch.setattr(draining, "_is_closing", False)
    original = the_shop.write

    def write(name: str, item: str, call: Any) -> None:
        draining.close()
        original(name, item, call)

    monkeypatch.setattr(the_shop, "write", write)
    draining.drain(20)
    for run in runs:
        found = states(run)
        assert found["run"] == "waiting"
        assert found.get("a", "ready") in {"ready", "succeeded"}
        assert Run.objects.filter(id=run.id, due_at__isnull=False).exists(), "another worker goes on at once"
    assert {name for name, _ in the_shop.written} == {"pay"}

    monkeypatch.setattr(draining, "_is_closing", False)
    monkeypatch.setattr(the_shop, "write", original)
    draining.drain(20)
    assert all(states(run) == {"run": "succeeded", "a": "succeeded", "b": "succeeded"} for run in runs)
    assert sorted(name for name, _ in the_shop.written) == ["pay"] * 3 + ["put"] * 3
