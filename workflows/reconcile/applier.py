"""Applying a plan: exactly its changes, each looked at before and read back after."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import structlog
from django.db import DatabaseError, InterfaceError, OperationalError, transaction
from django.db.models import F, Q
from django.utils import timezone

from hub.connections import OpenConnection, open_connection
from hub.registry import UnknownEntry, catalog
from hub.sdk import Call, ConnectorError, Misconfigured, Resource, SignInRefused, TryLater
from workflows import leases
from workflows.models import Change, ChangeState, Plan, PlanState
from workflows.reconcile.looking_back import look_back
from workflows.reconcile.planner import digest_of

log = structlog.get_logger(__name__)

_OPEN = (ChangeState.PLANNED, ChangeState.WRITING)


class NotYours(Exception):
    """Somebody else began to apply this plan. What this one wanted to write is not written."""


class Interrupted(Exception):
    """A service is unreachable, or refuses the sign-in. The plan goes on from there when it is applied again."""

    def __init__(self, trouble: ConnectorError) -> None:
        super().__init__(trouble.message)
        self.trouble = trouble


class Stopped(Exception):
    """Whoever asked for the plan to be applied wants no more of it. It goes on when it is applied again."""


def begin(plan_id: uuid.UUID, *, parked_too: bool = False) -> int | None:
    """Take an approved plan, or one whose applying was broken off; None when it is in another state or in good hands.

    `parked_too` takes an applied plan as well, to try its parked changes again. Raises Altered when the plan's
    changes are not those that it was made of.
    """
    takeable = Q(state=PlanState.APPROVED) | Q(state=PlanState.APPLYING) & leases.is_free()
    if parked_too:
        takeable |= Q(state=PlanState.APPLIED)
    with transaction.atomic():
        taken = Plan.objects.filter(takeable, id=plan_id).update(
            state=PlanState.APPLYING, fence=F("fence") + 1, lease_until=leases.fresh()
        )
        if not taken:
            return None
        plan = Plan.objects.get(id=plan_id)
        if digest_of(plan) != plan.digest:
            raise Altered
        if plan.approved_digest and digest_of(plan, approved_only=True) != plan.approved_digest:
            raise Altered
        if parked_too:
            _unpark(plan)
        return plan.fence


def _unpark(plan: Plan) -> None:
    """Look at the parked changes anew. One that may have been written is not taken for one that never was."""
    parked = plan.changes.filter(state=ChangeState.PARKED)
    parked.filter(intended_at=None).update(state=ChangeState.PLANNED, message="", ended_at=None)
    parked.update(state=ChangeState.WRITING, message="", ended_at=None)


class Altered(Exception):
    """The plan is not what was approved: somebody changed its rows in the database."""


def apply(plan_id: uuid.UUID, fence: int, *, wanted: Callable[[], bool] = lambda: True) -> None:
    """Make every change that is still open, in order, then end the plan.

    A change whose object is no longer as it was when the plan was made is parked and says so; one that is as wanted
    already writes nothing. `wanted` is asked before each change. Raises Interrupted or Stopped with everything so
    far kept, and NotYours.
    """
    try:
        with leases.keeper.keeping(leases.Lease(leases.PLANS, plan_id, fence)):
            _apply(plan_id, fence, wanted)
    except (OperationalError, InterfaceError):
        raise  # It is freed once the database is back.
    except BaseException:
        Plan.objects.filter(id=plan_id, fence=fence).update(lease_until=None)
        raise


def _apply(plan_id: uuid.UUID, fence: int, wanted: Callable[[], bool]) -> None:
    look_back(Plan.objects.get(id=plan_id))
    opened: dict[uuid.UUID, OpenConnection] = {}
    rows = Change.objects.filter(plan_id=plan_id, state__in=_OPEN).select_related("connection").order_by("position")
    for change in rows.iterator(chunk_size=500):
        if not wanted():
            raise Stopped
        if change.connection_id not in opened:
            opened[change.connection_id] = open_connection(change.connection)
        _make(change, opened[change.connection_id].client, fence)
    with transaction.atomic():
        done = Plan.objects.filter(id=plan_id, fence=fence, state=PlanState.APPLYING).update(
            state=PlanState.APPLIED, applied_at=timezone.now(), lease_until=None
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
    except (TryLater, SignInRefused, Misconfigured) as trouble:
        raise Interrupted(trouble) from None
    except ConnectorError as trouble:
        return _end(change, fence, ChangeState.PARKED, trouble.message)
    except (NotYours, DatabaseError, InterfaceError):
        raise
    except Exception as trouble:
        log.exception("plan.change-failed", resource=change.resource)
        message = f"The connector made a mistake ({type(trouble).__name__}); it has been logged."
        return _end(change, fence, ChangeState.PARKED, message)


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
        if not mine.update(lease_until=leases.fresh()):
            raise NotYours
        yield
