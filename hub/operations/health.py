"""Answers for load balancers and for `manage.py up`."""

from __future__ import annotations

from django.db import DatabaseError, InterfaceError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, JsonResponse

RETRY_AFTER_SECONDS = 2
_up_to_date = False
"""Migrations are only ever added while a process lives, by a newer release that brings its own processes."""


def live(request: HttpRequest) -> JsonResponse:
    """The process answers."""
    return JsonResponse({"status": "ok"})


def ready(request: HttpRequest) -> JsonResponse:
    """The process can do its work: the database answers, and is as this release needs it."""
    global _up_to_date
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        _up_to_date = _up_to_date or _is_migrated()
    except (DatabaseError, InterfaceError):
        connection.close()  # The next question opens another.
        return _not_yet("The database does not answer.")
    if not _up_to_date:
        return _not_yet("The database is not up to date: run manage.py prepare.")
    return JsonResponse({"status": "ok"})


def _is_migrated() -> bool:
    executor = MigrationExecutor(connection)
    return not executor.migration_plan(executor.loader.graph.leaf_nodes())


def _not_yet(reason: str) -> JsonResponse:
    answer = JsonResponse({"status": "unavailable", "reason": reason}, status=503)
    answer["Retry-After"] = str(RETRY_AFTER_SECONDS)
    return answer
