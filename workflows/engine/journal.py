"""Writes runs, steps and attempts; beside it only `queueing.py` and `interventions.py` do.

Every write happens in a transaction that holds the run's row and checks the fence: a worker that lost its lease,
because it was too slow or thought dead, writes nothing more.

What is to be said is put on a page, and written by `write` or together with the pages of other runs: always before a
call leaves whose intent stands on it. A worker that dies before has changed nothing: what only computes is computed
again by another, and of a call that left the intent is stored.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from hub.watch import clock
from workflows import leases
from workflows.engine import failures, slots, storing
from workflows.engine.claiming import Claim, LeaseLost
from workflows.engine.graphs import graph_of
from workflows.engine.keeping import Keeper, Marks
from workflows.engine.queueing import queue_run
from workflows.engine.storing import Page
from workflows.engine.timing import ENDED
from workflows.models import Attempt, AttemptState, Event, Halt, Run, RunKey, RunStep
from workflows.planning.slots import Limits
from workflows.planning.states import ENDED_RUNS, OPEN_STEPS, STEP_MOVES, RunState, StepState


class Journal:
    """What is written about one claimed run."""

    def __init__(self, claimed: Claim) -> None:
        self.claim = claimed
        self.page = Page(claimed.run_id, claimed.fence)
        self._run: Run | None = None
        self._may_have_parent = True
        self._is_at_once = False
        self.keeper: Keeper
        """How the run's values are stored, and read again."""

    def write(self) -> None:
        """Write the page. Raises LeaseLost."""
        if self.page:
            storing.store([self.page])
        self.check()

    def check(self) -> None:
        """Raises LeaseLost when the page was not written because the run is not ours any more."""
        if self.page.is_lost:
            raise LeaseLost(str(self.claim.run_id))

    @contextmanager
    def at_once(self) -> Iterator[None]:
        """What is said in the block is written as it is said."""
        self._is_at_once = True
        try:
            yield
        finally:
            self._is_at_once = False

    @contextmanager
    def _held(self) -> Iterator[Run]:
        """The run's row, held. What was said before and in the block is written with it."""
        with transaction.atomic():
            run = self._mine().select_for_update().defer("payload", "cause").first()
            if run is None:
                raise LeaseLost(str(self.claim.run_id))
            self.write()
            yield run
            self.write()

    def _mine(self) -> QuerySet[Run]:
        """The run, as long as it is ours."""
        rows = Run.objects.filter(id=self.claim.run_id, fence=self.claim.fence, state=RunState.RUNNING)
        return rows.order_by()

    def read(self) -> tuple[Run, dict[str, RunStep]]:
        """The run, and its steps outside of bodies by id. Raises LeaseLost."""
        run = self.claim.run
        if run is None:
            run = self._mine().select_related("workflow").defer("workflow__draft").first()
        if run is None:
            raise LeaseLost(str(self.claim.run_id))
        self._run, self._may_have_parent = run, run.parent_id is not None
        # A run that nobody has begun has no step yet, unless it keeps those of another.
        rows = [] if self.claim.is_new and not run.replay_of_id else run.steps.filter(item="")
        made = {step.step: step for step in rows}
        self.page.answering = graph_of(run.version_id).answering
        self.keeper = Keeper(run)
        self.keeper.take_up(made.values())
        return run, made

    @contextmanager
    def together(self) -> Iterator[Run]:
        """What is written in the block is written together with the journal's lines about it, or not at all."""
        with self._held() as run:
            yield run
            # While the row was held its lease could not be renewed, however long that took.
            Run.objects.filter(id=run.id, state=RunState.RUNNING).update(lease_until=leases.fresh())

    def is_wanted(self) -> bool:
        """Whether the run is still ours, and nobody asked to cancel it."""
        return self._mine().filter(cancel_asked=False).exists()

    def item_rows(self, each: RunStep) -> dict[int, RunStep]:
        """What became of the items of a for-each that have begun, by their index."""
        inside = f"{each.item}." if each.item else ""
        rows = RunStep.objects.filter(run_id=each.run_id, step=each.step, item__startswith=inside).exclude(item="")
        return {int(row.item.rpartition(".")[2]): row for row in rows if row.item != each.item}

    def steps_at(self, item: str, steps: Iterable[str]) -> dict[str, RunStep]:
        """The steps of a body for one item, by id."""
        rows = RunStep.objects.filter(run_id=self.claim.run_id, item=item, step__in=list(steps))
        return {row.step: row for row in rows}

    def open_steps(self, start: Iterable[str], skip: Iterable[str], item: str = "") -> dict[str, RunStep]:
        """Note which steps can be carried out now, and which never will."""
        states = [(step, StepState.READY) for step in start] + [(step, StepState.SKIPPED) for step in skip]
        return {row.step: row for row in self._open(states, item)}

    def open_item(self, each: RunStep, item: str) -> RunStep:
        """Note that an item of a for-each is under way."""
        return self._open([(each.step, StepState.WAITING)], item)[0]

    def _open(self, states: Sequence[tuple[str, StepState]], item: str) -> list[RunStep]:
        ended = {StepState.SKIPPED: clock.now()}
        made = [RunStep.opened(self.claim.run_id, step, item, state, ended.get(state)) for step, state in states]
        self.page.new += made
        return made

    def begin(self, step: RunStep, shown_input: Any) -> Attempt:
        """Note the intent to carry out a step. Nothing may leave before it is written."""
        self.keeper.keep(step, "input", shown_input)
        self._note(step, StepState.RUNNING, due_at=None)
        attempt = Attempt(step=step, number=0)
        self.page.tried.append(attempt)
        return attempt

    def add_keys(self, keys: Iterable[RunKey]) -> None:
        """What the run is about is known; written with whatever is written next."""
        self.page.keys += keys

    def compute(self, step: RunStep, shown_input: Any) -> None:
        """A step that only computes is carried out. Nothing leaves, so that nothing is stored before it has ended."""
        self.keeper.keep(step, "input", shown_input)

    def succeed(
        self, step: RunStep, attempt: Attempt | None, output: Any, port: str = "ok", marks: Marks = ()
    ) -> None:
        """The step is done. `marks` say what of the output is personal or secret besides what the document says."""
        self.keeper.keep(step, "output", output, marks)  # First: the store of large values may be away.
        self._close(attempt, AttemptState.SUCCEEDED)
        ended = {"port": port, "error": None, "due_at": None, "ended_at": clock.now()}
        self._note(step, StepState.SUCCEEDED, **ended)

    def take(self, step: RunStep, shown_input: Any, earlier: RunStep) -> None:
        """An earlier run has done it: its result is this step's, and nothing is done."""
        self.keeper.keep(step, "input", shown_input)
        self.keeper.keep(step, "output", self.keeper.open(earlier, "output"))
        taken = {"port": earlier.port, "taken_from_id": earlier.id}
        self._note(step, StepState.SUCCEEDED, ended_at=clock.now(), due_at=None, **taken)

    def fail(self, step: RunStep, attempt: Attempt | None, error: dict[str, Any]) -> None:
        """The step could not be done, and is not tried again."""
        self._close(attempt, AttemptState.FAILED, error)
        ended = {"port": "error", "due_at": None, "ended_at": clock.now()}
        self._note(step, StepState.FAILED, error=self.keeper.error(error), **ended)

    def postpone(
        self, step: RunStep, attempt: Attempt, due_at: datetime, error: dict[str, Any] | None = None
    ) -> None:
        """The step goes on, or is tried again, at that time."""
        self._close(attempt, AttemptState.FAILED if error else AttemptState.SUCCEEDED, error)
        self._note(step, StepState.WAITING, error=self.keeper.error(error), due_at=due_at)

    def wait(self, step: RunStep, attempt: Attempt, shown: Any, due_at: datetime | None = None) -> None:
        """The step goes on when something else has happened, or at that time; `shown` says what it waits for."""
        self._close(attempt, AttemptState.SUCCEEDED)
        self.keeper.keep(step, "output", shown)
        self._note(step, StepState.WAITING, error=None, due_at=due_at)

    def await_items(self, step: RunStep, attempt: Attempt) -> None:
        """A for-each waits for its items, which are gone through one by one."""
        self._close(attempt, AttemptState.SUCCEEDED)
        self._note(step, StepState.WAITING)

    def doubt(self, step: RunStep, attempt: Attempt, error: dict[str, Any]) -> None:
        """Nobody knows whether the step's write happened."""
        with self._held() as run:
            self._close(attempt, AttemptState.UNKNOWN, error)
            self._note(step, StepState.IN_DOUBT, error=self.keeper.error(error))
            failures.tell(run, "in_doubt", {"step": step.step, **error}, once=f"doubt:{attempt.id}")

    def call_again(self, step: RunStep, attempt: Attempt, error: dict[str, Any]) -> None:
        """An attempt was broken off, and repeating it is harmless."""
        self._close(attempt, AttemptState.UNKNOWN, error)
        self._note(step, StepState.WAITING, error=self.keeper.error(error), due_at=clock.now())
        self._note(step, StepState.READY)

    def awake(self, step: RunStep) -> None:
        """A step that waited for a time can be carried out again."""
        self._note(step, StepState.READY, due_at=None)

    def start_run_of(self, step: RunStep, child: Run) -> None:
        """Queue the run that this step starts, together with its tie to the step: a step never starts two."""
        with self._held():
            if not queue_run(child, self.keeper.veil):
                raise LeaseLost(f"{step} has started a run already")

    def wait_for_run_of(self, step: RunStep, attempt: Attempt) -> bool:
        """The step waits until the run that it started has ended, which makes it due. False when it has ended."""
        with self._held():
            # It cannot end now: whoever ends it holds this run's row first.
            if Run.objects.filter(parent=step, state__in=ENDED_RUNS).exists():
                return False
            self._close(attempt, AttemptState.SUCCEEDED)
            self._note(step, StepState.WAITING, due_at=None)
            return True

    def admit(self, run: Run, limits: Limits) -> bool:
        """Give the run its turn, where only so many go at a time. Else it waits, gives way, or makes others give way,
        as its workflow says."""
        with transaction.atomic(), slots.alone(run), self._held() as held:
            held.lane = run.lane
            newer = slots.newer(held) if limits.when_full == "replace" else None
            if newer is None and slots.has_turn(held, limits):
                run.admitted_at = held.admitted_at = clock.now()
                held.save(update_fields=["lane", "admitted_at"])
                return True
            held.save(update_fields=["lane"])
            if newer is None and limits.when_full != "drop":
                for each in slots.older(held) if limits.when_full == "replace" else []:
                    each.error = slots.gave_way(held)
                    each.save(update_fields=["error"])
                    ask_to_stop(each)
                _end_claim(held, RunState.WAITING, due_at=clock.now() if held.cancel_asked else None)
                return False
        self.finish(RunState.CANCELLED, slots.gave_way(newer))
        return False

    def rest(self, due_at: datetime | None, halt: Halt | None = None) -> None:
        """Let go of the run until that time; None when only a person can move it, such as who lifts a halt."""
        if halt is None:
            self.page.end = (RunState.WAITING, due_at, None)
            return
        # Whoever lifts it holds its row: either it still stands, or the run goes on at once.
        held = Halt.objects.select_for_update(of=("self",)).filter(id=halt.id, lifted_at=None)
        with transaction.atomic():
            self._let_go(due_at if held.exists() else clock.now())

    def _let_go(self, due_at: datetime | None) -> None:
        with self._held() as run:
            if run.cancel_asked:
                due_at = clock.now()
            # Somebody may have settled a step since the run was read; `settle` has made it due then.
            times = [at for at in (due_at, run.due_at) if at is not None]
            _end_claim(run, RunState.WAITING, due_at=min(times, default=None))

    def finish(self, state: RunState, error: dict[str, Any] | None = None) -> None:
        """The run has ended. What was still open is cancelled; what is in doubt stays so, to be settled later."""
        nobody_waits = not self._may_have_parent and (self._run is None or self._run.lane is None)
        if state is RunState.SUCCEEDED and nobody_waits:
            self.page.end = (state, None, clock.now())
            return
        waiting = _waiting_for(self.claim.run_id) if self._may_have_parent else nullcontext()
        with transaction.atomic(), waiting, slots.alone(self._run), self._held() as run:
            if run.cancel_asked:
                state, error = RunState.CANCELLED, run.error
            error = self.keeper.error(error)
            now = clock.now()
            for step in run.steps.filter(state__in=OPEN_STEPS - {StepState.IN_DOUBT}):
                self._note(step, StepState.CANCELLED, ended_at=now)
                for child in Run.objects.select_for_update().filter(parent=step).exclude(state__in=ENDED_RUNS):
                    ask_to_stop(child)
            self.write()
            _end_claim(run, state, error=error, ended_at=now, due_at=None)
            if run.lane is not None:
                slots.wake_next(run)
            if state is not RunState.SUCCEEDED:
                failures.tell(run, state, error, once=f"{run.id}:{run.fence}")
        ENDED.add(state)

    def _note(self, step: RunStep, now: StepState, **changes: Any) -> None:
        """Say what became of a step."""
        was = StepState(step.state)
        self._set(step, now, **changes)
        if not step._state.adding:
            self.page.moved.setdefault(step.id, (step, was))
        if self._is_at_once:
            self.write()

    def _set(self, step: RunStep, now: StepState, **changes: Any) -> None:
        if now not in STEP_MOVES[StepState(step.state)]:
            raise LeaseLost(f"{step} is {step.state} and cannot become {now}")
        for name, value in changes.items():
            setattr(step, name, value)
        step.state = now

    def _close(self, attempt: Attempt | None, state: AttemptState, error: dict[str, Any] | None = None) -> None:
        if attempt is not None:
            attempt.state, attempt.error, attempt.ended_at = state, self.keeper.error(error), clock.now()
            if not attempt._state.adding:
                self.page.closed.append(attempt)


