"""What the engine counts: how long runs and steps wait and work, how runs end, how webhooks are answered."""

from __future__ import annotations

from datetime import datetime
from time import perf_counter

from hub.watch import clock
from hub.watch.tallies import Counts, Durations

STEPS = Durations(
    "lockgate_step_seconds",
    "Steps: until they were taken on (queue), until the intent was stored (setup), until the outcome was (work).",
    ["kind", "phase"],
)
QUEUED = Durations("lockgate_run_queue_seconds", "Runs: from stored to taken on for the first time.")
ENDED = Counts("lockgate_runs_ended", "Runs that have ended.", ["state"])
CALLS = Counts("lockgate_webhook_calls", "Webhook calls, by the status of the answer.", ["status"])
ANSWERED = Durations("lockgate_webhook_seconds", "Webhook calls: until they were answered.")
FIRED = Durations("lockgate_schedule_lag_seconds", "Schedules: from due to started.")


class Watch:
    """Times one step, phase by phase."""

    __slots__ = ("_at", "_kind")

    def __init__(self, kind: str) -> None:
        self._kind, self._at = kind, perf_counter()

    def begun(self, ready_at: datetime | None) -> None:
        """The intent is stored. None when it is not tried for the first time: then it has waited on purpose."""
        now = perf_counter()
        if ready_at is not None:
            waited = (clock.now() - ready_at).total_seconds() - (now - self._at)
            STEPS.add(max(waited, 0.0), self._kind, "queue")
        STEPS.add(now - self._at, self._kind, "setup")
        self._at = now

    def worked(self) -> None:
        """Its outcome is noted."""
        STEPS.add(perf_counter() - self._at, self._kind, "work")
