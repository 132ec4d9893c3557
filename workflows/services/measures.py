"""Figures of the work: the queue, leases, triggers, plans. Asked of PostgreSQL, by indexes, when they are wanted."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db import connection
from django.db.models import Count, Min, Q
from prometheus_client.metrics_core import GaugeMetricFamily, Metric

from hub.watch import clock
from workflows.engine import timing  # noqa: F401 - its counts are told with the others
from workflows.leases import LEASE_SECONDS
from workflows.models import OPEN_DELIVERIES, AlertRule, Delivery, Plan, PlanState, Trigger
from workflows.planning.alerts import AlertKind
from workflows.planning.states import RunState

OPEN = (RunState.QUEUED, RunState.WAITING, RunState.RUNNING)
_QUEUE = """
SELECT count(*), coalesce(extract(epoch FROM clock_timestamp() - min(greatest(due_at, created_at))), 0)
FROM workflows_run WHERE state IN ('queued', 'waiting') AND due_at <= clock_timestamp()
"""  # Urgent workflows have a head start: their runs are due before they were made.
_OPEN = """
SELECT state, count(*) FROM workflows_run WHERE state IN ('queued', 'waiting') GROUP BY state
UNION ALL SELECT 'running', count(*) FROM workflows_run WHERE state = 'running'
"""
_LEASES = """
SELECT extract(epoch FROM clock_timestamp() - min(lease_until)),
    extract(epoch FROM clock_timestamp() - min(started_at)),
    count(*) FILTER (WHERE lease_until < clock_timestamp())
FROM workflows_run WHERE state = 'running'
"""
_DOUBT = """
SELECT count(*) FROM workflows_runstep step JOIN workflows_run run ON run.id = step.run_id
WHERE step.state = 'in_doubt' AND run.state = 'waiting'
"""


def measure() -> Iterator[Metric]:
    depth, age = _asked(_QUEUE)[0]
    yield _gauge("queue_depth", "Runs that are due and that no worker has taken on.", depth)
    yield _gauge("queue_age_seconds", "How long the first of them has been due.", age)
    states = GaugeMetricFamily("lockgate_runs", "Runs that have not ended.", labels=["state"])
    found = dict(_asked(_OPEN))
    for state in OPEN:
        states.add_metric([state], found.get(state, 0))
    yield states
    overdue, longest, lapsed = _asked(_LEASES)[0]
    renewed = float(overdue) + LEASE_SECONDS if overdue is not None else 0.0
    yield _gauge("lease_age_seconds", "How long ago the lease was renewed that was renewed longest ago.", renewed)
    yield _gauge(
        "leases_lapsed", "Runs whose worker was not heard of for so long that another may take them.", lapsed
    )
    yield _gauge("run_longest_seconds", "How long ago the oldest run under way began.", longest or 0)
    yield from _triggers()
    open_rows = Delivery.objects.filter(state__in=OPEN_DELIVERIES)
    late = open_rows.filter(due_at__lt=clock.now()).aggregate(oldest=Min("due_at"))["oldest"]
    yield _gauge("deliveries_open", "Messages that are to be sent.", open_rows.count())
    age = (clock.now() - late).total_seconds() if late else 0
    yield _gauge("deliveries_age_seconds", "How long the first of those that are due has been.", age)


def measure_alerts() -> Iterator[Metric]:
    alerts = GaugeMetricFamily("lockgate_alerts", "Workflows that are not well, by what is wrong.", labels=["kind"])
    rows = AlertRule.objects.filter(began_at__isnull=False).order_by().values_list("kind").annotate(Count("id"))
    found = dict(rows)
    for kind in AlertKind:
        alerts.add_metric([kind], found.get(kind, 0))
    yield alerts


def measure_plans() -> Iterator[Metric]:
    plans = GaugeMetricFamily("lockgate_plans", "Plans.", labels=["state"])
    found = dict(Plan.objects.order_by().values_list("state").annotate(Count("id")))
    for state in PlanState:
        plans.add_metric([state], found.get(state, 0))
    yield plans


def measure_doubts() -> Iterator[Metric]:
    yield _gauge("steps_in_doubt", "Steps of which a person has to say whether they happened.", _asked(_DOUBT)[0][0])


def _triggers() -> Iterator[Metric]:
    now = clock.now()
    lag = GaugeMetricFamily(
        "lockgate_trigger_lag_seconds", "How long ago the trigger was due that is latest.", labels=["kind"]
    )
    failing = GaugeMetricFamily("lockgate_triggers_failing", "Triggers that cannot do their work.", labels=["kind"])
    live = Trigger.objects.filter(is_live=True, workflow__is_active=True)
    for kind in ("schedule", "event"):
        rows = live.filter(kind=kind)
        # Whoever asks just now is not late.
        late = rows.filter(Q(lease_until=None) | Q(lease_until__lt=now), due_at__lte=now)
        due = late.aggregate(due=Min("due_at"))["due"]
        lag.add_metric([kind], (now - due).total_seconds() if due else 0)
        failing.add_metric([kind], rows.exclude(error=None).count())
    yield lag
    yield failing


def _asked(statement: str) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return list(cursor.fetchall())


def _gauge(name: str, says: str, value: float) -> Metric:
    return GaugeMetricFamily(f"lockgate_{name}", says, value=float(value))
