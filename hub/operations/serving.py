"""`--pools` of a worker: which bells it hears, and whose runs it carries out."""

from __future__ import annotations

from typing import Any

import click
from celery import Celery, bootsteps


class ServePools(bootsteps.Step):
    """Before the worker begins to listen."""

    def __init__(self, worker: Any, pools: str | None = None, **options: Any) -> None:
        from hub.operations import pools as known

        super().__init__(worker, **options)
        if named := [each.strip() for each in (pools or "").split(",") if each.strip()]:
            known.choose(named)
        worker.app.amqp.queues.select([known.queue_of(each) for each in known.ours()])


def serve_pools(app: Celery) -> None:
    said = "The pools of workers that this one belongs to, comma-separated. Left out: LOCKGATE_POOLS, or default."
    app.user_options["worker"].add(click.Option(["--pools"], metavar="NAMES", help=said))
    app.steps["worker"].add(ServePools)
