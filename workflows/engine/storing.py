"""How what became of runs reaches the database: many runs in one statement, which checks that each is still ours."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from workflows.engine import awaited
from workflows.engine.columns import columns
from workflows.engine.contents import use
from workflows.engine.contents.json import dumps
from workflows.engine.keeping import uses_of
from workflows.engine.timing import ENDED
from workflows.models import Attempt, AttemptState, RunKey, RunStep
from workflows.planning.states import ENDED_RUNS, RunState, StepState

MOST_BYTES = 4_000_000
"""Of what is written in one statement, unless a single run has more."""


@dataclass
class Page:
    """What is to be written about one run: all of it or, when the run is not ours any more, nothing."""

    run_id: UUID
    fence: int
    new: list[RunStep] = field(default_factory=list)
    moved: dict[UUID, tuple[RunStep, StepState]] = field(default_factory=dict)
    """Steps that are stored already, as they are now, and what state each was in."""
    tried: list[Attempt] = field(default_factory=list)
    """New attempts. Those that are open are the intents of calls: none is stored of a run that is to be cancelled."""
    closed: list[Attempt] = field(default_factory=list)
    keys: list[RunKey] = field(default_factory=list)
    """Business keys. Those that are there already stay as they are."""
    end: tuple[RunState, datetime | None, datetime | None] | None = None
    """What the run becomes, when it is due and when it ended. Not stored of a run that is to be cancelled."""
    answering: frozenset[str] | None = None
    """The steps that answer whoever waits for this run. None: nobody does."""
    is_lost: bool = False
    cancel_asked: bool = False
    is_held_back: bool = False
    """The run has not become what it was to become."""

    def __bool__(self) -> bool:
        return bool(self.new or self.moved or self.tried or self.closed or self.keys or self.end)

    def answers_somebody(self) -> bool:
        """Whether whoever waits for the run is answered by what stands here."""
        if self.answering is None:
            return False
        if self.end is not None and self.end[0] in ENDED_RUNS:
            return True
        steps = [*self.new, *(step for step, _ in self.moved.values())]
        return any(step.step in self.answering and step.state == StepState.SUCCEEDED for step in steps)


def store(pages: Collection[Page]) -> None:
    """Write them, and set on each what was found. What was written is on them no more."""
    for some in _portions(pages):
        told = [each.page.run_id for each in some if each.page.answers_somebody()]
        _store(some)
        awaited.tell(told)


def _portions(pages: Collection[Page]) -> Iterator[list[_Written]]:
    portion: list[_Written] = []
    size = 0
    for page in pages:
        written = _Written(page)
        if portion and size + written.size > MOST_BYTES:
            yield portion
            portion, size = [], 0
        portion.append(written)
        size += written.size
    if portion:
        yield portion


class _Written:
    """A page as rows of text."""

    def __init__(self, page: Page) -> None:
        self.page, self.size = page, 0
        run = page.run_id
        self.new = [self._step(step) for step in page.new]
        intents = {each.step_id for each in page.tried if each.state == AttemptState.OPEN}
        self.moved = [
            (step.id, run, was, step.id in intents, step.state, step.port, self._text(step.input),
             self._text(step.output), self._text(step.error), step.due_at, step.ended_at, step.taken_from_id,
             self._text(step.apart), self._bytes(step.sealed))
            for step, was in page.moved.values()
        ]  # fmt: skip
        before = Counter[UUID]()
        self.tried = []
        for each in page.tried:
            before[each.step_id] += 1
            error = self._text(each.error)
            self.tried.append(
                (each.id, run, each.step_id, before[each.step_id], each.state, error, each.started_at, each.ended_at)
            )
        self.closed = [(each.id, run, each.state, self._text(each.error), each.ended_at) for each in page.closed]
        self.keys = [(each.id, each.workspace_id, run, each.name, each.value) for each in page.keys]
        self.ended = [(run, *page.end)] if page.end else []
        self.uses = uses_of([*page.new, *(step for step, _ in page.moved.values())])

    def _step(self, step: RunStep) -> tuple[Any, ...]:
        return (
            step.id, step.run_id, step.step, step.item, step.state, step.port, self._text(step.input),
            self._text(step.output), self._text(step.error), step.due_at, step.created_at, step.ended_at,
            step.taken_from_id, self._text(step.apart), self._bytes(step.sealed),
        )  # fmt: skip

    def _text(self, value: Any) -> str | None:
        """A value as JSON; none is no value."""
        if value is None:
            return None
        text = dumps(value).decode()
        self.size += len(text)
        return text

    def _bytes(self, value: bytes | memoryview | None) -> bytes | memoryview | None:
        self.size += len(value) if value is not None else 0
        return value


_MINE = f"""mine AS (
    SELECT run.id, run.cancel_asked FROM workflows_run run
    JOIN unnest(%s::uuid[], %s::int[]) AS given(id, fence) ON given.id = run.id AND given.fence = run.fence
    WHERE run.state = '{RunState.RUNNING}' ORDER BY run.id FOR UPDATE OF run
)"""  # noqa: S608 - names of ours


@dataclass(frozen=True)
class _Part:
    """One of the things that a statement writes."""

    name: str
    statement: str
    given: str
    """The types of its columns."""
    found: str
    """What is told about it."""

    def columns(self, rows: Sequence[tuple[Any, ...]]) -> list[str]:
        return columns(self.given.split(), rows)

    def text(self) -> str:
        given = ", ".join(f"%s::{kind}[]" for kind in self.given.split())
        return f"{self.name} AS ({self.statement.replace('GIVEN', given)})"


_STEP = (
    "id, run_id, step, item, state, port, input, output, error, due_at, created_at, ended_at, taken_from_id, apart, "
    "sealed"
)
_PARTS = (
    _Part(
        "new",
        f"""INSERT INTO workflows_runstep ({_STEP}) SELECT {_STEP} FROM unnest(GIVEN) AS made({_STEP})
        WHERE run_id IN (SELECT id FROM mine)""",  # noqa: S608
        "uuid uuid text text text text jsonb jsonb jsonb timestamptz timestamptz timestamptz uuid jsonb bytea",
        "",
    ),
    _Part(
        "moved",
        """UPDATE workflows_runstep step SET state = made.state, port = made.port, input = made.input,
            output = made.output, error = made.error, due_at = made.due_at, ended_at = made.ended_at,
            taken_from_id = made.taken_from_id, apart = made.apart, sealed = made.sealed
        FROM unnest(GIVEN) AS made(id, run_id, was, is_intent, state, port, input, output, error, due_at, ended_at,
            taken_from_id, apart, sealed)
        JOIN mine ON mine.id = made.run_id AND NOT (mine.cancel_asked AND made.is_intent)
        WHERE step.id = made.id AND step.state = made.was
        RETURNING step.id""",
        "uuid uuid text bool text text jsonb jsonb jsonb timestamptz timestamptz uuid jsonb bytea",
        "SELECT 'moved', id, 0 FROM moved",
    ),
    _Part(
        "closed",
        f"""UPDATE workflows_attempt attempt SET state = made.state, error = made.error, ended_at = made.ended_at
        FROM unnest(GIVEN) AS made(id, run_id, state, error, ended_at) JOIN mine ON mine.id = made.run_id
        WHERE attempt.id = made.id AND attempt.state = '{AttemptState.OPEN}'""",  # noqa: S608
        "uuid uuid text jsonb timestamptz",
        "",
    ),
    _Part(
        "tried",
        f"""INSERT INTO workflows_attempt (id, step_id, number, state, error, started_at, ended_at)
        SELECT made.id, made.step_id,
            made.nth + (SELECT count(*) FROM workflows_attempt WHERE step_id = made.step_id), made.state,
            made.error, made.started_at, made.ended_at
        FROM unnest(GIVEN) AS made(id, run_id, step_id, nth, state, error, started_at, ended_at)
        JOIN mine ON mine.id = made.run_id AND NOT (mine.cancel_asked AND made.state = '{AttemptState.OPEN}')
        RETURNING id, number""",  # noqa: S608
        "uuid uuid uuid int text jsonb timestamptz timestamptz",
        "SELECT 'tried', id, number FROM tried",
    ),
    _Part(
        "keys",
        """INSERT INTO workflows_runkey (id, workspace_id, run_id, name, value)
        SELECT id, workspace_id, run_id, name, value FROM unnest(GIVEN) AS made(id, workspace_id, run_id, name, value)
        WHERE run_id IN (SELECT id FROM mine) ON CONFLICT DO NOTHING""",
        "uuid uuid uuid text text",
        "",
    ),
    _Part(
        "ended",
        f"""UPDATE workflows_run run SET state = made.state, lease_until = NULL, lapses = 0, ended_at = made.ended_at,
            due_at = CASE WHEN made.state = '{RunState.WAITING}' THEN least(made.due_at, run.due_at) END
        FROM unnest(GIVEN) AS made(id, state, due_at, ended_at) JOIN mine USING (id)
        WHERE run.id = made.id AND NOT mine.cancel_asked""",  # noqa: S608
        "uuid text timestamptz timestamptz",
        "",
    ),
)


def _store(portion: list[_Written]) -> None:
    texts, found = [_MINE], ["SELECT 'mine', id, cancel_asked::int FROM mine"]
    given = columns(("uuid", "int"), [(each.page.run_id, each.page.fence) for each in portion])
    for part in _PARTS:
        rows = [row for each in portion for row in getattr(each, part.name)]
        if rows:
            texts.append(part.text())
            given += part.columns(rows)
            found += [part.found] if part.found else []
    statement = f"WITH {', '.join(texts)} {' UNION ALL '.join(found)}"
    told: dict[str, dict[UUID, int]] = {"mine": {}, "moved": {}, "tried": {}}
    uses = [pair for each in portion for pair in each.uses]
    with transaction.atomic() if uses else nullcontext(), connection.cursor() as cursor:
        cursor.execute(statement, given)
        for kind, row_id, number in cursor.fetchall():
            told[kind][row_id] = number
        use(each for each in uses if each[0] in told["mine"])
    for each in portion:
        _note(each.page, told)


def _note(page: Page, told: dict[str, dict[UUID, int]]) -> None:
    """Say on a page what became of it, and empty it."""
    new, moved, tried, end = page.new, page.moved, page.tried, page.end
    page.new, page.moved, page.tried, page.closed, page.keys, page.end = [], {}, [], [], [], None
    if page.run_id not in told["mine"]:
        page.is_lost = True
        return
    page.cancel_asked = bool(told["mine"][page.run_id])
    page.is_held_back = page.cancel_asked and end is not None
    if end is not None and end[0] in ENDED_RUNS and not page.is_held_back:
        ENDED.add(end[0])
    for step in new:
        step._state.adding, step._state.db = False, "default"
    not_begun = set()
    for attempt in tried:
        if attempt.id in told["tried"]:
            attempt.number = told["tried"][attempt.id]
            attempt._state.adding, attempt._state.db = False, "default"
        else:
            not_begun.add(attempt.step_id)
    # Another state than we thought: somebody else has been there.
    page.is_lost = any(step not in told["moved"] and step not in not_begun for step in moved)
