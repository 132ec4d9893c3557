"""How steps and attempts reach the database: each time in one statement, which checks that the run is still ours."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from workflows.engine.claiming import Claim, LeaseLost
from workflows.engine.contents import use
from workflows.engine.contents.json import dumps
from workflows.engine.keeping import uses_of
from workflows.engine.timing import ENDED
from workflows.models import Attempt, AttemptState, RunKey, RunStep
from workflows.planning.states import RunState, StepState

_COLUMNS = {
    "id": "uuid", "run_id": "uuid", "step": "text", "item": "text", "state": "text", "port": "text", "input": "jsonb",
    "output": "jsonb", "error": "jsonb", "due_at": "timestamptz", "created_at": "timestamptz",
    "ended_at": "timestamptz", "taken_from_id": "uuid", "apart": "jsonb", "sealed": "bytea",
}  # fmt: skip
_JSON = frozenset(name for name, kind in _COLUMNS.items() if kind == "jsonb")
_NAMES = ", ".join(_COLUMNS)
_GIVEN = ", ".join(f"%s::{kind}[]" for kind in _COLUMNS.values())
_INSERT = f"INSERT INTO workflows_runstep ({_NAMES}) SELECT {_NAMES} FROM unnest({_GIVEN}) AS made({_NAMES})"  # noqa: S608
_END = f"""
WITH ended AS (
    UPDATE workflows_run run
    SET state = '{RunState.SUCCEEDED}', lease_until = NULL, lapses = 0, due_at = NULL, ended_at = given.ended_at
    FROM unnest(%s::uuid[], %s::int[], %s::timestamptz[]) AS given(id, fence, ended_at)
    WHERE run.id = given.id AND run.fence = given.fence AND run.state = '{RunState.RUNNING}' AND NOT run.cancel_asked
    RETURNING run.id
), stored AS (
    {_INSERT} WHERE run_id IN (SELECT id FROM ended)
)
SELECT id FROM ended
"""  # noqa: S608 - names of ours

_MINE = (
    f"SELECT cancel_asked FROM workflows_run WHERE id = %s AND fence = %s AND state = '{RunState.RUNNING}' FOR UPDATE"  # noqa: S608
)
_BEGIN = f"""
WITH mine AS ({_MINE}), made AS (
    {_INSERT} WHERE EXISTS (SELECT FROM mine)
), moved AS (
    UPDATE workflows_runstep SET state = '{StepState.RUNNING}', input = %s::jsonb, due_at = NULL, apart = %s::jsonb,
        sealed = %s
    WHERE id = %s AND state = '{StepState.READY}' AND EXISTS (SELECT FROM mine WHERE NOT cancel_asked)
    RETURNING id
), tried AS (
    INSERT INTO workflows_attempt (id, step_id, number, state, started_at)
    SELECT %s, %s, 1 + (SELECT count(*) FROM workflows_attempt WHERE step_id = %s), '{AttemptState.OPEN}', %s
    FROM mine WHERE NOT cancel_asked AND (%s OR EXISTS (SELECT FROM moved))
    RETURNING number
)
SELECT cancel_asked, (SELECT number FROM tried) FROM mine
"""  # noqa: S608 - names of ours
_NOTE = f"""
WITH mine AS ({_MINE}), made AS (
    {_INSERT} WHERE EXISTS (SELECT FROM mine)
), closed AS (
    UPDATE workflows_attempt SET state = %s, error = %s::jsonb, ended_at = %s
    WHERE id = %s AND state = '{AttemptState.OPEN}' AND EXISTS (SELECT FROM mine)
), moved AS (
    UPDATE workflows_runstep SET state = %s, port = %s, input = %s::jsonb, output = %s::jsonb, error = %s::jsonb,
        due_at = %s, ended_at = %s, taken_from_id = %s, apart = %s::jsonb, sealed = %s
    WHERE id = %s AND state = %s AND EXISTS (SELECT FROM mine)
    RETURNING id
)
SELECT EXISTS (SELECT FROM moved) FROM mine
"""  # noqa: S608 - names of ours


def begin(claimed: Claim, new: Sequence[RunStep], step: RunStep, attempt: Attempt) -> bool:
    """Store new steps and the first or a further attempt of a step, whose number is set. False when the run is to be
    cancelled: then there is no attempt. Raises LeaseLost."""
    is_new = step._state.adding
    tried = [attempt.id, step.id, step.id, attempt.started_at, is_new]
    moved = [_text(step.input), _text(step.apart), step.sealed, step.id]
    found = _one(_BEGIN, [claimed.run_id, claimed.fence, *_columns(new), *moved, *tried], [*new, step])
    if found is None or (found[1] is None and not found[0]):
        raise LeaseLost(str(step))
    _are_stored(new)
    attempt.number = found[1]
    return not found[0]


def note(claimed: Claim, new: Sequence[RunStep], step: RunStep, was: StepState, attempt: Attempt | None) -> None:
    """Store new steps, and a step that is stored and an attempt of it as they are now. Raises LeaseLost."""
    closed = (
        [attempt.state, _text(attempt.error), attempt.ended_at, attempt.id] if attempt else ["", None, None, None]
    )
    moved: list[Any] = [step.state, step.port, _text(step.input), _text(step.output), _text(step.error), step.due_at]
    moved += [step.ended_at, step.taken_from_id, _text(step.apart), step.sealed, step.id, was]
    found = _one(_NOTE, [claimed.run_id, claimed.fence, *_columns(new), *closed, *moved], [*new, step])
    if found is None or not found[0]:
        raise LeaseLost(str(step))
    _are_stored(new)


def _one(statement: str, given: list[Any], rows: Sequence[RunStep]) -> tuple[Any, ...] | None:
    uses = uses_of(rows)
    with transaction.atomic() if uses else nullcontext(), connection.cursor() as cursor:
        use(uses)
        cursor.execute(statement, given)
        found: tuple[Any, ...] | None = cursor.fetchone()
        return found


def store(steps: Sequence[RunStep]) -> None:
    """Insert new steps."""
    if steps:
        with connection.cursor() as cursor:
            use(uses_of(steps))
            cursor.execute(_INSERT, _columns(steps))
        _are_stored(steps)


def store_keys(keys: Sequence[RunKey]) -> None:
    """Insert business keys that are not there yet."""
    if keys:
        RunKey.objects.bulk_create(keys, ignore_conflicts=True)


@dataclass
class Shelf:
    """Runs that have come to their end in memory, and of which nothing is stored yet: all of it is stored at once."""

    ended: list[tuple[Claim, datetime]] = field(default_factory=list)
    steps: list[RunStep] = field(default_factory=list)
    keys: list[RunKey] = field(default_factory=list)

    def put(self, claimed: Claim, ended_at: datetime, steps: Sequence[RunStep], keys: Sequence[RunKey] = ()) -> None:
        """A run has succeeded."""
        self.ended.append((claimed, ended_at))
        self.steps += steps
        self.keys += keys

    def store(self) -> list[Claim]:
        """Store all in one transaction; returns the claims of runs of which nothing was stored, because they are not
        ours any more or are to be cancelled."""
        ended, steps, keys = self.ended, self.steps, self.keys
        self.ended, self.steps, self.keys = [], [], []
        if not ended:
            return []
        ids = [each.run_id for each, _ in ended]
        given: list[Any] = [ids, [each.fence for each, _ in ended], [at for _, at in ended], *_columns(steps)]
        with transaction.atomic(), connection.cursor() as cursor:
            use(uses_of(steps))
            cursor.execute(_END, given)
            stored = {row[0] for row in cursor.fetchall()}
            store_keys([each for each in keys if each.run_id in stored])
        ENDED.add(RunState.SUCCEEDED, many=len(stored))
        return [each for each, _ in ended if each.run_id not in stored]


def _columns(steps: Sequence[RunStep]) -> list[list[Any]]:
    return [
        [_text(getattr(step, name)) for step in steps] if name in _JSON else [getattr(step, name) for step in steps]
        for name in _COLUMNS
    ]


def _text(value: Any) -> str | None:
    """A value as JSON; none is no value."""
    return None if value is None else dumps(value).decode()


def _are_stored(steps: Sequence[RunStep]) -> None:
    for step in steps:
        step._state.adding, step._state.db = False, "default"
