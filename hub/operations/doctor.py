"""What `manage.py doctor` looks at. Each check says whether it is well, and how to mend it when it is not."""

from __future__ import annotations

import json
import os
import shutil
import socket
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db import DatabaseError, InterfaceError, connection
from django.utils.module_loading import import_string

from hub.operations import frontend
from hub.operations.data_folder import DataFolder
from hub.operations.heartbeats import MISSED_SECONDS, heard_from

if TYPE_CHECKING:
    from hub.vault.keys import KeyRing

LEAST_FREE_MB = 500


@dataclass(frozen=True)
class Finding:
    """One line. `mend` is empty when all is well."""

    name: str
    says: str = ""
    mend: str = ""

    @property
    def well(self) -> bool:
        return not self.mend

    def __str__(self) -> str:
        if self.well:
            return f"{self.name}: OK" + (f" ({self.says})" if self.says else "")
        return f"{self.name}: NOT WELL. {self.says}\n    {self.mend}"


def _start() -> str:
    """How to start the hub whose data folder is looked at."""
    folder = "" if Path(settings.BASE) / "var" == settings.DATA else f" --data {settings.DATA}"
    return f"Start the hub: python3 manage.py up{folder}"


def examine() -> list[Finding]:
    """Everything. What needs the database is left out when it does not answer, or is not up to date."""
    findings = [_of("Data folder", check_data_folder), _of("Database", check_database)]
    if findings[-1].well:
        findings.append(_of("Migrations", check_migrations))
    if findings[-1].well:
        built_on_us = {name: import_string(path) for name, path in settings.DOCTOR_CHECKS.items()}
        findings += [_of(name, check) for name, check in (_NEED_DATABASE | built_on_us).items()]
    return findings + [_of(name, check) for name, check in _ALONE.items()]


def _of(name: str, check: Callable[[str], Finding]) -> Finding:
    try:
        return check(name)
    except Exception as trouble:  # One check that breaks must not hide what the others say.
        return Finding(name, f"The check itself failed: {type(trouble).__name__}: {trouble}.", "Report this.")


def check_data_folder(name: str) -> Finding:
    """Which hub is looked at: every other line is about the one that keeps its data here."""
    another = "python3 manage.py doctor --data FOLDER, or LOCKGATE_DATA"
    if not settings.DATA.exists() and "DATABASE_URL" not in os.environ:
        said = f"There is no {settings.DATA}: no hub has been started on it."
        return Finding(name, said, f"{_start()}. If it runs on another folder, name that: {another}.")
    user = DataFolder(settings.DATA).user()
    runs = f"a hub runs on it at {user.get('url', 'an address it has not told yet')}" if user else "no hub runs on it"
    return Finding(name, f"{settings.DATA}; {runs}; to look at another: {another}")


def check_database(name: str) -> Finding:
    connection.settings_dict["OPTIONS"] = {"connect_timeout": 5, **connection.settings_dict.get("OPTIONS", {})}
    where = f"{connection.settings_dict['HOST']}:{connection.settings_dict['PORT'] or 5432}"
    try:
        with connection.cursor() as cursor:
            cursor.execute("SHOW server_version")
            version = str(cursor.fetchone()[0]).split()[0]
    except (DatabaseError, InterfaceError) as trouble:
        reason = (str(trouble).strip().splitlines() or [type(trouble).__name__])[0]
        return Finding(name, f"It does not answer at {where}: {reason}.", _serve("DATABASE_URL"))
    return Finding(name, f"PostgreSQL {version}")


def _serve(variable: str) -> str:
    """How to get a server to answer that the hub has started, or that is the user's own."""
    return f"Start that server, or mend {variable}." if os.environ.get(variable) else _start()


def check_migrations(name: str) -> Finding:
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    missing = [str(step) for step, _ in executor.migration_plan(executor.loader.graph.leaf_nodes())]
    if missing:
        some = ", ".join(missing[:3]) + (" and others" if len(missing) > 3 else "")
        return Finding(name, f"{len(missing)} are not applied: {some}.", "python3 manage.py prepare")
    return Finding(name)


def check_redis(name: str) -> Finding:
    import redis

    from hub.settings_sources import cache_url

    url = cache_url(settings.REDIS_URL)
    client = redis.Redis.from_url(url, socket_connect_timeout=3, socket_timeout=3, retry=None)
    try:
        client.ping()
    except redis.RedisError as trouble:
        parts = urlsplit(url)
        where = parts.path if parts.scheme == "unix" else f"{parts.hostname}:{parts.port or 6379}"
        return Finding(
            name,
            f"It does not answer at {where} ({type(trouble).__name__}). Work is still found, but later.",
            _serve("REDIS_URL"),
        )
    finally:
        client.close()
    return Finding(name)


def check_secret_key(name: str) -> Finding:
    if str(settings.SECRET_KEY).startswith("no-key-made-yet"):
        return Finding(
            name, "There is none, so nobody can sign in safely.", f"{_start()}, or set LOCKGATE_SECRET_KEY."
        )
    return Finding(name)


