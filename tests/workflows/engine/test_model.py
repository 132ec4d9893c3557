"""The engine against a model of it: whatever people, services, time and dying workers do, in whatever order, every
run ends or says why it does not, and nothing is written twice.

The parts are the real ones, with PostgreSQL: the planner, the executor, the journal, and what people do. Only the
service is in memory, so that it can be told what to answer next and asked what it was really told.
"""

from __future__ import annotations

import time
import uuid
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.db.models import F
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from hub.accounts.access import Actor
from hub.api.errors import Conflict
from hub.sdk import Rejected, TryLater
from tests.shop_connector.service import Shop
from tests.workflows.drawing import drawn
from tests.workflows.engine.conftest import act, later
from tests.workflows.engine.test_durability import Died, dying_at
from workflows.engine import executor
from workflows.engine.calls import calls
from workflows.engine.claiming import Claim, claim
from workflows.models import Halt, Run, RunStep
from workflows.planning.states import ENDED_RUNS, OPEN_STEPS, STEP_MOVES, RunState, StepState
from workflows.services.halts import halt, lift
from workflows.services.replays import replay
from workflows.services.runs import cancel_run, retry_run, settle_step, start_run
from workflows.services.workflows import create_workflow, publish

pytestmark = [pytest.mark.django_db, pytest.mark.timeout(400)]
WRITES = ("write", "admit", "rest", "finish")
PICTURE = """
    begin -> pay -> rest -> put -> end
    put -error-> caught -> end
"""
LEADS_TO: dict[str, set[str | None]] = {
    "begin": {None}, "pay": {"begin"}, "rest": {"pay"}, "put": {"rest"}, "caught": {"put"}, "end": {"put", "caught"},
}  # fmt: skip
DONE = {StepState.SUCCEEDED, StepState.SKIPPED}
ANSWERS: dict[str, Callable[[Shop], None]] = {
    "refused": lambda shop: shop.before.append(Rejected("No.")),
    "busy": lambda shop: shop.before.append(TryLater("Busy.", sent=False)),
    "lost before it wrote": lambda shop: shop.before.append(TryLater("Cut off.", sent=True)),
    "lost after it wrote": lambda shop: shop.after.append(TryLater("Cut off.", sent=True)),
}


def steps() -> dict[str, dict[str, Any]]:
    retry = {"attempts": 2, "first_seconds": 1}
    return {
        "pay": act("pay", "{{ trigger.n }}", retry=retry),
        "rest": {"kind": "wait", "settings": {"seconds": 60}},
        "put": act("put", "{{ trigger.n }}", retry=retry),
        "end": {"kind": "merge", "settings": {"join": "any"}},
    }


