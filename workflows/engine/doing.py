"""Carries out the steps of one run that call something or wait. A call is made in another thread, and noted when it
is back; meanwhile the run goes on wherever it can."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

import structlog
from dateutil.parser import isoparse
from django.utils import timezone

from hub.expr import ExpressionError
from hub.registry import catalog
from hub.sdk import Call, ConnectorError, Effect, Misconfigured, Settled, TryLater
from hub.sdk.pacing import Paced
from hub.watch import clock, logs
from hub.watch.traces import RunTrace
from workflows.engine import (
    asking,
    calling,
    checking,
    fetching,
    gate,
    items,
    notifying,
    packing,
    reading,
    receiving,
    recording,
    subflows,
    tracing,
)
from workflows.engine.border import Border, OutOfReach
from workflows.engine.calls import Flight, OutOfTime, calls
from workflows.engine.claiming import LeaseLost
from workflows.engine.contents import StoreAway, TooLarge
from workflows.engine.contents.places import AGAIN_SECONDS
from workflows.engine.frames import Frame
from workflows.engine.journal import Journal, tries
from workflows.engine.kinds import expression_error, setting_error, values_of
from workflows.engine.ledger import Ledger
from workflows.engine.timing import Watch
from workflows.graph.graph import Step
from workflows.models import Attempt, AttemptState, Run, RunStep
from workflows.planning.retry import RetryPolicy

log = structlog.get_logger(__name__)
USUAL_TIMEOUT_SECONDS = 30.0
_CARRIED_OUT = {
    "approve": asking.carry_out,
    "notify": notifying.carry_out,
    "read": fetching.carry_out,
    "record": recording.carry_out,
    "pack": packing.carry_out,
    "check": checking.carry_out,
    "receive": receiving.carry_out,
}
_TAKE_THEIR_TIME = frozenset({*gate.KINDS, "approve", "notify", "read", "record", "pack", "check"})
"""They may ask services while they hold what they do it in."""
MOST_BROKEN_OFF = 10
"""A step that takes its worker along this often is not carried out again."""
Noting = Callable[[Flight], None]


class Doing:
    """The calls of one run that are under way, and what becomes of them."""

    def __init__(
        self, run: Run, journal: Journal, ledger: Ledger, on_return: Callable[[], None], trace: RunTrace | None = None
    ) -> None:
        self.run, self.journal, self.ledger, self._trace = run, journal, ledger, trace
        self.flights: dict[Flight, Noting] = {}
        self._begun: list[Try] = []
        """Their calls leave once their intents are written."""
        self._timed: list[tuple[RunStep, Attempt, Watch]] = []
        """Steps that call nothing: their intents and outcomes are written together."""
        self._returned: deque[Flight] = deque()
        self._on_return = on_return
        self.is_held_up = False
        """Calls are back that cannot be noted yet."""

    @property
    def has_calls(self) -> bool:
        """Whether calls are out, or about to leave, whose outcome is not noted."""
        return bool(self.flights or self._begun)

    @cached_property
    def border(self) -> Border | None:
        """What whoever asked for this run is confined to; None for a run that no delegate asked for."""
        return Border.of(self.run)

    def where(self, row: RunStep | None) -> dict[str, str]:
        """What every line says that is logged about a step, or about the run."""
        run = self.run
        ids = {"run": str(run.id), "workflow": run.workflow.slug, "workspace": str(run.workspace_id)}
        ids |= {"trace": self._trace.id} if self._trace is not None else {}
        return ids | ({"step": row.step} if row is not None else {})

    def takes_its_time(self, step: Step) -> bool:
        """Whether whoever begins the step may have to wait for a service."""
        return step.kind in _TAKE_THEIR_TIME or (step.kind == "action" and self.border is not None)

    def note_returned(self) -> None:
        """Note what came of the calls that are back. What the store of large values is needed for, and is away, is
        noted later."""
        self.is_held_up = False
        while self._returned:
            flight = self._returned[0]
            if (note := self.flights.get(flight)) is not None:
                try:
                    note(flight)
                except StoreAway as away:
                    self.is_held_up = True
                    log.warning("store.away", error=str(away), **self.where(None))
                    return
            self._returned.popleft()
            self.flights.pop(flight, None)

    def drop(self) -> None:
        """Send out no more, and note no more."""
        self._begun.clear()
        while self._returned:
            self.flights.pop(self._returned.popleft(), None)

    def begin(self, frame: Frame, row: RunStep) -> None:
        """Carry out a ready step, or prepare its call."""
        step = frame.graph.steps[row.step]
        watch = Watch(step.kind)
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
        except TooLarge as wrong:
            error = setting_error(step, wrong)
        if error is None:
            effect = prepared.entry.effect if prepared is not None else None
            if (earlier := self.ledger.done(step, row, values, effect)) is not None:
                return self.journal.take(row, values, earlier)
        attempt = self.journal.begin(row, values if error is None else None)
        if error is not None:
            self._timed.append((row, attempt, watch))
            return self.journal.fail(row, attempt, error)
        if prepared is not None:
            held = Try(step, row, attempt, prepared, self._key(step, row), watch)
            return self._begun.append(held) if self.border is None else self._cross(held)
        if step.kind not in _CARRIED_OUT and step.kind not in gate.KINDS and step.kind != "workflow":
            self._timed.append((row, attempt, watch))
            with tracing.step(self._trace, step, row):
                return self._begin_waiting(frame, row, attempt, values)
        with self.journal.at_once():
            self.journal.write()
            if _is_begun(row, attempt, watch):
                with tracing.step(self._trace, step, row):
                    self._carry_out(step, row, attempt, values)
                watch.worked()
        return None

    def _carry_out(self, step: Step, row: RunStep, attempt: Attempt, values: Any) -> None:
        """The kinds of steps that write more than their own rows."""
        if step.kind == "workflow":
            try:
                return subflows.carry_out(self.journal, self.run, step, row, attempt, values, self.ledger)
            except TooLarge as wrong:
                return self.journal.fail(row, attempt, setting_error(step, wrong))
        later = reading.while_wanted(
            self.journal, self.run, step, row, attempt, lambda: self._in_hub(step, row, attempt, values)
        )
        if later is not None:
            self._later(step, row, attempt, later.error, later.after_seconds)
        return None

    def _in_hub(self, step: Step, row: RunStep, attempt: Attempt, values: Any) -> calling.Later | None:
        """Carry out a step that is no action of a connector."""
        if step.kind in gate.KINDS:
            return gate.Gate(self.journal, self.run, step, row, attempt).carry_out(values)
        try:
            told = self.journal.keeper.told(step.kind, values)
            return _CARRIED_OUT[step.kind](self.journal, self.run, row, attempt, told)
        except StoreAway as away:
            due_at = clock.now() + timedelta(seconds=AGAIN_SECONDS)
            self.journal.postpone(row, attempt, due_at, away.as_error())
            return None

    # Calls

    def _key(self, step: Step, row: RunStep) -> str:
        """What the service knows the call by, however often it is made."""
        return self.ledger.key_of(step, row, self.journal.keeper.open(row, "input"))

    def _cross(self, held: Try) -> None:
        """Prepare the call if whoever asked for the run may make it, as it is just now."""
        assert self.border is not None  # noqa: S101 - asked before
        self.journal.write()
        if not _is_begun(held.row, held.attempt, held.watch):
            return
        try:
            self.border.check_call(held.prepared)
        except TryLater as trouble:
            self._later(held.step, held.row, held.attempt, calling.error_of(trouble), trouble.after_seconds)
        except ConnectorError as trouble:
            self.journal.fail(held.row, held.attempt, calling.error_of(trouble))
        else:
            self._send(held, calling.carry_out, self._note)

    def send_begun(self) -> None:
        """Send out the calls whose intents are written. Of a run that is to be cancelled none is."""
        begun, self._begun = self._begun, []
        for held in begun:
            if _is_begun(held.row, held.attempt, held.watch):
                self._send(held, calling.carry_out, self._note)
        timed, self._timed = self._timed, []
        for row, attempt, watch in timed:
            if _is_begun(row, attempt, watch):
                watch.worked()

    def _send(
        self, held: Try, do: Callable[[calling.Prepared, Call], Any], note: Callable[[Try, Flight], None]
    ) -> None:
        call = held.call
        traced = tracing.begun(self._trace, held.step, held.row)
        token = logs.at.set(lambda: self.where(held.row))
        try:
            with tracing.seen(traced):
                flight = Flight(lambda: do(held.prepared, call), calling.longest(call), self._return)
        finally:
            logs.at.reset(token)

        def noted(flight: Flight) -> None:
            note(held, flight)
            tracing.ended(traced, held.row)

        self.flights[flight] = noted
        calls.start(flight)

    def _return(self, flight: Flight) -> None:
        self._returned.append(flight)
        self._on_return()

    def _note(self, held: Try, flight: Flight) -> None:
        try:
            result = flight.result()
        except OutOfTime:
            result = calling.late(held.prepared, held.call)
        match result:
            case calling.Answer(output=output, marks=marks):
                self.journal.succeed(held.row, held.attempt, output, marks=marks)
            case calling.Refused(error=error):
                self.journal.fail(held.row, held.attempt, error)
            case calling.Later(error=error, after_seconds=after):
                self._later(held.step, held.row, held.attempt, error, after)
            case calling.Doubt(error=error, after_seconds=after):
                self._read_back(held, error, after)
        held.watch.worked()

    def _later(
        self, step: Step, row: RunStep, attempt: Attempt, error: dict[str, Any], after: float | None = None
    ) -> None:
        is_paced = error.get("code") == Paced.code  # Nothing was tried.
        pause = after if is_paced else RetryPolicy.of(step.retry).pause_after(tries(row), at_least=after)
        if pause is None:
            self.journal.fail(row, attempt, error)
        else:
            self.journal.postpone(row, attempt, clock.now() + timedelta(seconds=pause), error)

    # Doubt

    def _read_back(self, held: Try, error: dict[str, Any], after: float | None = None) -> None:
        """Ask the service whether a call of unknown outcome went through."""

        def settle(held: Try, flight: Flight) -> None:
            try:
                settled, evidence = flight.result()
            except OutOfTime:
                settled, evidence = calling.read_back_late(held.call)
            if settled is Settled.DONE:
                self.journal.succeed(held.row, held.attempt, evidence)
            elif settled is Settled.NOT_DONE:
                self._later(held.step, held.row, held.attempt, error, after)
            else:
                self.journal.doubt(held.row, held.attempt, error | {"evidence": evidence})

        self._send(held, calling.read_back, settle)

    def recover(self, frame: Frame, row: RunStep) -> None:
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
        try:
            values = values_of(step, frame.evaluator(row, row.step))
            prepared = calling.prepare(self.run.workspace, step.action, step.connection, values)
        except (ExpressionError, Misconfigured) as wrong:
            return self.journal.doubt(row, attempt, error | {"evidence": {"read_back": str(wrong)}})
        if prepared.entry.effect is not Effect.ONCE:
            return self.journal.call_again(row, attempt, error)
        return self._read_back(Try(step, row, attempt, prepared, self._key(step, row), Watch(step.kind)), error)

    def _give_up(self, step: Step, row: RunStep, attempt: Attempt, error: dict[str, Any]) -> None:
        entry = catalog().actions.get(step.action)
        if entry is not None and entry.effect is Effect.ONCE:
            return self.journal.doubt(row, attempt, error)
        return self.journal.fail(row, attempt, error)

    # Waiting

    def _begin_waiting(self, frame: Frame, row: RunStep, attempt: Attempt, values: Any) -> None:
        """The kinds of steps that wait for a time, another run or their items."""
        step = frame.graph.steps[row.step]
        try:
            match step.kind:
                case "wait":
                    self._wait(row, attempt, values)
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
        if until <= clock.now():
            self.journal.succeed(row, attempt, {"until": until.isoformat()})
        else:
            self.journal.postpone(row, attempt, until)


@dataclass(frozen=True)
class Try:
    """One attempt of a step that calls."""

    step: Step
    row: RunStep
    attempt: Attempt
    prepared: calling.Prepared
    key: str
    watch: Watch

    @property
    def call(self) -> Call:
        timeout = self.step.timeout_seconds or USUAL_TIMEOUT_SECONDS
        return Call(key=self.key, attempt=self.attempt.number, timeout_seconds=timeout)


def _is_begun(row: RunStep, attempt: Attempt, watch: Watch) -> bool:
    """Whether the intent is written. Of a run that is to be cancelled it is not."""
    if attempt._state.adding:
        return False
    watch.begun(row.created_at if attempt.number == 1 else None)
    return True


def _time(text: Any) -> datetime:
    try:
        made: datetime = isoparse(str(text))
    except ValueError:
        raise ValueError(f'"{text}" is not a time. Write one such as 2026-03-01T09:00:00Z.') from None
    return made if made.tzinfo else timezone.make_aware(made)
