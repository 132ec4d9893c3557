"""Whether somebody has stopped a run, a workflow, a connection, or everything."""

from __future__ import annotations

import time
import uuid
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from django.db import connection
from django.db.models import Q

from hub.registry import catalog
from hub.sdk import Effect
from workflows.graph.graph import Step
from workflows.models import Halt, Run
from workflows.planning.states import RunState, StepState

KEPT_SECONDS = 1.0
"""So old may be what is known, where nothing leaves the hub."""
_known: tuple[float, Sequence[Halt]] = (0.0, ())
_turn: ContextVar[float | None] = ContextVar("halts", default=None)


@contextmanager
def looked_up_once() -> Iterator[None]:
    """In the block the orders are looked up once: that they are as of its beginning is early enough."""
    held = _turn.set(time.monotonic())
    try:
        yield
    finally:
        _turn.reset(held)


def known(*, anew: bool = False) -> Sequence[Halt]:
    """The orders that stand, of all workspaces. Usually there is none."""
    global _known
    at, halts = _known
    if anew and (since := _turn.get()) is not None:
        anew = at < since
    if anew or time.monotonic() - at > KEPT_SECONDS:
        halts = _standing()
        _known = (time.monotonic(), halts)
    return halts


def _standing() -> Sequence[Halt]:
    with connection.cursor() as cursor:
        # Asked before every write, and nearly always answered with no.
        cursor.execute("SELECT EXISTS (SELECT FROM workflows_halt WHERE lifted_at IS NULL)")
        if not cursor.fetchone()[0]:
            return ()
    return list(Halt.objects.filter(lifted_at=None).select_related("connection").order_by("id"))


def forget() -> None:
    """An order was given or lifted in this process."""
    global _known
    _known = (0.0, ())


@dataclass(frozen=True)
class Halts:
    """What of the orders that stand concerns one run."""

    run: Run

    def of_run(self) -> Halt | None:
        """What stops the run as a whole."""
        return next((each for each in known() if not each.writes_only and covers(each, self.run)), None)

    def of_step(self, step: Step) -> Halt | None:
        """What stops a step that would leave the hub. It is looked up at the last moment."""
        if step.kind not in ("action", "notify", "apply"):
            return self.of_run()
        for each in known(anew=True):
            if each.workspace_id != self.run.workspace_id or (each.writes_only and not writes(step)):
                continue
            if covers(each, self.run):
                return each
            if each.connection is not None and each.connection.slug == step.connection:
                return each
        return None


def covers(halt: Halt, run: Run) -> bool:
    """Whether the order is about the run, whatever its steps use."""
    if halt.workspace_id != run.workspace_id or halt.connection_id is not None:
        return False
    if halt.run_id is not None and halt.run_id != run.id:
        return any(halt.run_id == each.id for each in _above(run))
    return halt.workflow_id in (None, run.workflow_id)


def _above(run: Run) -> Iterator[Run]:
    """The run whose step started this one, the one whose step started that one, and so on."""
    while run.parent_id is not None:
        run = Run.objects.only("id", "parent").get(steps=run.parent_id)
        yield run


def _below(run_id: uuid.UUID) -> list[uuid.UUID]:
    made = list(Run.objects.filter(parent__run=run_id).values_list("id", flat=True))
    return made + [deeper for each in made for deeper in _below(each)]


def writes(step: Step) -> bool:
    """Whether the step changes something outside of the hub. What nobody knows is taken for a write."""
    if step.kind == "action":
        entry = catalog().actions.get(step.action)
        return entry is None or entry.effect is not Effect.NONE
    return step.kind in ("notify", "apply")


def of_connections(workspace_id: uuid.UUID, connections: Iterable[uuid.UUID]) -> Halt | None:
    """What forbids to write through one of these connections."""
    wanted = set(connections)
    for each in known(anew=True):
        everything = each.run_id is None and each.workflow_id is None and each.connection_id is None
        if each.workspace_id == workspace_id and (everything or each.connection_id in wanted):
            return each
    return None


def stopped_workspaces() -> list[uuid.UUID]:
    """Where everything, or every write, is stopped."""
    return [each.workspace_id for each in known() if not (each.run_id or each.workflow_id or each.connection_id)]


def spared_connections() -> Q:
    """The connections that an order keeps from being called at all."""
    orders = Halt.objects.filter(lifted_at=None, writes_only=False, run=None, workflow=None)
    everything = orders.filter(connection=None).values("workspace")
    return Q(id__in=orders.exclude(connection=None).values("connection")) | Q(workspace__in=everything)


def waking(halt: Halt) -> Q:
    """The runs that the order may have kept from going on."""
    held = Q(due_at=None) | Q(steps__state=StepState.READY)
    scope = Q(workspace=halt.workspace_id, state=RunState.WAITING) & held
    if halt.run_id:
        return scope & Q(id__in=[halt.run_id, *_below(halt.run_id)])
    return scope & Q(workflow=halt.workflow_id) if halt.workflow_id else scope