class Engine(RuleBasedStateMachine):
    """What can happen, and what holds whenever it has."""

    actor: Actor
    shop: Shop
    seen: Counter[str]

    def __init__(self) -> None:
        super().__init__()
        self.undone = transaction.atomic()
        self.undone.__enter__()
        self.runs: dict[uuid.UUID, int] = {}
        """All that were acknowledged, with the number that stands for what they write: a replay has its run's."""
        self.asked_to_stop: set[uuid.UUID] = set()
        self.keys: dict[str, int] = {}
        """For which run's sake a service was called with a key."""
        self.slow: list[Claim] = []
        self.before: dict[uuid.UUID, tuple[str, str, Any]] = {}
        self.shop.__init__()  # type: ignore[misc]

    def teardown(self) -> None:
        try:
            self.in_the_end_every_run_has_ended()
        finally:
            transaction.set_rollback(True)
            self.undone.__exit__(None, None, None)

    # What happens

    @initialize()
    def there_is_work(self) -> None:
        self.somebody_starts_a_run()
        self.somebody_starts_a_run()

    @rule()
    def somebody_starts_a_run(self) -> None:
        number = len(set(self.runs.values()))
        run = start_run(self.actor, "model", payload={"n": str(number)}, key=str(number))
        self.runs[run.id] = number
        again = start_run(self.actor, "model", payload={"n": "other"}, key=str(number))
        assert again.id == run.id, "the same happening starts one run"

    @rule(answer=st.sampled_from(sorted(ANSWERS)))
    def the_service_will_answer(self, answer: str) -> None:
        ANSWERS[answer](self.shop)

    @rule()
    def a_worker_works(self) -> None:
        self._work()

    @rule(number=st.integers(1, 5), before=st.booleans())
    def a_worker_dies_at_a_write(self, number: int, before: bool) -> None:
        with pytest.MonkeyPatch.context() as patch, dying_at(number, before=before, monkeypatch=patch, writes=WRITES):
            try:
                self._work()
            except Died:
                self.seen["died"] += 1
        self._until_calls_are_back()

    @rule()
    def a_worker_claims_and_is_slow(self) -> None:
        self.slow += claim()

    @precondition(lambda self: self.slow)
    @rule()
    def the_slow_worker_goes_on(self) -> None:
        executor.carry_out(self.slow.pop(0))
        self._until_calls_are_back()

    @rule()
    def time_passes_and_a_worker_works(self) -> None:
        self.time_passes()
        self._work()

    @rule()
    def time_passes(self) -> None:
        for run in self.runs:
            later(Run(id=run))
        # A wait counts from when it began.
        RunStep.objects.filter(run__in=self.runs).update(created_at=F("created_at") - timedelta(hours=1))

    @precondition(lambda self: self.runs)
    @rule(data=st.data())
    def somebody_cancels(self, data: st.DataObject) -> None:
        run = self._one(data)
        try:
            cancel_run(self.actor, run)
            self.asked_to_stop.add(run)
        except Conflict:
            assert Run.objects.get(id=run).state in ENDED_RUNS

    @precondition(lambda self: self.runs)
    @rule(data=st.data())
    def somebody_tries_a_failed_run_again(self, data: st.DataObject) -> None:
        run = self._one(data)
        was = Run.objects.get(id=run)
        try:
            retry_run(self.actor, run)
            assert was.state == RunState.FAILED
            self.seen["retried"] += 1
            for row in RunStep.objects.filter(run=run):
                self.before.pop(row.id, None)
        except Conflict:
            assert was.state != RunState.FAILED or was.replays.exists()

    @precondition(lambda self: self.runs)
    @rule(data=st.data())
    def somebody_replays_an_ended_run(self, data: st.DataObject) -> None:
        run = self._one(data)
        try:
            self.runs[replay(self.actor, run).id] = self.runs[run]
            self.seen["replayed"] += 1
        except Conflict:
            row = Run.objects.get(id=run)
            doubt = row.steps.filter(state=StepState.IN_DOUBT).exists()
            assert row.state not in ENDED_RUNS or row.replays.exists() or doubt

    @rule(answer=st.sampled_from(["again", "failed"]))
    def somebody_settles_what_is_in_doubt_as_it_truly_was(self, answer: str) -> None:
        self._settle(answer)

    @rule(writes_only=st.booleans())
    def everything_is_stopped(self, writes_only: bool) -> None:
        try:
            halt(self.actor, reason="A test.", writes_only=writes_only)
            self.seen["halted"] += 1
        except Conflict:
            assert Halt.objects.filter(lifted_at=None).exists()

    @rule()
    def everything_goes_on(self) -> None:
        for each in Halt.objects.filter(lifted_at=None):
            lift(self.actor, each.id)

    # What holds

    @invariant()
    def what_is_promised_holds(self) -> None:
        found = list(Run.objects.filter(id__in=self.runs).prefetch_related("steps__attempts"))
        assert {run.id for run in found} == set(self.runs), "what was acknowledged is there"
        for run in found:
            rows = list(run.steps.all())
            _ends_or_says_why_not(run, rows, asked_to_stop=run.id in self.asked_to_stop)
            for row in rows:
                _is_in_one_state(row)
            _opened_in_order({row.step: row.state for row in rows})
            self.keys |= {str(row.id): self.runs[run.id] for row in rows if row.step == "put"}
        self.nothing_is_written_twice()
        self.what_is_done_stays_done({row.id: row for run in found for row in run.steps.all()})

    def nothing_is_written_twice(self) -> None:
        paid = Counter(item for name, item in self.shop.written if name == "pay")
        assert all(count == 1 for count in paid.values()), paid
        keys = {call.key for name, call in self.shop.calls if name == "put"}
        of_runs = Counter(self.keys[key] for key in keys)
        assert all(count == 1 for count in of_runs.values()), "what may be repeated is repeated under the same key"

    def what_is_done_stays_done(self, rows: dict[uuid.UUID, RunStep]) -> None:
        for held, (state, step, output) in self.before.items():
            if held not in rows:
                assert state in (StepState.CANCELLED, StepState.SKIPPED), "undone by trying the failed run again"
            elif rows[held].state != state:
                assert StepState(rows[held].state) in _reachable(StepState(state)), (step, state, rows[held].state)
            elif state == StepState.SUCCEEDED:
                assert rows[held].output == output
        self.before = {each.id: (each.state, each.step, each.output) for each in rows.values()}

    # How

    def _one(self, data: st.DataObject) -> uuid.UUID:
        return list(self.runs)[data.draw(st.integers(0, len(self.runs) - 1))]

    def _work(self) -> None:
        while claims := claim():
            for each in claims:
                executor.carry_out(each)
        self._until_calls_are_back()

    def _until_calls_are_back(self) -> None:
        """A call that a dead worker left behind goes on by itself."""
        deadline = time.monotonic() + 10
        while calls._flying:
            assert time.monotonic() < deadline
            time.sleep(0.001)

    def _settle(self, answer: str) -> None:
        for row in RunStep.objects.filter(run__in=self.runs, state=StepState.IN_DOUBT):
            number = str(self.runs[row.run_id])
            happened = ("pay", number) in self.shop.written
            verdict = "happened" if happened else answer
            settle_step(self.actor, row.run_id, step=row.step, verdict=verdict, output={"item": number})
            self.seen["settled"] += 1

    def in_the_end_every_run_has_ended(self) -> None:
        self.shop.before.clear()
        self.shop.after.clear()
        self.everything_goes_on()
        for _ in range(8):
            self._settle("again")
            self.time_passes()
            self._work()
        found = list(Run.objects.filter(id__in=self.runs))
        assert all(run.state in ENDED_RUNS for run in found), [(run.state, run.due_at) for run in found]
        for run in found:
            if run.state == RunState.SUCCEEDED:
                assert ("pay", str(self.runs[run.id])) in self.shop.written
        self.seen.update(run.state for run in found)
        self.what_is_promised_holds()


