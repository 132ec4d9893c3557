"""Figures of connections: whether they work, and whether their services ask for a pause."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils import timezone
from prometheus_client.metrics_core import GaugeMetricFamily, Metric

from hub.connections import watching  # noqa: F401 - its counts are told with the others
from hub.connections.models import Bucket, Connection, Health

LABELS = ["workspace", "connection", "connector"]


def measure() -> Iterator[Metric]:
    up = GaugeMetricFamily(
        "lockgate_connection_up", "What the last test of a connection found: 1 or 0.", labels=LABELS
    )
    paused = GaugeMetricFamily(
        "lockgate_connection_paused_seconds", "For how long a connection's service wants no call.", labels=LABELS
    )
    now = timezone.now()
    until = {each.connection_id: each.paused_until for each in Bucket.objects.filter(paused_until__gt=now)}
    for each in Connection.objects.select_related("workspace").only("slug", "connector", "health", "workspace__slug"):
        labels = [each.workspace.slug, each.slug, each.connector]
        if each.health != Health.UNTESTED:
            up.add_metric(labels, float(each.health == Health.WELL))
        if (end := until.get(each.id)) is not None:
            paused.add_metric(labels, (end - now).total_seconds())
    yield up
    yield paused
