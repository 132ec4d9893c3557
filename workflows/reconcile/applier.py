"""Applying a plan: exactly its changes, each looked at before and read back after."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from hub.connections import OpenConnection, open_connection
from hub.registry import UnknownEntry, catalog
from hub.sdk import Call, ConnectorError, Misconfigured, Resource, TryLater
from workflows.models import Change, ChangeState, Plan, PlanState

_OPEN = (ChangeState.PLANNED, ChangeState.WRITING)


class NotYours(Exception):
    """Somebody else began to apply this plan. What this one wanted to write is not written."""


class Interrupted(Exception):
    """A service is busy or unreachable. The plan goes on from where it stopped when it is applied again."""

    def __init__(self, trouble: TryLater) -> None:
        super().__init__(trouble.message)
        self.trouble = trouble


def begin(plan_id: uuid.UUID) -> int | None:
    """Take an approved plan, or one whose applying was broken off; None when it is in another state."""
    with transaction.atomic():
        taken = Plan.objects.filter(id=plan_id, state__in=[PlanState.APPROVED, PlanState.APPLYING]).update(
            state=PlanState.APPLYING, fence=F("fence") + 1
        )
        return Plan.objects.get(id=plan_id).fence if taken else None


def apply(plan_id: uuid.UUID, fence: int) -> None:
    """Make every change that is still open, in order, then end the plan.

    A change whose object is no longer as it was when the plan was made is parked and says so; one that is as wanted
    already writes nothing. Raises Interrupted with everything so far kept, and NotYours.
    """
    opened: dict[uuid.UUID, OpenConnection] = {}
    rows = Change.objects.filter(plan_id=plan_id, state__in=_OPEN).select_related("connection").order_by("position")
    for change in rows.iterator(chunk_size=500):
        if change.connection_id not in opened:
            opened[change.connection_id] = open_connection(change.connection)
        _make(change, opened[change.connection_id].client, fence)
    with transaction.atomic():
        done = Plan.objects.filter(id=plan_id, fence=fence, state=PlanState.APPLYING).update(
            state=PlanState.APPLIED, applied_at=timezone.now()
        )
        if not done:
            raise NotYours


def _make(change: Change, client: Any, fence: int) -> None:
    try:
        resource = catalog().resource(change.resource).implementation
    except UnknownEntry as error:
        return _end(change, fence, ChangeState.PARKED, str(error))
    try:
        now = resource.read_one(change.key, client)
        if now == change.after:
            was_writing = change.state == ChangeState.WRITING
            return _end(change, fence, ChangeState.APPLIED if was_writing else ChangeState.ALREADY, "")
        if now != change.before:
            return _end(change, fence, ChangeState.PARKED, _changed_since(now))
        _intend(change, fence)
        _write(resource, change, client)
        return _read_back(resource, change, client, fence)
    except TryLater as trouble:
        raise Interrupted(trouble) from None
    except ConnectorError as trouble:
        return _end(change, fence, ChangeState.PARKED, trouble.message)


def _write(resource: Resource[Any], change: Change, client: Any) -> None:
    call = Call(key=str(change.id))
    match change.operation:
        case "create":
            resource.create(change.key, change.after or {}, client, call)
        case "update":
            resource.update(change.key, change.before or {}, change.after or {}, client, call)
        case "delete":
            resource.delete(change.key, change.before or {}, client, call)
        case _:
            raise Misconfigured(f'There is no operation "{change.operation}".')


def _read_back(resource: Resource[Any], change: Change, client: Any, fence: int) -> None:
    now = resource.read_one(change.key, client)
    if now == change.after:
        return _end(change, fence, ChangeState.APPLIED, "")
    return _end(change, fence, ChangeState.PARKED, "It was written, but reading it back shows something else.")


def _changed_since(now: dict[str, Any] | None) -> str:
    if now is None:
        return "It does not exist any more. Nothing was written; make a new plan."
    return "It was changed after the plan was made. Nothing was written; make a new plan."


def _intend(change: Change, fence: int) -> None:
    with _held(change, fence):
        Change.objects.filter(id=change.id).update(state=ChangeState.WRITING, intended_at=timezone.now())
        change.state = ChangeState.WRITING


def _end(change: Change, fence: int, state: ChangeState, message: str) -> None:
    with _held(change, fence):
        Change.objects.filter(id=change.id).update(state=state, message=message[:2000], ended_at=timezone.now())


@contextmanager
def _held(change: Change, fence: int) -> Iterator[None]:
    """A transaction that holds the plan's row. Raises NotYours when this applier does not own it any more."""
    with transaction.atomic():
        mine = Plan.objects.filter(id=change.plan_id, fence=fence, state=PlanState.APPLYING)
        if mine.select_for_update().first() is None:
            raise NotYours
        yield