def _ends_or_says_why_not(run: Run, rows: list[RunStep], *, asked_to_stop: bool) -> None:
    open_states = {row.state for row in rows if row.state in OPEN_STEPS}
    match run.state:
        case RunState.FAILED:
            assert (run.error or {}).get("message")
        case RunState.CANCELLED:
            assert asked_to_stop
        case RunState.WAITING if run.due_at is None:
            assert Halt.objects.filter(lifted_at=None).exists() or StepState.IN_DOUBT in open_states, open_states
        case RunState.RUNNING:
            assert run.lease_until is not None
    if run.state in ENDED_RUNS:
        assert run.ended_at is not None
        assert open_states <= {StepState.IN_DOUBT}
    if run.state == RunState.SUCCEEDED:
        assert {row.step for row in rows} == set(LEADS_TO)


def _is_in_one_state(row: RunStep) -> None:
    attempts = list(row.attempts.all())
    if row.state != StepState.CANCELLED:
        assert sum(each.state == "open" for each in attempts) == (row.state == StepState.RUNNING), row.state
    assert (row.ended_at is None) == (row.state in OPEN_STEPS)
    assert [each.number for each in attempts] == list(range(1, len(attempts) + 1))


def _opened_in_order(states: dict[str, str]) -> None:
    """What leads to a step is decided before it is opened."""
    for step in states:
        assert any(source is None or states.get(source) in DONE | {"failed"} for source in LEADS_TO[step]), states


def _reachable(state: StepState) -> set[StepState]:
    """What a step can have become meanwhile."""
    found: set[StepState] = set()
    ahead = [state]
    while ahead:
        for after in STEP_MOVES[ahead.pop()]:
            if after not in found:
                found.add(after)
                ahead.append(after)
    return found


@pytest.mark.pain(7)
def test_whatever_happens_in_whatever_order_the_promises_hold(actor: Actor, the_shop: Shop) -> None:
    create_workflow(actor, slug="model", document=drawn(PICTURE, **steps()))
    publish(actor, "model", revision=1)
    seen: Counter[str] = Counter()
    machine = type("Machine", (Engine,), {"actor": actor, "shop": the_shop, "seen": seen})
    how = settings(max_examples=25, stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck))
    run_state_machine_as_test(machine, settings=how)
    assert min(seen[each] for each in ("died", "succeeded")) > 0, seen
