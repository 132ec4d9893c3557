"""Writes runs, steps, attempts and events; nobody else does.

Every write happens in a transaction that holds the run's row and checks the fence: a worker that lost its lease,
because it was too slow or thought dead, writes nothing more.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import InterfaceError, OperationalError, connection, transaction
from django.utils import timezone

from workflows.models import Attempt, AttemptState, Event, Run, RunStep
from workflows.planning.states import ENDED_RUNS, OPEN_STEPS, STEP_MOVES, RunState, StepState

LEASE_SECONDS = 60
_CLAIM = """
UPDATE workflows_run SET state = 'running', fence = fence + 1, due_at = NULL,
    lease_until = clock_timestamp() + make_interval(secs => %s), started_at = coalesce(started_at, clock_timestamp())
WHERE id IN (
    SELECT id FROM workflows_run
    WHERE (state IN ('queued', 'waiting') AND due_at <= clock_timestamp())
        OR (state = 'running' AND lease_until < clock_timestamp())
    ORDER BY coalesce(due_at, lease_until) LIMIT %s FOR UPDATE SKIP LOCKED
) RETURNING id, fence
"""


class LeaseLost(Exception):
    """Another worker carries out this run now. What this one wanted to write is not written."""


@dataclass(frozen=True)
class Claim:
    """The right to carry out a run, until the lease lapses or somebody else claims it."""

    run_id: uuid.UUID
    fence: int


def claim(limit: int = 1) -> list[Claim]:
    """Take runs that are due, and runs whose worker has not been heard of for too long. Each goes to one worker."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_CLAIM, [LEASE_SECONDS, limit])
        return [Claim(run_id, fence) for run_id, fence in cursor.fetchall()]


