"""The step *receive*: waits for a message by an event's name and a key, or at an address of its own, and takes it."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

from django.core.signing import BadSignature
from django.db import connection, transaction

from hub.sdk import Misconfigured
from hub.watch import clock
from workflows.engine import callbacks
from workflows.engine.calling import Later, error_of
from workflows.engine.journal import Journal
from workflows.engine.keeping import storable
from workflows.models import Attempt, Expectation, Message, Run, RunStep
from workflows.planning.states import ENDED_RUNS, StepState

KEPT_DAYS = 7
"""A message that nobody waits for is taken by whoever comes to wait for it within so long."""
LONGEST_KEY = 300


class AnsweredAlready(Exception):
    """An address takes one answer."""


def carry_out(journal: Journal, run: Run, row: RunStep, attempt: Attempt, values: dict[str, Any]) -> Later | None:
    """Take the message if it is there; else wait for it, up to the deadline."""
    try:
        event, key = _wanted(row, values)
    except Misconfigured as wrong:
        journal.fail(row, attempt, error_of(wrong))
        return None
    seconds = values.get("deadline_seconds")
    due_at = row.created_at + timedelta(seconds=float(seconds)) if seconds is not None else None
    with transaction.atomic():
        _alone(run.workspace_id, event, key)
        since = clock.now() - timedelta(days=KEPT_DAYS)
        kept = Message.objects.filter(workspace=run.workspace_id, event=event, key=key, taken_by=None)
        message = kept.filter(created_at__gte=since).order_by("id").first()
        if message is not None:
            message.taken_by = row
            payload = message.payload
            if not journal.keeper.veil.is_idle:
                message.payload = None  # From here on it is the step's, which masks what is classed.
            message.save(update_fields=["taken_by", "payload"])
            journal.succeed(row, attempt, payload)
        elif due_at is not None and due_at <= clock.now():
            journal.succeed(row, attempt, {}, "expired")
        else:
            Expectation.objects.get_or_create(
                step=row, defaults={"workspace_id": run.workspace_id, "event": event, "key": key}
            )
            said = f'the event "{event}" about "{key}"' if event else "an answer at its address"
            journal.wait(row, attempt, {"message": f"Waits for {said}."}, due_at)
    return None


@transaction.atomic
def deliver(workspace_id: uuid.UUID, event: str, key: str, payload: Any, identity: str | None = None) -> Message:
    """Keep a message, and wake the step that has waited for it longest. One with the same identity is kept once."""
    _alone(workspace_id, event, key)
    same = (
        Message.objects.filter(workspace=workspace_id, event=event, identity=identity).first() if identity else None
    )
    if same is not None:
        return same
    made = Message.objects.create(
        workspace_id=workspace_id, event=event, key=key, payload=storable(payload), identity=identity
    )
    waiting = Expectation.objects.filter(workspace=workspace_id, event=event, key=key, step__state=StepState.WAITING)
    first = waiting.order_by("id").first()
    if first is not None:
        now = clock.now()
        RunStep.objects.filter(id=first.step_id, state=StepState.WAITING).update(due_at=now)
        Run.objects.filter(steps=first.step_id).exclude(state__in=ENDED_RUNS).update(due_at=now)
    return made


def answer(signed: str, payload: Any) -> None:
    """Keep the answer that came to an address. Raises BadSignature, AnsweredAlready, or Run.DoesNotExist when the run
    is gone or has ended."""
    run_id, step, item = callbacks.read(signed)
    run = Run.objects.exclude(state__in=ENDED_RUNS).get(id=run_id)
    with transaction.atomic():
        _alone(run.workspace_id, "", _own(run_id, step, item))
        if Message.objects.filter(workspace=run.workspace_id, event="", key=_own(run_id, step, item)).exists():
            raise AnsweredAlready
        deliver(run.workspace_id, "", _own(run_id, step, item), payload)


def _wanted(row: RunStep, values: dict[str, Any]) -> tuple[str, str]:
    if not values.get("event"):
        return "", _own(row.run_id, row.step, row.item)
    key = values.get("key")
    if key is None or isinstance(key, dict | list) or str(key) == "" or len(str(key)) > LONGEST_KEY:
        said = f"The key that is waited for has to be one value of at most {LONGEST_KEY} characters."
        raise Misconfigured(said, field="settings/key")
    return str(values["event"]), str(key)


def _own(run_id: uuid.UUID | str, step: str, item: str) -> str:
    return f"{run_id}/{step}/{item}"


def _alone(workspace_id: uuid.UUID, event: str, key: str) -> None:
    """Whoever waits for it and whoever brings it come one after the other."""
    with connection.cursor() as cursor:
        said = f"{workspace_id}/{event}/{key}"
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 7))", [said])


__all__ = ["AnsweredAlready", "BadSignature", "answer", "carry_out", "deliver"]
