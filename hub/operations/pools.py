"""Pools of workers: a run is carried out by a worker that serves its pool."""

from __future__ import annotations

from collections.abc import Sequence

from django.conf import settings

DEFAULT = "default"
_chosen: tuple[str, ...] | None = None


def ours() -> tuple[str, ...]:
    """The pools that this process serves."""
    return _chosen or tuple(settings.POOLS)


def choose(pools: Sequence[str]) -> None:
    """From now on this process serves these."""
    global _chosen
    _chosen = tuple(dict.fromkeys(pools))


def queue_of(pool: str) -> str:
    """Where the bells of a pool are rung."""
    usual = str(settings.CELERY["task_default_queue"])
    return usual if pool == DEFAULT else f"{usual}.{pool}"