def check_vault(name: str) -> Finding:
    from hub.vault import VaultError

    try:
        keys = _keys()
    except (VaultError, OSError) as trouble:
        return Finding(name, str(trouble), "Restore the key from a backup. Without it no saved sign-in opens.")
    return Finding(name, f'"{keys.sealing}" seals' if keys else "none yet; the first start makes one")


def _keys() -> KeyRing | None:
    """The keys, but none is made: looking must change nothing."""
    from hub.vault.keys import VARIABLE
    from hub.vault.ring import key_file, ring

    return ring() if os.environ.get(VARIABLE) or key_file().exists() else None


def check_sealed(name: str) -> Finding:
    from hub.vault import VaultError, rotation

    try:
        keys = _keys()
        held = keys.keys if keys else {}
        lost = {key for counts in rotation.usage().values() for key in counts if key not in held}
    except VaultError as trouble:
        return Finding(name, str(trouble), "python3 manage.py vault status")
    if lost:
        names = ", ".join(sorted(lost))
        return Finding(name, f"Some are sealed with keys that are missing: {names}.", "Restore them from a backup.")
    return Finding(name)


def check_disk(name: str) -> Finding:
    place = settings.DATA
    while not place.exists():
        place = place.parent
    free_mb = shutil.disk_usage(place).free // 2**20
    if free_mb < LEAST_FREE_MB:
        return Finding(name, f"{free_mb} MB are free at {place}.", f"Free some: {LEAST_FREE_MB} MB are needed.")
    return Finding(name, f"{free_mb // 1024} GB free" if free_mb >= 1024 else f"{free_mb} MB free")


def check_workers(name: str) -> Finding:
    return _presence(name, "worker", "celery -A hub.celery:app worker --pool threads")


def check_scheduler(name: str) -> Finding:
    return _presence(name, "scheduler", "python3 manage.py scheduler")


def _presence(name: str, role: str, command: str) -> Finding:
    found = heard_from(role)
    if not found:
        said = f"None was heard from in the last {MISSED_SECONDS:.0f} seconds."
        return Finding(name, said, f"{_start()}, or start one of your own: {command}")
    return Finding(name, f"{len(found)} heard from")


def check_connectors(name: str) -> Finding:
    from hub.registry import catalog

    known = catalog()
    broken = [str(problem) for problem in known.problems if problem.broken]
    if broken:
        return Finding(name, " ".join(broken[:5]), "Mend the connector, then start again.")
    return Finding(name, ", ".join(known.connectors) or "none")


def check_connections(name: str) -> Finding:
    from hub.connections.models import Connection, Health

    failing = list(Connection.objects.filter(health=Health.FAILING).select_related("workspace").order_by("id")[:6])
    if failing:
        names = "; ".join(f'"{each}" in "{each.workspace}": {each.health_message}' for each in failing[:5])
        more = " There are more." if len(failing) > 5 else ""
        return Finding(name, f"{names}{more}", "Open the connection, mend its settings, and test it again.")
    return Finding(name, f"{Connection.objects.count()} saved, none failing")


def check_sandboxes(name: str) -> Finding:
    about = settings.DATA / "run" / "sandbox.json"
    if not about.is_file():
        return Finding(name, "not in use")
    try:
        places = sorted(set(_addresses(json.loads(about.read_text("utf-8")))))
    except ValueError:
        return Finding(name, f"{about} cannot be read.", f"{_start()} writes it again.")
    silent = [f"{host}:{port}" for host, port in places if not _listens(host, port)]
    if silent:
        return Finding(name, f"Nobody answers at {', '.join(silent)}.", f"{_start()}, or remove {about}.")
    return Finding(name, ", ".join(f"{host}:{port}" for host, port in places))


def _addresses(value: Any) -> Iterator[tuple[str, int]]:
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list):
        for inner in value:
            yield from _addresses(inner)
    elif isinstance(value, str) and value.startswith(("http://127.", "http://localhost")):
        parts = urlsplit(value)
        if parts.hostname and parts.port:
            yield parts.hostname, parts.port


def _listens(host: str, port: int) -> bool:
    try:
        with socket.create_connection((host, port), timeout=2):
            return True
    except OSError:
        return False


def check_frontend(name: str) -> Finding:
    root = Path(settings.BASE)
    stamp = root / "hub" / "web" / "static" / "built" / ".stamp"
    if not stamp.is_file():
        return Finding(name, "It is not built: the pages only say so. The API works.", _start())
    if (root / "frontend" / "package.json").is_file() and not frontend.is_current(root):
        return Finding(name, "It was built from older sources.", _start())
    return Finding(name, "built")


_NEED_DATABASE: dict[str, Callable[[str], Finding]] = {
    "Workers": check_workers,
    "Scheduler": check_scheduler,
    "Sealed secrets": check_sealed,
    "Connections": check_connections,
}
_ALONE: dict[str, Callable[[str], Finding]] = {
    "Redis": check_redis,
    "Secret key": check_secret_key,
    "Vault key": check_vault,
    "Disk": check_disk,
    "Connectors": check_connectors,
    "Sandboxes": check_sandboxes,
    "Front end": check_frontend,
}
