"""Carries out one claimed run, as far as it can be carried out now."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from typing import Any

from dateutil.parser import isoparse
from django.utils import timezone

from hub.expr import ExpressionError, evaluate
from hub.registry import catalog
from hub.sdk import Call, Effect, Misconfigured, Settled
from workflows.engine import calling, gate
from workflows.engine.journal import Claim, Journal, LeaseLost, tries
from workflows.graph.document import migrate
from workflows.graph.graph import Graph, Step
from workflows.models import Attempt, AttemptState, Run, RunStep
from workflows.planning.moves import Done, Failed, Open, Outcome, Skipped, next_moves
from workflows.planning.retry import RetryPolicy
from workflows.planning.states import RunState, StepState

USUAL_TIMEOUT_SECONDS = 30.0
MOST_BROKEN_OFF = 10
"""A step that takes its worker along this often is not carried out again."""


def carry_out(claimed: Claim) -> None:
    """Go on with a run until it has ended or nothing can be done now. Leaves quietly when the lease is lost."""
    try:
        _Execution(Journal(claimed)).go()
    except LeaseLost:
        return


class _Execution:
    def __init__(self, journal: Journal) -> None:
        self.journal = journal
        self.run, self.steps = journal.read()
        self.graph = Graph.of(migrate(self.run.version.document))

    def go(self) -> None:
        for row in self._in_state(StepState.RUNNING):
            self._recover(row)
        while True:
            self.run, self.steps = self.journal.read()
            if self.run.cancel_asked:
                return self.journal.finish(RunState.CANCELLED)
            self._wake()
            moves = next_moves(self.graph, {name: _outcome(row) for name, row in self.steps.items()})
            if moves.start or moves.skip:
                self.journal.open_steps(moves.start, moves.skip)
                continue
            ready = self._in_state(StepState.READY)
            if ready:
                if not self._do(ready[0]):
                    return self.journal.finish(RunState.CANCELLED)
                continue
            if moves.outcome is not None:
                return self.journal.finish(moves.outcome, self._error_of(moves.failed_step))
            due = [row.due_at for row in self._in_state(StepState.WAITING) if row.due_at]
            return self.journal.rest(min(due, default=None))

    def _in_state(self, state: StepState) -> list[RunStep]:
        return [
            self.steps[step] for step in self.graph.order if step in self.steps and self.steps[step].state == state
        ]

    def _wake(self) -> None:
        now = timezone.now()
        for row in self._in_state(StepState.WAITING):
            is_due = row.due_at is not None and row.due_at <= now
            if is_due or (self._waits_for_a_plan(row) and gate.is_decided(row)):
                self.journal.awake(row)

    def _waits_for_a_plan(self, row: RunStep) -> bool:
        return row.due_at is None and self.graph.steps[row.step].kind == "apply"

    def _error_of(self, failed: str) -> dict[str, Any] | None:
        if not failed:
            return None
        step, row = self.graph.steps[failed], self.steps[failed]
        return {"step": failed, "title": step.title, **(row.error or {})}

    # One step

    def _do(self, row: RunStep) -> bool:
        """Carry out a ready step. False when the run is to be cancelled instead."""
        step = self.graph.steps[row.step]
        timeout = step.timeout_seconds or USUAL_TIMEOUT_SECONDS
        prepared = None
        error: dict[str, Any] | None = None
        values: Any = None
        try:
            values = self._values(step, row)
            if step.kind == "action":
                prepared = calling.prepare(self.run.workspace, step.action, step.connection, values)
                values = prepared.shown_input()
        except ExpressionError as wrong:
            error = {"code": "expression", "message": str(wrong), "field": wrong.place}
        except Misconfigured as wrong:
            error = calling.error_of(wrong)
        attempt = self.journal.begin(row, values if error is None else None, timeout_seconds=timeout)
        if attempt is None:
            return False
        if error is not None:
            self.journal.fail(row, attempt, error)
        elif prepared is not None:
            self._note(step, row, attempt, prepared, self._call(row, attempt, timeout))
        elif step.kind in gate.KINDS:
            later = gate.Gate(self.journal, self.run, step, row, attempt).carry_out(values)
            if later is not None:
                self._later(step, row, attempt, later.error, later.after_seconds)
        else:
            self._decide(step, row, attempt, values)
        return True

    def _call(self, row: RunStep, attempt: Attempt, timeout: float) -> Call:
        return Call(key=str(row.id), attempt=attempt.number, timeout_seconds=timeout)

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
        pause = RetryPolicy.of(step.retry).pause_after(tries(row), at_least=after)
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

    def _recover(self, row: RunStep) -> None:
        """A worker died while it carried out this step: nobody noted how the call ended."""
        step = self.graph.steps[row.step]
        attempt = row.attempts.filter(state=AttemptState.OPEN).last()
        if attempt is None:
            raise LeaseLost(f"{row} is running without an attempt")
        error = {"code": "broken-off", "message": "The worker ended before it could note how this attempt ended."}
        if row.attempts.filter(state=AttemptState.UNKNOWN, error__code="broken-off").count() >= MOST_BROKEN_OFF:
            error["message"] = f"Its worker ended {MOST_BROKEN_OFF + 1} times while it carried out this step."
            return self._give_up(step, row, attempt, error)
        if step.kind != "action":
            return self.journal.call_again(row, attempt, error)
        timeout = step.timeout_seconds or USUAL_TIMEOUT_SECONDS
        try:
            values = self._values(step, row)
            prepared = calling.prepare(self.run.workspace, step.action, step.connection, values)
        except (ExpressionError, Misconfigured) as wrong:
            return self.journal.doubt(row, attempt, error | {"evidence": {"read_back": str(wrong)}})
        if prepared.entry.effect is not Effect.ONCE:
            return self.journal.call_again(row, attempt, error)
        return self._settle(step, row, attempt, prepared, self._call(row, attempt, timeout), error)

    def _give_up(self, step: Step, row: RunStep, attempt: Attempt, error: dict[str, Any]) -> None:
        entry = catalog().actions.get(step.action)
        if entry is not None and entry.effect is Effect.ONCE:
            return self.journal.doubt(row, attempt, error)
        return self.journal.fail(row, attempt, error)

    # Values

    def _values(self, step: Step, row: RunStep) -> Any:
        """What the step works with. The same for each attempt: time and chance are those of the step's row."""
        if step.kind == "action":
            source: Any = step.input
        elif step.kind == "filter":
            source = {"items": step.settings["items"]}
        elif step.kind == "switch":
            source = {"cases": [{"name": case["name"]} for case in step.settings["cases"]]}
        else:
            source = step.settings
        place = "input" if step.kind == "action" else "settings"
        return self._evaluate(source, row, place)

    def _evaluate(self, source: Any, row: RunStep, place: str, **more: Any) -> Any:
        before = self.graph.before(row.step)
        outputs = {
            name: held.output for name, held in self.steps.items() if name in before and held.output is not None
        }
        scope = {
            "trigger": self.run.payload,
            "steps": outputs,
            "run": {"id": str(self.run.id), "workflow": self.run.workflow.slug, "cause": self.run.cause},
        }
        seed = uuid.UUID(str(row.id)).int % 2**31
        return evaluate(source, scope | more, now=row.created_at, seed=seed, place=place)

    def _decide(self, step: Step, row: RunStep, attempt: Attempt, values: Any) -> None:
        """Every kind of step that calls nothing."""
        try:
            match step.kind:
                case "condition":
                    self.journal.succeed(
                        row, attempt, {"result": bool(values["if"])}, "yes" if values["if"] else "no"
                    )
                case "switch":
                    self.journal.succeed(row, attempt, {}, self._case(step, row))
                case "filter":
                    self.journal.succeed(row, attempt, self._kept(step, row, values["items"]))
                case "transform":
                    self.journal.succeed(row, attempt, values["value"])
                case "wait":
                    self._wait(row, attempt, values)
                case "stop":
                    message = str(values.get("message") or f'The workflow was stopped by step "{step.title}".')
                    self.journal.fail(row, attempt, {"code": "stopped", "message": message})
                case _:
                    self.journal.succeed(row, attempt, {})
        except ExpressionError as wrong:
            self.journal.fail(row, attempt, {"code": "expression", "message": str(wrong), "field": wrong.place})
        except (TypeError, ValueError) as wrong:
            self.journal.fail(row, attempt, {"code": "setting", "message": f'Step "{step.title}": {wrong}'})

    def _case(self, step: Step, row: RunStep) -> str:
        for number, case in enumerate(step.settings["cases"]):
            if self._evaluate(case["if"], row, f"settings/cases/{number}/if"):
                return str(case["name"])
        return "else"

    def _kept(self, step: Step, row: RunStep, items: Any) -> list[Any]:
        if not isinstance(items, list):
            raise TypeError("a filter needs a list to look through.")
        where = step.settings["where"]
        return [
            item
            for index, item in enumerate(items)
            if self._evaluate(where, row, f"settings/where (item {index})", item=item, index=index)
        ]

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


def _outcome(row: RunStep) -> Outcome:
    match row.state:
        case StepState.SUCCEEDED:
            return Done(row.port)
        case StepState.FAILED:
            return Failed()
        case StepState.SKIPPED:
            return Skipped()
        case _:
            return Open()


def _time(text: Any) -> datetime:
    try:
        made: datetime = isoparse(str(text))
    except ValueError:
        raise ValueError(f'"{text}" is not a time. Write one such as 2026-03-01T09:00:00Z.') from None
    return made if made.tzinfo else timezone.make_aware(made)


def uncaught_failures(run: Run) -> list[str]:
    """The steps that made a run fail: failed, with no edge that catches it."""
    graph = Graph.of(migrate(run.version.document))
    failed = run.steps.filter(state=StepState.FAILED).values_list("step", flat=True)
    return [step for step in failed if not any(edge.port == "error" for edge in graph.outgoing.get(step, []))]