@contextmanager
def _waiting_for(run_id: uuid.UUID) -> Iterator[None]:
    """Holds the run whose step waits for this one, and makes both due. The one that started the other is always held
    first, so that two who end at the same moment do not wait for each other."""
    parent = Run.objects.select_for_update(of=("self",)).filter(steps__child=run_id).first()
    yield
    if parent is not None and parent.state not in ENDED_RUNS:
        now = clock.now()
        if RunStep.objects.filter(child=run_id, state=StepState.WAITING).update(due_at=now):
            parent.due_at = now
            parent.save(update_fields=["due_at"])


def ask_to_stop(run: Run) -> None:
    """Have a run, whose row is held, cancelled: at once when nobody carries it out, else before its next step."""
    run.cancel_asked = True
    if run.state != RunState.RUNNING:
        run.due_at = clock.now()
    run.save(update_fields=["cancel_asked", "due_at"])


def _end_claim(run: Run, state: RunState, **changes: Any) -> None:
    for name, value in (changes | {"state": state, "lease_until": None, "lapses": 0}).items():
        setattr(run, name, value)
    run.save(update_fields=["state", "lease_until", "lapses", *changes])


def wake_waiting_for(plan_id: uuid.UUID) -> None:
    """Have every run looked at again that works on this plan: it was decided, or another took its place.

    The caller holds the plan's row, so that a step which looked at the plan before has noted that it waits for it.
    """
    steps = RunStep.objects.filter(state__in=[StepState.WAITING, StepState.RUNNING], input__plan=str(plan_id))
    open_runs = [RunState.QUEUED, RunState.RUNNING, RunState.WAITING]
    runs = Run.objects.filter(id__in=steps.values("run_id"), state__in=open_runs)
    runs.update(due_at=clock.now())


def wake_run_of(step_id: uuid.UUID) -> None:
    """Have the run of this waiting step looked at again: what people were asked in it has ended.

    The caller holds the question's row, so that a step which looked at it before has noted that it waits.
    """
    open_runs = [RunState.QUEUED, RunState.RUNNING, RunState.WAITING]
    Run.objects.filter(steps=step_id, state__in=open_runs).update(due_at=clock.now())


def tries(step: RunStep) -> int:
    """Attempts that count for the retry policy: those since a person had it tried again, without broken-off ones
    and those that only found that they must wait."""
    counted = step.attempts.exclude(state__in=[AttemptState.UNKNOWN, AttemptState.SUCCEEDED])
    counted = counted.exclude(error__code__in=["paced", "store-away"])
    again = Event.objects.filter(run_id=step.run_id, step="", detail__again__contains=[step.step]).last()
    return (counted.filter(started_at__gte=again.at) if again else counted).count()
