"""Carries out one claimed run, as far as it can be carried out now."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import Any

from hub.expr import ExpressionError, evaluate
from hub.watch import clock, logs
from workflows.engine import slots, tracing
from workflows.engine.calls import calls
from workflows.engine.claiming import Claim, held, put_off
from workflows.engine.computing import compute, is_computed
from workflows.engine.contents.places import AGAIN_SECONDS, StoreAway
from workflows.engine.doing import Doing
from workflows.engine.frames import Frame, scope
from workflows.engine.graphs import graph_of
from workflows.engine.halts import Halts
from workflows.engine.journal import Journal
from workflows.engine.keys import Keys
from workflows.engine.kinds import expression_error
from workflows.engine.ledger import Ledger
from workflows.engine.overtime import Overtime
from workflows.engine.timing import Watch
from workflows.engine.tree import Tree
from workflows.models import Halt, Run, RunStep
from workflows.planning.states import RunState, StepState

MOST_LAPSES = 20
"""So many workers may end over a run: what only computes leaves no trace before it has ended."""
LOOKED_AGAIN_SECONDS = 0.05


class Pause(Enum):
    """Why a run goes no further just now."""

    OVER = "It has ended, or rests until a time or a person moves it."
    CALLS = "Its calls are under way."
    FULL = "Too many calls are under way for its own."
    TAKES_TIME = "What comes next may keep whoever carries it out waiting."
    LEAVES = "What comes next does more than compute."
    AGAIN = "It goes on at once, in another way than it thought."


@dataclass
class Begun:
    """What became of the steps that were ready."""

    any: bool = False
    halt: Halt | None = None
    """By which order one of them was not begun."""
    pause: Pause | None = None


def carry_out(claimed: Claim) -> None:
    """Go on with a run until it has ended or nothing can be done now. Leaves quietly when the lease is lost."""
    try:
        _carry_out(claimed)
    except StoreAway as away:
        put_off(claimed, away)


def _carry_out(claimed: Claim) -> None:
    back = threading.Event()
    with held(claimed):
        execution = Execution(claimed, on_return=lambda _: back.set())
        while True:
            pause = execution.go()
            execution.journal.write()
            pause = execution.written(pause)
            if pause is Pause.OVER:
                return
            if pause is Pause.AGAIN:
                continue
            times = [
                calls.give_up_late(),
                execution.wakes_in(),
                LOOKED_AGAIN_SECONDS if pause is Pause.FULL else None,
            ]
            back.wait(min((each for each in times if each is not None), default=None))
            back.clear()


class Execution:
    """A claimed run, carried out. One thread at a time."""

    def __init__(
        self,
        claimed: Claim,
        on_return: Callable[[Execution], None] = lambda _: None,
    ) -> None:
        self.claim = claimed
        self.journal = Journal(claimed)
        self.run, rows = self.journal.read()
        keeper = self.journal.keeper
        self.run.payload = keeper.payload()
        self.ledger, self.halts = Ledger(self.run, keeper), Halts(self.run)
        self.root = Frame(self.run, graph_of(self.run.version_id), rows, keeper, origin=self.ledger.origin)
        self.keys = Keys(self.run, self.root, keeper.veil)
        self.tree = Tree(self.journal, self.root)
        self._trace = tracing.trace_of(self.run)
        self._end: tuple[RunState, str] | None = None
        """What the run becomes, and the code of its error, once that is written."""
        self._doing = Doing(self.run, self.journal, self.ledger, lambda: on_return(self), self._trace)
        self._is_restored = claimed.is_new
        self._has_begun = False
        self._is_stopped = False
        """Somebody asks to cancel it: nothing more begins."""
        self.is_broken = False
        """This process goes on with it no more."""
        self.at: RunStep | None = None
        """The step that is being carried out."""
        self.away: StoreAway | None = None
        """Why it goes on later, by whoever claims it then."""

    @property
    def has_calls(self) -> bool:
        """Whether calls are under way whose outcome is not noted."""
        return self._doing.has_calls

    def wakes_in(self) -> float | None:
        """In how many seconds a step goes on that waits for a time, beside calls that are under way."""
        if self._doing.is_held_up:
            return AGAIN_SECONDS
        due = self.tree.next_due()
        return max(0.0, (due - clock.now()).total_seconds()) if due else None

    def go(self, *, computes_only: bool = False, may_block: bool = True) -> Pause:
        """Go on until the run has ended or nothing can be done now. Going on later goes on from there."""
        token = logs.at.set(self._where)
        try:
            with tracing.seen(self._trace):
                return self._go(computes_only, may_block)
        finally:
            logs.at.reset(token)

    def _where(self) -> dict[str, str]:
        """What every line says that is logged meanwhile."""
        return self._doing.where(self.at)

    def _finish(self, state: RunState, error: dict[str, Any] | None = None) -> None:
        self.journal.finish(state, error)
        self._end = state, str((error or {}).get("code", ""))

    def _go(self, computes_only: bool, may_block: bool) -> Pause:
        if self.is_broken:
            return self.drop()
        self._doing.note_returned()
        if self._doing.is_held_up:
            return Pause.CALLS
        self.journal.add_keys(self.keys.news())
        if self._is_stopped:
            return self._stop()
        if not self._has_begun:
            self.journal.add_keys(self.keys.news())
            if self.run.cancel_asked:
                self._finish(RunState.CANCELLED)
                return Pause.OVER
            if (halt := self.halts.of_run()) is not None:
                self.journal.rest(None, halt)
                return Pause.OVER
        self._has_begun |= not computes_only
        if self.run.admitted_at is None and not self._admit():
            return Pause.OVER
        if not self._is_restored:
            if computes_only:
                return Pause.LEAVES
            if not self._take_up():
                return Pause.OVER
        while True:
            self.tree.wake()
            moves = self.tree.advance()
            ready = self.tree.in_state(StepState.READY)
            if (computed := next((each for each in ready if is_computed(*each)), None)) is not None:
                frame, self.at = computed
                step = frame.graph.steps[self.at.step]
                watch = Watch(step.kind)
                try:
                    with tracing.step(self._trace, step, self.at):
                        compute(self.journal, frame, self.at, at_leisure=may_block and not computes_only)
                except Overtime:
                    return Pause.LEAVES if computes_only else Pause.TAKES_TIME
                watch.worked()
                continue
            if ready and computes_only:
                return Pause.LEAVES
            begun = self._begin(ready, may_block=may_block)
            if begun.any:
                continue
            if begun.pause is not None:
                return begun.pause
            if self.has_calls:
                return Pause.CALLS
            self.journal.add_keys(self.keys.news())
            if moves.outcome is not None:
                self._finish(moves.outcome, self._error_of(moves.failed_step))
            else:
                self.journal.rest(self.tree.next_due(), begun.halt)
            return Pause.OVER

    def written(self, pause: Pause) -> Pause:
        """The page is written: the calls leave. Returns why the run goes no further now. Raises LeaseLost."""
        self.journal.check()
        self._doing.send_begun()
        page = self.journal.page
        if self._trace is not None and self._end is not None and not page.is_held_back:
            self._trace.ended(self.run.workflow.slug, self.run.created_at, *self._end)
            self._end = None
        if not page.cancel_asked:
            return pause
        self._is_stopped = True
        if pause is Pause.OVER:
            return Pause.AGAIN if page.is_held_back else pause
        return Pause.CALLS if self.has_calls else Pause.AGAIN

    def _stop(self) -> Pause:
        """Nothing more begins."""
        if self.has_calls:
            return Pause.CALLS
        self._finish(RunState.CANCELLED)
        return Pause.OVER

    def leave(self) -> Pause:
        """Let others go on, as soon as the outcome of every call is noted."""
        if self.is_broken:
            return self.drop()
        self._doing.note_returned()
        if self.has_calls:
            return Pause.CALLS
        self.journal.rest(clock.now())
        return Pause.OVER

    def drop(self) -> Pause:
        """Go on no more. What its calls bring is noted by nobody; until they are back no other may go on either."""
        self.is_broken = True
        self._doing.drop()
        return Pause.CALLS if self.has_calls else Pause.OVER

    def _admit(self) -> bool:
        """Whether the run may go, where only so many go at a time. When not, that is noted."""
        limits = slots.limits_of(self.run)
        if limits is None:
            return True
        names = scope(self.run, {})
        try:
            lane = slots.lane_of(
                self.run, lambda key: evaluate(key, names, now=self.run.created_at, place="concurrency/key")
            )
            self.run.lane = self.journal.keeper.veil.key(lane)
        except ExpressionError as wrong:
            self._finish(RunState.FAILED, {"step": "", "title": "", **expression_error(wrong)})
            return False
        return self.journal.admit(self.run, limits)

    def _take_up(self) -> bool:
        """Go on with a run that others have worked on. False when that happened too often: it has failed."""
        self.tree.restore()
        for frame, row in self.tree.in_state(StepState.RUNNING):
            self._doing.recover(frame, row)
        self._is_restored = True
        if self.run.lapses <= MOST_LAPSES:
            return True
        message = f"Its worker ended {self.run.lapses} times in a row while it carried out this run."
        self._finish(RunState.FAILED, {"code": "broken-off", "message": message})
        return False

    def _begin(self, ready: list[tuple[Frame, RunStep]], *, may_block: bool) -> Begun:
        """Carry out what can be carried out now, and send out the calls."""
        made = Begun()
        if ready:
            self.journal.add_keys(self.keys.news())
        for frame, row in ready:
            self.at = row
            step = frame.graph.steps[row.step]
            if (halt := self.halts.of_step(step)) is not None:
                made.halt = made.halt or halt
            elif step.kind == "action" and not calls.has_room:
                made.pause = made.pause or Pause.FULL
            elif not may_block and self._doing.takes_its_time(step):
                made.pause = Pause.TAKES_TIME
            else:
                self._doing.begin(frame, row)
                made.any = True
        return made

    def _error_of(self, failed: str) -> dict[str, Any] | None:
        if not failed:
            return None
        step, row = self.root.graph.steps[failed], self.root.rows[failed]
        return {"step": failed, "title": step.title, **(row.error or {})}


def uncaught_failures(run: Run) -> list[str]:
    """The steps that made a run fail: failed, with no edge that catches it."""
    graph = graph_of(run.version_id)
    failed = run.steps.filter(state=StepState.FAILED, item="").values_list("step", flat=True)
    return [step for step in failed if not any(edge.port == "error" for edge in graph.outgoing.get(step, []))]
