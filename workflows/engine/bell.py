"""Telling the workers that there is work. A lost bell loses nothing: the scheduler looks for what is due."""

from __future__ import annotations

import structlog
from celery import current_app
from django.core.cache import cache
from kombu.exceptions import OperationalError as BrokerError

log = structlog.get_logger(__name__)


def ring(times: int = 1, *, task: str = "workflows.drain", args: tuple[str, ...] = ()) -> bool:
    """Ask for a task of `workflows.tasks`. False when the broker does not answer; the scheduler sees to it then."""
    try:
        for _ in range(times):
            current_app.send_task(task, args, retry=False)
    except (BrokerError, OSError) as error:
        log.warning("doorbell.broken", error=type(error).__name__)
        return False
    return True


_MARK = "workflows.bell"
_MARK_SECONDS = 2


def ring_unless_rung() -> None:
    """Ring, unless a bell is on its way: a worker that hears it takes away the mark before it looks for work.

    What is stored before this is called is found by that look, or by the bell that is rung here.
    """
    if cache.add(_MARK, 1, timeout=_MARK_SECONDS):
        ring()


def hear() -> None:
    """A worker is about to look for work; what is stored from now on rings again."""
    cache.delete(_MARK)
