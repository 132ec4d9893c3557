"""The doorbell: Celery tasks that say "there is work". Losing one loses nothing."""

from __future__ import annotations

import time

import structlog
from celery import shared_task
from django.db.models import Q
from django.utils import timezone
from kombu.exceptions import OperationalError as BrokerError

from workflows.engine import executor
from workflows.engine.journal import claim
from workflows.models import Run
from workflows.planning.states import RunState

log = structlog.get_logger(__name__)

DRAIN_SECONDS = 5.0
MOST_BELLS = 16


@shared_task(name="workflows.drain")
def drain() -> int:
    """Carry out runs that are due, one after the other, until there is none; returns how many. Bounded in time."""
    count, until = 0, time.monotonic() + DRAIN_SECONDS
    while time.monotonic() < until:
        claims = claim()
        if not claims:
            return count
        executor.carry_out(claims[0])
        count += 1
    ring()
    return count


def ring(times: int = 1) -> bool:
    """Tell the workers that there is work. False when the broker does not answer; the scheduler sees to it then."""
    try:
        for _ in range(times):
            drain.apply_async(retry=False)
    except (BrokerError, OSError) as error:
        log.warning("doorbell.broken", error=type(error).__name__)
        return False
    return True


def sweep() -> None:
    """Ring for what is due and nobody has fetched: a lost bell, a retry, a wait that is over, a worker that died."""
    now = timezone.now()
    due = Q(state__in=[RunState.QUEUED, RunState.WAITING], due_at__lte=now)
    lapsed = Q(state=RunState.RUNNING, lease_until__lt=now)
    waiting = Run.objects.filter(due | lapsed)[:MOST_BELLS].count()
    if waiting and not ring(waiting):
        # Without the broker the work goes on here, more slowly.
        while claims := claim():
            executor.carry_out(claims[0])