class Journal:
    """What is written about one claimed run."""

    def __init__(self, claimed: Claim) -> None:
        self.claim = claimed

    @contextmanager
    def _held(self) -> Iterator[Run]:
        with transaction.atomic():
            run = (
                Run.objects.select_for_update(of=("self",))
                .select_related("version", "workflow", "workspace")
                .filter(id=self.claim.run_id, fence=self.claim.fence, state=RunState.RUNNING)
                .first()
            )
            if run is None:
                raise LeaseLost(str(self.claim.run_id))
            yield run

    def read(self) -> tuple[Run, dict[str, RunStep]]:
        """The run and its steps by id. Raises LeaseLost."""
        with self._held() as run:
            return run, {step.step: step for step in run.steps.all()}

    @contextmanager
    def together(self) -> Iterator[Run]:
        """What is written in the block is written together with the journal's lines about it, or not at all."""
        with self._held() as run:
            yield run

    def renew(self, seconds: float) -> None:
        """Still at it: nobody else claims the run for so long. Changes nothing when it is not ours any more."""
        mine = Run.objects.filter(id=self.claim.run_id, fence=self.claim.fence, state=RunState.RUNNING)
        mine.update(lease_until=timezone.now() + timedelta(seconds=seconds))

    def is_wanted(self) -> bool:
        """Whether the run is still ours, and nobody asked to cancel it."""
        mine = Run.objects.filter(id=self.claim.run_id, fence=self.claim.fence, state=RunState.RUNNING)
        return mine.filter(cancel_asked=False).exists()

    def open_steps(self, start: Iterable[str], skip: Iterable[str]) -> None:
        """Note which steps can be carried out now, and which never will."""
        with self._held() as run:
            states = [(step, StepState.READY) for step in start] + [(step, StepState.SKIPPED) for step in skip]
            now = timezone.now()
            RunStep.objects.bulk_create(
                RunStep(run=run, step=step, state=state, ended_at=now if state is StepState.SKIPPED else None)
                for step, state in states
            )
            Event.objects.bulk_create(Event(run=run, step=step, state=state) for step, state in states)

    def begin(self, step: RunStep, shown_input: Any, *, timeout_seconds: float) -> Attempt | None:
        """Store the intent to carry out a step, before anything leaves; None when the run is to be cancelled."""
        with self._held() as run:
            if run.cancel_asked:
                return None
            self._move(step, StepState.RUNNING, input=shown_input, due_at=None)
            run.lease_until = timezone.now() + timedelta(seconds=timeout_seconds + LEASE_SECONDS)
            run.save(update_fields=["lease_until"])
            return Attempt.objects.create(step=step, number=step.attempts.count() + 1)

    def succeed(self, step: RunStep, attempt: Attempt | None, output: Any, port: str = "ok") -> None:
        """The step is done."""
        with self._held():
            self._close(attempt, AttemptState.SUCCEEDED)
            self._move(step, StepState.SUCCEEDED, output=output, port=port, error=None, ended_at=timezone.now())

    def fail(self, step: RunStep, attempt: Attempt | None, error: dict[str, Any]) -> None:
        """The step could not be done, and is not tried again."""
        with self._held():
            self._close(attempt, AttemptState.FAILED, error)
            self._move(step, StepState.FAILED, error=error, port="error", ended_at=timezone.now())

    def postpone(
        self, step: RunStep, attempt: Attempt, due_at: datetime, error: dict[str, Any] | None = None
    ) -> None:
        """The step goes on, or is tried again, at that time."""
        with self._held():
            self._close(attempt, AttemptState.FAILED if error else AttemptState.SUCCEEDED, error)
            self._move(step, StepState.WAITING, error=error, due_at=due_at)

    def wait(self, step: RunStep, attempt: Attempt, shown: Any, due_at: datetime | None = None) -> None:
        """The step goes on when something else has happened, or at that time; `shown` says what it waits for."""
        with self._held():
            self._close(attempt, AttemptState.SUCCEEDED)
            self._move(step, StepState.WAITING, output=shown, error=None, due_at=due_at)

    def doubt(self, step: RunStep, attempt: Attempt, error: dict[str, Any]) -> None:
        """Nobody knows whether the step's write happened."""
        with self._held():
            self._close(attempt, AttemptState.UNKNOWN, error)
            self._move(step, StepState.IN_DOUBT, error=error)

    def call_again(self, step: RunStep, attempt: Attempt, error: dict[str, Any]) -> None:
        """An attempt was broken off, and repeating it is harmless."""
        with self._held():
            self._close(attempt, AttemptState.UNKNOWN, error)
            self._move(step, StepState.WAITING, error=error, due_at=timezone.now())
            self._move(step, StepState.READY)

    def awake(self, step: RunStep) -> None:
        """A step that waited for a time can be carried out again."""
        with self._held():
            self._move(step, StepState.READY, due_at=None)

    def rest(self, due_at: datetime | None) -> None:
        """Let go of the run until that time; None when only a person can move it."""
        with self._held() as run:
            if run.cancel_asked:
                due_at = timezone.now()
            # Somebody may have settled a step since the run was read; `settle` has made it due then.
            times = [at for at in (due_at, run.due_at) if at is not None]
            _end_claim(run, RunState.WAITING, due_at=min(times, default=None))

    def finish(self, state: RunState, error: dict[str, Any] | None = None) -> None:
        """The run has ended. What was still open is cancelled; what is in doubt stays so, to be settled later."""
        with self._held() as run:
            now = timezone.now()
            for step in run.steps.filter(state__in=OPEN_STEPS - {StepState.IN_DOUBT}):
                self._move(step, StepState.CANCELLED, ended_at=now)
            _end_claim(run, state, error=error, ended_at=now, due_at=None)

    def _move(self, step: RunStep, now: StepState, **changes: Any) -> None:
        if now not in STEP_MOVES[StepState(step.state)]:
            raise LeaseLost(f"{step} is {step.state} and cannot become {now}")
        changes["state"] = now
        moved = RunStep.objects.filter(id=step.id, state=step.state).update(**changes)
        if not moved:
            raise LeaseLost(f"{step} has left {step.state}")
        for name, value in changes.items():
            setattr(step, name, value)
        detail = {"error": changes["error"]} if changes.get("error") else {}
        Event.objects.create(run_id=step.run_id, step=step.step, state=now, detail=detail)

    def _close(self, attempt: Attempt | None, state: AttemptState, error: dict[str, Any] | None = None) -> None:
        if attempt is not None:
            Attempt.objects.filter(id=attempt.id, state=AttemptState.OPEN).update(
                state=state, error=error, ended_at=timezone.now()
            )


def _end_claim(run: Run, state: RunState, **changes: Any) -> None:
    for name, value in (changes | {"state": state, "lease_until": None}).items():
        setattr(run, name, value)
    run.save()
    Event.objects.create(run=run, state=state, detail={"error": run.error} if run.error else {})


@dataclass(frozen=True)
class Called:
    """A run that a webhook's call asks for. `payload` is JSON text; `fence` is the trigger's, as it was judged."""

    id: uuid.UUID
    trigger_id: uuid.UUID
    fence: int
    payload: bytes
    cause: bytes
    key: str | None


_QUEUE = """
INSERT INTO workflows_run (id, workspace_id, workflow_id, version_id, trigger_id, state, cause, payload, key, due_at,
    fence, cancel_asked, created_at)
SELECT called.id, workflow.workspace_id, workflow.id, workflow.published_id, called.trigger_id, 'queued',
    called.cause, called.payload, called.key, clock_timestamp(), 0, false, clock_timestamp()
FROM unnest(%s::uuid[], %s::uuid[], %s::int[], %s::jsonb[], %s::jsonb[], %s::text[])
    AS called(id, trigger_id, fence, cause, payload, key)
JOIN workflows_trigger trigger ON trigger.id = called.trigger_id AND trigger.fence = called.fence AND trigger.is_live
JOIN workflows_workflow workflow ON workflow.id = trigger.workflow_id AND workflow.is_active
ON CONFLICT DO NOTHING
RETURNING id
"""


