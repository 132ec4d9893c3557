"""A run's graph with the bodies under way in it, item by item: opens every step and item that can be opened."""

from __future__ import annotations

import uuid
from datetime import datetime

from hub.watch import clock
from workflows.engine import asking, gate
from workflows.engine.frames import Frame
from workflows.engine.items import Items
from workflows.engine.journal import Journal
from workflows.engine.rounds import Rounds
from workflows.graph.graph import Step
from workflows.models import RunStep
from workflows.planning.moves import Moves, next_moves
from workflows.planning.states import StepState

LISTS: dict[str, type[Items]] = {"each": Items, "repeat": Rounds}


class Tree:
    """Of one run. What it opens it notes in the journal."""

    def __init__(self, journal: Journal, root: Frame) -> None:
        self._journal, self._root = journal, root
        self._items: dict[uuid.UUID, Items] = {}

    def in_state(self, state: StepState) -> list[tuple[Frame, RunStep]]:
        """The steps in this state, each with the graph or body that it is in."""
        return [(frame, row) for frame in self._root.all() for row in frame.in_state(state)]

    def next_due(self) -> datetime | None:
        """When the first of the steps that wait for a time goes on."""
        return min((row.due_at for _, row in self.in_state(StepState.WAITING) if row.due_at), default=None)

    def restore(self) -> None:
        """Take up the items that were under way when others worked on the run."""
        self._restore(self._root)

    def _restore(self, frame: Frame) -> None:
        for each in self._lists(frame):
            for inner in each.open.values():
                self._restore(inner)

    def wake(self) -> None:
        """Have those go on that have waited for long enough."""
        now = clock.now()
        for frame, row in self.in_state(StepState.WAITING):
            is_due = row.due_at is not None and row.due_at <= now
            if is_due or (row.due_at is None and _is_decided(frame.graph.steps[row.step], row)):
                self._journal.awake(row)

    def advance(self) -> Moves:
        """Open every step and item that can be opened now. Returns what the graph itself comes to."""
        return self._advance(self._root)

    def _advance(self, frame: Frame) -> Moves:
        while True:
            moves = next_moves(frame.graph, frame.history())
            if moves.start or moves.skip:
                frame.rows |= self._journal.open_steps(moves.start, moves.skip, frame.item)
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
        del self._items[held.row.id]
        return True

    def _lists(self, frame: Frame) -> list[Items]:
        """The for-eaches of a graph that are under way."""
        made = []
        for row in frame.in_state(StepState.WAITING):
            step = frame.graph.steps[row.step]
            if (kind := LISTS.get(step.kind)) is not None:
                if row.id not in self._items:
                    self._items[row.id] = kind(self._journal, frame, step, row)
                made.append(self._items[row.id])
        return made


def _is_decided(step: Step, row: RunStep) -> bool:
    """Whether people have decided what a waiting step waits for."""
    match step.kind:
        case "apply":
            return gate.is_decided(row)
        case "approve":
            return asking.is_decided(row)
        case _:
            return False
