"""What support needs to see, in one archive and without secrets: `manage.py diagnostics`.

Everything passes the masks, which know every secret that this hub can open. Values of runs, and what is in queries,
are not part of it: they are people's data.
"""

from __future__ import annotations

import json
import os
import platform
import sys
import zipfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from importlib.metadata import distributions
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db import DatabaseError, connection, transaction
from django.utils.module_loading import import_string
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.registry import Collector

from hub.operations import doctor
from hub.operations.measures import release
from hub.operations.models import Heartbeat
from hub.vault import VaultError, open_all
from hub.watch import masks
from hub.watch.metrics import figures

TAIL_BYTES = 500_000
_SHOWN = (  # Of the environment; of what is not named here only the name is told.
    "LOCKGATE_DATA", "LOCKGATE_PUBLIC_URL", "LOCKGATE_ALLOWED_HOSTS", "LOCKGATE_BEHIND_PROXY",
    "LOCKGATE_EGRESS_ALLOW", "LOCKGATE_CONNECTOR_PATHS", "LOCKGATE_API_REQUESTS_PER_MINUTE",
    "LOCKGATE_API_ANONYMOUS_REQUESTS_PER_MINUTE",
    "LOCKGATE_LIVE_STREAMS", "LOCKGATE_ROLE", "LOCKGATE_LOG_JSON", "LOCKGATE_LOG_LEVEL", "LOCKGATE_INSIDE",
    "LOCKGATE_REVISION", "OTEL_SERVICE_NAME", "OTEL_EXPORTER_OTLP_PROTOCOL", "OTEL_TRACES_SAMPLER",
    "OTEL_TRACES_SAMPLER_ARG", "TZ", "LANG", "PYTHONUNBUFFERED",
)  # fmt: skip
_TOLD = ("LOCKGATE_", "OTEL_", "DATABASE_URL", "REDIS_URL")
_TABLES = """
SELECT relname, pg_total_relation_size(relid), n_live_tup, n_dead_tup, last_autovacuum::text, last_autoanalyze::text
FROM pg_stat_user_tables ORDER BY 2 DESC
"""
_SERVER = "SELECT name, setting FROM pg_settings WHERE source NOT IN ('default', 'client', 'override') ORDER BY name"
_ACTIVITY = """
SELECT state, wait_event_type, wait_event, count(*), max(extract(epoch FROM clock_timestamp() - xact_start))::float
FROM pg_stat_activity WHERE datname = current_database() GROUP BY 1, 2, 3 ORDER BY 4 DESC
"""
_MIGRATIONS = "SELECT app, name, applied::text FROM django_migrations ORDER BY id"


def write(to: Path) -> list[str]:
    """Write the archive; returns the names of what is in it. What cannot be found out says why, in its place."""
    _learn_secrets()
    names = []
    descriptor = os.open(to, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as out, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in _files():
            archive.writestr(name, masks.masked(text))
            names.append(name)
    return names


def _learn_secrets() -> None:
    """So that the masks know them, wherever they turn up."""
    for file in (settings.DATA / "secrets").glob("*"):
        text = file.read_text("utf-8", "replace").strip()
        try:
            masks.hide(json.loads(text))
        except ValueError:
            masks.hide(text)
    for name, value in os.environ.items():
        if masks.sounds_secret(name) or name.endswith("_KEYS"):
            masks.hide([value, *value.replace(":", ",").split(",")])
        elif "://" in value:
            masks.hide(urlsplit(value).password or "")
    try:
        open_all()  # Opening makes them known.
    except (DatabaseError, VaultError, OSError):
        return


def _files() -> Iterator[tuple[str, str]]:
    made: dict[str, Callable[[], Any]] = {
        "about.json": _about,
        "settings.json": _settings,
        "doctor.txt": lambda: "\n".join(map(str, doctor.examine())),
        "metrics.txt": _metrics,
        "processes.json": lambda: list(Heartbeat.objects.values("role", "name", "began_at", "heard_at")),
        "database/migrations.json": lambda: _asked(_MIGRATIONS),
        "database/tables.json": lambda: _asked(_TABLES),
        "database/settings.json": lambda: _asked(_SERVER),
        "database/activity.json": lambda: _asked(_ACTIVITY),
    }
    made |= {f"{name}.json": import_string(path) for name, path in settings.DIAGNOSTICS.items()}
    for name, make in made.items():
        try:
            with transaction.atomic():
                found = make()
        except Exception as trouble:  # One that breaks must not keep the others from being told.
            found = f"This could not be found out: {type(trouble).__name__}: {trouble}"
        yield name, found if isinstance(found, str) else json.dumps(masks.clean(found), indent=1)
    for file in sorted((settings.DATA / "logs").glob("*.log")):
        yield f"logs/{file.name}", _tail(file)


def _about() -> dict[str, Any]:
    packages = {each.metadata["Name"]: each.version for each in distributions()}
    return {
        "version": release(),
        "made_at": datetime.now(UTC).isoformat(),
        "python": sys.version,
        "platform": platform.platform(),
        "processors": os.cpu_count(),
        "load": os.getloadavg(),
        "packages": dict(sorted(packages.items())),
    }


def _settings() -> dict[str, Any]:
    """Which variables are set, and the values of those that are no secret."""
    told = {name: value for name, value in os.environ.items() if name.startswith(_TOLD) or name in _SHOWN}
    database = {name: connection.settings_dict[name] for name in ("HOST", "PORT", "NAME", "CONN_MAX_AGE")}
    broker = urlsplit(settings.REDIS_URL)
    return {
        "environment": {name: told[name] for name in sorted(told) if name in _SHOWN},
        "also_set": sorted(name for name in told if name not in _SHOWN),
        "database": database,
        "broker": {"scheme": broker.scheme, "host": broker.hostname, "port": broker.port, "path": broker.path},
        "scheduler_jobs": settings.SCHEDULER_JOBS,
        "celery": {name: value for name, value in settings.CELERY.items() if name != "broker_url"},
    }


class _Figures(Collector):
    def collect(self) -> Any:
        return figures()


def _metrics() -> str:
    registry = CollectorRegistry(auto_describe=False)
    registry.register(_Figures())
    return generate_latest(registry).decode()


def _asked(statement: str) -> list[dict[str, Any]]:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        names = [column[0] for column in cursor.description or []]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def _tail(file: Path) -> str:
    with file.open("rb") as held:
        held.seek(0, os.SEEK_END)
        held.seek(max(held.tell() - TAIL_BYTES, 0))
        return held.read().decode("utf-8", "replace")
