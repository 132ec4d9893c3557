"""Carries out one claimed run, as far as it can be carried out now."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

from dateutil.parser import isoparse
from django.utils import timezone

from hub.expr import ExpressionError, evaluate
from hub.registry import catalog
from hub.sdk import Call, ConnectorError, Effect, Misconfigured, Settled, TryLater
from hub.sdk.pacing import Paced
from workflows.engine import (
    asking,
    calling,
    checking,
    gate,
    items,
    notifying,
    packing,
    reading,
    receiving,
    recording,
    slots,
    subflows,
)
from workflows.engine.border import Border, OutOfReach
from workflows.engine.claiming import Claim, LeaseLost, held
from workflows.engine.frames import Frame, scope
from workflows.engine.graphs import graph_of
from workflows.engine.halts import Halts
from workflows.engine.items import Items
from workflows.engine.journal import Journal, tries
from workflows.engine.kinds import COMPUTED, decide, expression_error, setting_error, values_of
from workflows.engine.ledger import Ledger
from workflows.engine.rounds import Rounds
from workflows.engine.storing import Shelf
from workflows.graph.graph import Step
from workflows.models import Attempt, AttemptState, Halt, Run, RunStep
from workflows.planning.moves import Moves, next_moves
from workflows.planning.retry import RetryPolicy
from workflows.planning.states import RunState, StepState

LISTS: dict[str, type[Items]] = {"each": Items, "repeat": Rounds}
USUAL_TIMEOUT_SECONDS = 30.0
_CARRIED_OUT = {
    "approve": asking.carry_out,
    "notify": notifying.carry_out,
    "record": recording.carry_out,
    "pack": packing.carry_out,
    "check": checking.carry_out,
    "receive": receiving.carry_out,
}
MOST_BROKEN_OFF = 10
"""A step that takes its worker along this often is not carried out again."""
MOST_LAPSES = 20
"""Nor is a run, wherever in it that happens: what only computes leaves no trace before it has ended."""


def carry_out(claimed: Claim) -> None:
    """Go on with a run until it has ended or nothing can be done now. Leaves quietly when the lease is lost."""
    with held(claimed):
        Execution(claimed).go()


class Execution:
    """A claimed run, carried out."""

    def __init__(self, claimed: Claim, shelf: Shelf | None = None) -> None:
        self.claim = claimed
        self.journal = Journal(claimed, shelf)
        self.run, rows = self.journal.read()
        self.ledger, self.halts = Ledger(self.run), Halts(self.run)
        self.root = Frame(self.run, graph_of(self.run.version_id), rows, origin=self.ledger.origin)
        self.items: dict[uuid.UUID, Items] = {}
        self._is_restored = claimed.fence == 1

    @cached_property
    def border(self) -> Border | None:
        """What whoever asked for this run is confined to; None for a run that no delegate asked for."""
        return Border.of(self.run)

    def go(self, *, as_far_as_computed: bool = False) -> bool:
        """Go on until the run has ended or nothing can be done now. False when it was to stop before what leaves or
        waits, and has: going on later goes on from there."""
        if not as_far_as_computed:
            self.journal.shelf = None
        if self.run.cancel_asked:
            self.journal.finish(RunState.CANCELLED)
            return True
        if (halt := self.halts.of_run()) is not None:
            self.journal.rest(None, halt)
            return True
        if self.run.admitted_at is None and not self._admit():
            return True
        if not self._is_restored:
            if as_far_as_computed:
                return False
            if not self._take_up():
                return True
        while True:
            self._wake()
            moves = self._advance(self.root)
            ready = self._in_state(StepState.READY)
            if (computed := next((each for each in ready if self._is_computed(*each)), None)) is not None:
                self._compute(*computed)
                continue
            if ready and as_far_as_computed:
                return False
            free, halt = self._may_begin(ready)
            if free is not None:
                if not self._do(*free):
                    self.journal.finish(RunState.CANCELLED)
                    return True
                continue
            if moves.outcome is not None:
                self.journal.finish(moves.outcome, self._error_of(moves.failed_step))
            else:
                due = [row.due_at for _, row in self._in_state(StepState.WAITING) if row.due_at]
                self.journal.rest(min(due, default=None), halt)
            return True

    def _admit(self) -> bool:
        """Whether the run may go, where only so many go at a time. When not, that is noted."""
        limits = slots.limits_of(self.run)
        if limits is None:
            return True
        names = scope(self.run, {})
        try:
            self.run.lane = slots.lane_of(
                self.run, lambda key: evaluate(key, names, now=self.run.created_at, place="concurrency/key")
            )
        except ExpressionError as wrong:
            self.journal.finish(RunState.FAILED, {"step": "", "title": "", **expression_error(wrong)})
            return False
        return self.journal.admit(self.run, limits)

    def _take_up(self) -> bool:
        """Go on with a run that others have worked on. False when that happened too often: it has failed."""
        self._restore(self.root)
        for frame, row in self._in_state(StepState.RUNNING):
            self._recover(frame, row)
        self._is_restored = True
        if self.run.lapses <= MOST_LAPSES:
            return True
        message = f"Its worker ended {self.run.lapses} times in a row while it carried out this run."
        self.journal.finish(RunState.FAILED, {"code": "broken-off", "message": message})
        return False

    def _is_computed(self, frame: Frame, row: RunStep) -> bool:
        return frame.graph.steps[row.step].kind in COMPUTED

    def _in_state(self, state: StepState) -> list[tuple[Frame, RunStep]]:
        return [(frame, row) for frame in self.root.all() for row in frame.in_state(state)]

    def _may_begin(self, ready: list[tuple[Frame, RunStep]]) -> tuple[tuple[Frame, RunStep] | None, Halt | None]:
        """The first of these steps that nobody has stopped; when all are, by which order."""
        halt = None
        for frame, row in ready:
            found = self.halts.of_step(frame.graph.steps[row.step])
            if found is None:
                return (frame, row), None
            halt = halt or found
        return None, halt

    def _wake(self) -> None:
        now = timezone.now()
        for frame, row in self._in_state(StepState.WAITING):
            is_due = row.due_at is not None and row.due_at <= now
            if is_due or (row.due_at is None and _is_decided(frame.graph.steps[row.step], row)):
                self.journal.awake(row)

    def _restore(self, frame: Frame) -> None:
        """The items that were under way."""
        for each in self._lists(frame):
            for inner in each.open.values():
                self._restore(inner)

    def _lists(self, frame: Frame) -> list[Items]:
        """The for-eaches of a graph that are under way."""
        made = []
        for row in frame.in_state(StepState.WAITING):
            step = frame.graph.steps[row.step]
            if (kind := LISTS.get(step.kind)) is not None:
                if row.id not in self.items:
                    self.items[row.id] = kind(self.journal, frame, step, row)
                made.append(self.items[row.id])
        return made

    def _advance(self, frame: Frame) -> Moves:
        """Open every step and item that can be opened now."""
        while True:
            moves = next_moves(frame.graph, frame.history())
            if moves.start or moves.skip:
                frame.rows |= self.journal.open_steps(moves.start, moves.skip, frame.item)
                continue
            ended = [self._advance_items(held) for held in self._lists(frame)]
            if not any(ended):
                return moves

    def _advance_items(self, held: Items) -> bool:
        """Whether the for-each has ended."""
        going = list(held.open)
        while going or not held.is_full:
            index = going.pop(0) if going else held.begin_next()
            moves = self._advance(held.open[index])
            if moves.outcome is not None:
                held.end(index, moves)
        if held.open:
            return False
        held.conclude()
        del self.items[held.row.id]
        return True

    def _error_of(self, failed: str) -> dict[str, Any] | None:
        if not failed:
            return None
        step, row = self.root.graph.steps[failed], self.root.rows[failed]
        return {"step": failed, "title": step.title, **(row.error or {})}

    # One step

    def _compute(self, frame: Frame, row: RunStep) -> None:
        """Carry out a ready step that calls nothing and waits for nothing."""
        step, evaluate = frame.graph.steps[row.step], frame.evaluator(row, row.step)
        error: dict[str, Any]
        try:
            values = values_of(step, evaluate)
            self.journal.compute(row, values)
            if step.kind != "stop":
                return self.journal.succeed(row, None, *decide(step, values, evaluate))
            message = str(values.get("message") or f'The workflow was stopped by step "{step.title}".')
            error = {"code": "stopped", "message": message}
        except ExpressionError as wrong:
            error = expression_error(wrong)
        except (TypeError, ValueError) as wrong:
            error = setting_error(step, wrong)
        return self.journal.fail(row, None, error)

    def _do(self, frame: Frame, row: RunStep) -> bool:
        """Carry out a ready step that calls something or may wait. False when the run is to be cancelled instead."""
        step = frame.graph.steps[row.step]
        timeout = step.timeout_seconds or USUAL_TIMEOUT_SECONDS
        prepared = None
        error: dict[str, Any] | None = None
        values: Any = None
        try:
            if self.border is not None:
                self.border.check_kind(step.kind)
            values = values_of(step, frame.evaluator(row, row.step))
            if step.kind == "action":
                prepared = calling.prepare(self.run.workspace, step.action, step.connection, values)
                values = prepared.shown_input()
        except ExpressionError as wrong:
            error = expression_error(wrong)
        except (Misconfigured, OutOfReach) as wrong:
            error = calling.error_of(wrong)
        if error is None:
            effect = prepared.entry.effect if prepared is not None else None
            if (earlier := self.ledger.done(step, row, values, effect)) is not None:
                self.journal.take(row, values, earlier)
                return True
        attempt = self.journal.begin(row, values if error is None else None)
        if attempt is None:
            return False
        if error is not None:
            self.journal.fail(row, attempt, error)
        elif prepared is not None:
            self._cross(step, row, attempt, prepared, self._call(step, row, attempt, timeout))
        elif step.kind in gate.KINDS or step.kind in _CARRIED_OUT:
            later = reading.while_wanted(
                self.journal, self.run, step, row, attempt, lambda: self._in_hub(step, row, attempt, values)
            )
            if later is not None:
                self._later(step, row, attempt, later.error, later.after_seconds)
        else:
            self._begin_waiting(frame, row, attempt, values)
        return True

    def _in_hub(self, step: Step, row: RunStep, attempt: Attempt, values: Any) -> calling.Later | None:
        """Carry out a step that is no action of a connector."""
        if step.kind in gate.KINDS:
            return gate.Gate(self.journal, self.run, step, row, attempt).carry_out(values)
        return _CARRIED_OUT[step.kind](self.journal, self.run, row, attempt, values)

    def _cross(self, step: Step, row: RunStep, attempt: Attempt, prepared: calling.Prepared, call: Call) -> None:
        """Make the call if whoever asked for the run may, as it is just now."""
        try:
            if self.border is not None:
                self.border.check_call(prepared)
        except TryLater as trouble:
            return self._later(step, row, attempt, calling.error_of(trouble), trouble.after_seconds)
        except ConnectorError as trouble:
            return self.journal.fail(row, attempt, calling.error_of(trouble))
        return self._note(step, row, attempt, prepared, call)

    def _call(self, step: Step, row: RunStep, attempt: Attempt, timeout: float) -> Call:
        key = self.ledger.key_of(step, row, row.input)
        return Call(key=key, attempt=attempt.number, timeout_seconds=timeout)

    def _note(self, step: Step, row: RunStep, attempt: Attempt, prepared: calling.Prepared, call: Call) -> None:
        match calling.carry_out(prepared, call):
            case calling.Answer(output=output):
                self.journal.succeed(row, attempt, output)
            case calling.Refused(error=error):
                self.journal.fail(row, attempt, error)
            case calling.Later(error=error, after_seconds=after):
                self._later(step, row, attempt, error, after)
            case calling.Doubt(error=error, after_seconds=after):
                self._settle(step, row, attempt, prepared, call, error, after)

    def _later(
        self, step: Step, row: RunStep, attempt: Attempt, error: dict[str, Any], after: float | None = None
    ) -> None:
        is_paced = error.get("code") == Paced.code  # Nothing was tried.
        pause = after if is_paced else RetryPolicy.of(step.retry).pause_after(tries(row), at_least=after)
        if pause is None:
            self.journal.fail(row, attempt, error)
        else:
            self.journal.postpone(row, attempt, timezone.now() + timedelta(seconds=pause), error)

    def _settle(
        self,
        step: Step,
        row: RunStep,
        attempt: Attempt,
        prepared: calling.Prepared,
        call: Call,
        error: dict[str, Any],
        after: float | None = None,
    ) -> None:
        settled, evidence = calling.read_back(prepared, call)
        if settled is Settled.DONE:
            self.journal.succeed(row, attempt, evidence)
        elif settled is Settled.NOT_DONE:
            self._later(step, row, attempt, error, after)
        else:
            self.journal.doubt(row, attempt, error | {"evidence": evidence})

    def _recover(self, frame: Frame, row: RunStep) -> None:
        """A worker died while it carried out this step: nobody noted how the call ended."""
        step = frame.graph.steps[row.step]
        attempt = row.attempts.filter(state=AttemptState.OPEN).last()
        if attempt is None:
            raise LeaseLost(f"{row} is running without an attempt")
        error = {"code": "broken-off", "message": "The worker ended before it could note how this attempt ended."}
        if row.attempts.filter(state=AttemptState.UNKNOWN, error__code="broken-off").count() >= MOST_BROKEN_OFF:
            error["message"] = f"Its worker ended {MOST_BROKEN_OFF + 1} times while it carried out this step."
            return self._give_up(step, row, attempt, error)
        # Without an input nothing was called: the step was about to fail.
        if step.kind != "action" or row.input is None:
            return self.journal.call_again(row, attempt, error)
        timeout = step.timeout_seconds or USUAL_TIMEOUT_SECONDS
        try:
            values = values_of(step, frame.evaluator(row, row.step))
            prepared = calling.prepare(self.run.workspace, step.action, step.connection, values)
        except (ExpressionError, Misconfigured) as wrong:
            return self.journal.doubt(row, attempt, error | {"evidence": {"read_back": str(wrong)}})
        if prepared.entry.effect is not Effect.ONCE:
            return self.journal.call_again(row, attempt, error)
        return self._settle(step, row, attempt, prepared, self._call(step, row, attempt, timeout), error)

    def _give_up(self, step: Step, row: RunStep, attempt: Attempt, error: dict[str, Any]) -> None:
        entry = catalog().actions.get(step.action)
        if entry is not None and entry.effect is Effect.ONCE:
            return self.journal.doubt(row, attempt, error)
        return self.journal.fail(row, attempt, error)

    def _begin_waiting(self, frame: Frame, row: RunStep, attempt: Attempt, values: Any) -> None:
        """The kinds of steps that wait for a time, another run or their items."""
        step = frame.graph.steps[row.step]
        try:
            match step.kind:
                case "wait":
                    self._wait(row, attempt, values)
                case "workflow":
                    subflows.carry_out(self.journal, self.run, step, row, attempt, values, self.ledger)
                case "each":
                    items.begin(self.journal, frame, step, row, attempt)
                case "repeat":
                    self.journal.await_items(row, attempt)
                    frame.parts.setdefault(step.id, {})
                case _:
                    raise ValueError(f'nobody knows how to carry out a step of the kind "{step.kind}".')
        except ExpressionError as wrong:
            self.journal.fail(row, attempt, expression_error(wrong))
        except (TypeError, ValueError) as wrong:
            self.journal.fail(row, attempt, setting_error(step, wrong))

    def _wait(self, row: RunStep, attempt: Attempt, values: dict[str, Any]) -> None:
        until = (
            _time(values["until"])
            if "until" in values
            else row.created_at + timedelta(seconds=float(values["seconds"]))
        )
        if until <= timezone.now():
            self.journal.succeed(row, attempt, {"until": until.isoformat()})
        else:
            self.journal.postpone(row, attempt, until)


def _is_decided(step: Step, row: RunStep) -> bool:
    """Whether people have decided what a waiting step waits for."""
    match step.kind:
        case "apply":
            return gate.is_decided(row)
        case "approve":
            return asking.is_decided(row)
        case _:
            return False


def _time(text: Any) -> datetime:
    try:
        made: datetime = isoparse(str(text))
    except ValueError:
        raise ValueError(f'"{text}" is not a time. Write one such as 2026-03-01T09:00:00Z.') from None
    return made if made.tzinfo else timezone.make_aware(made)


def uncaught_failures(run: Run) -> list[str]:
    """The steps that made a run fail: failed, with no edge that catches it."""
    graph = graph_of(run.version_id)
    failed = run.steps.filter(state=StepState.FAILED, item="").values_list("step", flat=True)
    return [step for step in failed if not any(edge.port == "error" for edge in graph.outgoing.get(step, []))]
