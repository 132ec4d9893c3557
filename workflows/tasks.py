"""The doorbell: Celery tasks that say "there is work". Losing one loses nothing."""

from __future__ import annotations

from uuid import UUID

from celery import shared_task
from celery.signals import worker_shutting_down
from django.core.cache import cache
from django.db.models import Q

from hub.operations.heartbeats import pools_served
from hub.operations.pools import DEFAULT
from hub.watch import clock
from workflows.engine import delivering, draining, reach, removing, slots, tending, weighing
from workflows.engine.bell import ring
from workflows.engine.contents import collecting
from workflows.models import Run
from workflows.planning.states import RunState
from workflows.triggers import firing, polling

DRAIN_SECONDS = 5.0
MOST_BELLS = 16
_REACH_MARK = "workflows.reach"
_REMOVING_MARK = "workflows.removing"
_REMOVING_SECONDS = 60
_REACH_SECONDS = 60
"""A directory that does not answer is not asked more often than this."""


@shared_task(name="workflows.drain")
def drain() -> int:
    """Carry out runs that are due, until there is none, unless this process does so already."""
    return draining.drain()


@worker_shutting_down.connect
def _close(**_: object) -> None:
    draining.close()


@shared_task(name="workflows.ask")
def ask(trigger_id: str) -> int:
    """Ask one event source what happened; returns how many runs that started."""
    started = polling.ask(UUID(trigger_id)) or 0
    ring(min(started, MOST_BELLS))
    return started


@shared_task(name="workflows.tell")
def tell() -> int:
    """Send the notices that are due; returns how many were taken on. Bounded in time."""
    count = delivering.send_due()
    if delivering.is_due():
        ring(task="workflows.tell")
    return count


@shared_task(name="workflows.ask_reach")
def ask_reach() -> int:
    """Ask the directory for what delegates reach, before what is known of it lapses; returns how many."""
    return reach.ask_due()


def tend() -> None:
    """See to the questions whose deadline, reminder or escalation is due, have notices sent, and delegates' reach
    asked for."""
    tending.tend()
    if next(reach.delegates_to_ask(), None) and cache.add(_REACH_MARK, 1, timeout=_REACH_SECONDS):
        ring(task="workflows.ask_reach") or reach.ask_due()
    if delivering.is_due() and not ring(task="workflows.tell"):
        delivering.send_due()


def fire() -> None:
    """Start the runs of schedules that are due, and have event sources asked that are due."""
    ring(min(firing.fire_due(), MOST_BELLS))
    for trigger_id in polling.due_sources():
        if not ring(task="workflows.ask", args=(str(trigger_id),)):
            # Without the broker the sources are asked here, one after the other.
            polling.ask(trigger_id)


def take_turns() -> None:
    """Have runs looked at whose turn it is, where a run is gone without giving up its turn."""
    ring(min(slots.wake_all(), MOST_BELLS))


def remove() -> None:
    """Have what the rules of retention let go removed, at most one worker at a time where the broker answers."""
    if cache.add(_REMOVING_MARK, 1, timeout=_REMOVING_SECONDS) and not ring(task="workflows.remove_old"):
        remove_old()


@shared_task(name="workflows.remove_old")
def remove_old() -> int:
    """Remove what the rules of retention let go; returns how much. Bounded in time."""
    return removing.remove_all(seconds=_REMOVING_SECONDS) + collecting.remove_unused(seconds=_REMOVING_SECONDS)


def weigh() -> None:
    """Have the sizes of workflows measured."""
    if not ring(task="workflows.weigh_all"):
        weigh_all()


@shared_task(name="workflows.weigh_all")
def weigh_all() -> int:
    """Measure the sizes of workflows; returns how many."""
    return weighing.weigh_all()


def sweep() -> None:
    """Ring for what is due and nobody has fetched: a lost bell, a retry, a wait that is over, a worker that died."""
    now = clock.now()
    served = Q(pool__in=pools_served() | {DEFAULT})
    due = Q(state__in=[RunState.QUEUED, RunState.WAITING], due_at__lte=now)
    lapsed = Q(state=RunState.RUNNING, lease_until__lt=now)
    waiting = Run.objects.filter(due | lapsed, served)[:MOST_BELLS].count()
    if waiting and not ring(waiting):
        # Without the broker the work goes on here, more slowly.
        draining.drain(DRAIN_SECONDS)
