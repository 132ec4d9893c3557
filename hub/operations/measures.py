"""Figures of what the hub stands on: the database, the broker, the processes, the disk."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, version
from typing import Any

import redis
from django.conf import settings
from django.db import connection
from django.db.models import Max
from django.utils import timezone
from prometheus_client.metrics_core import GaugeMetricFamily, InfoMetricFamily, Metric

from hub.operations.heartbeats import heard_from
from hub.operations.models import Heartbeat
from hub.settings_sources import cache_url
from hub.watch.tallies import Counts, Durations

ROLES = ("web", "worker", "scheduler")
JOBS = Durations("lockgate_scheduler_job_seconds", "The scheduler's jobs: how long each took.", ["job"])
JOBS_LATE = Durations("lockgate_scheduler_job_lag_seconds", "The scheduler's jobs: how late each began.", ["job"])
JOBS_FAILED = Counts("lockgate_scheduler_job_failures", "The scheduler's jobs that failed.", ["job"])
_ABOUT = """
SELECT pg_database_size(current_database()),
    (SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()),
    current_setting('max_connections')::int,
    coalesce((SELECT extract(epoch FROM max(clock_timestamp() - xact_start)) FROM pg_stat_activity
        WHERE datname = current_database() AND pid <> pg_backend_pid() AND xact_start IS NOT NULL), 0)
"""


def measure() -> Iterator[Metric]:
    yield InfoMetricFamily("lockgate", "The version.", value={"version": release()})
    began = time.perf_counter()
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        took = time.perf_counter() - began
        cursor.execute(_ABOUT)
        size, used, most, oldest = cursor.fetchone()
    yield _gauge("database_seconds", "How long PostgreSQL took to answer the shortest question.", took)
    yield _gauge("database_bytes", "The size of the database.", size)
    yield _gauge("database_connections", "Connections to the database.", used)
    yield _gauge("database_connections_most", "How many connections PostgreSQL allows.", most)
    yield _gauge("database_oldest_transaction_seconds", "The age of the oldest transaction that is open.", oldest)
    yield from _broker()
    yield from _processes()
    place = settings.DATA if settings.DATA.exists() else settings.BASE
    yield _gauge("disk_free_bytes", "What is free where the data folder is.", shutil.disk_usage(place).free)


def release() -> str:
    """Which version this is, and of which source, where the image says so."""
    try:
        number = version("lockgate")
    except PackageNotFoundError:
        from tomllib import loads

        number = str(loads((settings.BASE / "pyproject.toml").read_text())["project"]["version"])
    built = os.environ.get("LOCKGATE_REVISION", "")
    return f"{number}+{built}" if built else number


def _broker() -> Iterator[Metric]:
    client = redis.Redis.from_url(
        cache_url(settings.REDIS_URL), socket_connect_timeout=1, socket_timeout=1, retry=None
    )
    bells: Any = None
    began = time.perf_counter()
    try:
        bells = client.llen(str(settings.CELERY["task_default_queue"]))
    except redis.RedisError:
        pass
    finally:
        client.close()
    yield _gauge("broker_up", "Whether Redis or Valkey answers: 1 or 0.", float(bells is not None))
    if bells is not None:
        yield _gauge("broker_seconds", "How long the broker took to answer.", time.perf_counter() - began)
        yield _gauge("broker_bells", "Bells that no worker has heard yet.", float(bells))


def _processes() -> Iterator[Metric]:
    count = GaugeMetricFamily("lockgate_processes", "Processes that were heard from just now.", labels=["role"])
    silent = GaugeMetricFamily(
        "lockgate_process_silence_seconds", "How long ago any process of a role was heard from.", labels=["role"]
    )
    heard = dict(Heartbeat.objects.values_list("role").annotate(last=Max("heard_at")))
    for role in ROLES:
        count.add_metric([role], len(heard_from(role)))
        if role in heard:
            silent.add_metric([role], (timezone.now() - heard[role]).total_seconds())
    yield count
    yield silent


def _gauge(name: str, says: str, value: float) -> Metric:
    return GaugeMetricFamily(f"lockgate_{name}", says, value=float(value))