def queue_called(called: Sequence[Called]) -> set[uuid.UUID]:
    """Store the runs of webhook calls as due now, in one statement; returns the ids of those that are stored.

    Missing are those whose key has started a run before, and those whose trigger is no longer what it was. A
    connection that has died is opened anew, once; what was stored before it died is not stored again.
    """
    try:
        return _queue(called)
    except (OperationalError, InterfaceError):
        connection.close()
        stored = _queue(called)
        return stored | set(Run.objects.filter(id__in=[each.id for each in called]).values_list("id", flat=True))


def _queue(called: Sequence[Called]) -> set[uuid.UUID]:
    columns: list[list[Any]] = [
        [each.id for each in called],
        [each.trigger_id for each in called],
        [each.fence for each in called],
        [each.cause.decode() for each in called],
        [each.payload.decode() for each in called],
        [each.key for each in called],
    ]
    with connection.cursor() as cursor:
        cursor.execute(_QUEUE, columns)
        return {row[0] for row in cursor.fetchall()}


def queue_run(run: Run) -> bool:
    """Store a new run as due now. False when its key has started a run of this workflow before."""
    run.state, run.due_at = RunState.QUEUED, timezone.now()
    made = Run.objects.bulk_create([run], ignore_conflicts=True)
    return Run.objects.filter(id=made[0].id).exists()


def ask_to_cancel(run_id: uuid.UUID) -> bool:
    """Stop a run: at once when nobody carries it out, else before its next step. False when it has ended."""
    with transaction.atomic():
        run = Run.objects.select_for_update().get(id=run_id)
        if run.state in ENDED_RUNS:
            return False
        run.cancel_asked = True
        if run.state != RunState.RUNNING:
            run.due_at = timezone.now()
        run.save(update_fields=["cancel_asked", "due_at"])
        return True


def settle(run_id: uuid.UUID, step: str, *, happened: bool, output: Any, by: str) -> bool:
    """A person decides about a step in doubt: its write happened (with this output), or it is tried again.

    In a run that has ended nothing is tried again: the step is cancelled instead. False when the step is not in
    doubt any more.
    """
    with transaction.atomic():
        run = Run.objects.select_for_update().get(id=run_id)
        ended = run.state in ENDED_RUNS
        state = StepState.SUCCEEDED if happened else StepState.CANCELLED if ended else StepState.READY
        changes: dict[str, Any] = {"state": state}
        if happened:
            changes |= {"output": output, "port": "ok"}
        if state is not StepState.READY:
            changes["ended_at"] = timezone.now()
        if not RunStep.objects.filter(run=run, step=step, state=StepState.IN_DOUBT).update(**changes):
            return False
        Event.objects.create(run=run, step=step, state=state, detail={"settled_by": by, "happened": happened})
        if not ended:
            run.due_at = timezone.now()
            run.save(update_fields=["due_at"])
        return True


def wake_waiting_for(plan_id: uuid.UUID) -> None:
    """Have every run looked at again that works on this plan: it was decided, or another took its place.

    The caller holds the plan's row, so that a step which looked at the plan before has noted that it waits for it.
    """
    steps = RunStep.objects.filter(state__in=[StepState.WAITING, StepState.RUNNING], input__plan=str(plan_id))
    open_runs = [RunState.QUEUED, RunState.RUNNING, RunState.WAITING]
    runs = Run.objects.filter(id__in=steps.values("run_id"), state__in=open_runs)
    runs.update(due_at=timezone.now())


def tries(step: RunStep) -> int:
    """Attempts that count for the retry policy: those since a person had it tried again, without broken-off ones
    and those that only found that they must wait."""
    counted = step.attempts.exclude(state__in=[AttemptState.UNKNOWN, AttemptState.SUCCEEDED])
    again = Event.objects.filter(run_id=step.run_id, step="", detail__again__contains=[step.step]).last()
    return (counted.filter(started_at__gte=again.at) if again else counted).count()


def run_again(run_id: uuid.UUID, steps: Iterable[str]) -> bool:
    """Try these failed steps of a failed run again; what is done stays done. False when the run has not failed."""
    with transaction.atomic():
        run = Run.objects.select_for_update().get(id=run_id)
        if run.state != RunState.FAILED:
            return False
        again = run.steps.filter(state=StepState.FAILED, step__in=list(steps))
        names = list(again.values_list("step", flat=True))
        again.update(state=StepState.READY, error=None, port="", ended_at=None)
        # What was cancelled or skipped may have been so because of the failure: it is decided anew.
        run.steps.filter(state__in=[StepState.CANCELLED, StepState.SKIPPED]).delete()
        run.state, run.due_at, run.ended_at, run.error = RunState.QUEUED, timezone.now(), None, None
        run.save()
        Event.objects.create(run=run, state=RunState.QUEUED, detail={"again": names})
        return True
