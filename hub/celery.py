"""The Celery application. PostgreSQL holds the work; a task only says that there is some."""

import os
from typing import Any

from celery import Celery
from celery.signals import setup_logging, task_prerun, worker_ready, worker_shutting_down

from hub.operations.serving import serve_pools

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hub.settings")


def _configuration() -> dict[str, Any]:
    from django.conf import settings

    return dict(settings.CELERY)


app = Celery("lockgate")
app.conf.update(_configuration())
app.conf["CELERY_DB_REUSE_MAX"] = 10**9
app.autodiscover_tasks()
serve_pools(app)
_heart: Any = None


@setup_logging.connect
def _leave_logging_to_django(**_: Any) -> None:
    """Connected, so that Celery sets nothing up."""


@task_prerun.connect
def _heal_database_connection(**_: Any) -> None:
    # Celery's own fixup would reconnect around every task, which costs ten milliseconds each (DB_REUSE_MAX turns
    # it off); this closes only connections that a restarted database has broken.
    from django.db import close_old_connections

    close_old_connections()


@worker_ready.connect
def _begin_heart(sender: Any = None, **_: Any) -> None:
    from hub.operations.heartbeats import Heart
    from hub.operations.pools import ours

    global _heart
    _heart = Heart("worker", str(getattr(sender, "hostname", None) or sender), ours())
    _heart.start()


@worker_shutting_down.connect
def _stop_heart(**_: Any) -> None:
    if _heart is not None:
        _heart.stop()
