"""Runs for whose outcome a caller waits: the web servers are told when one of them has gone on.

What is told may be lost, and is told once. Who waits looks by itself now and then.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import partial
from typing import TYPE_CHECKING, cast
from uuid import UUID

from django.core.cache import caches
from django.db import transaction

if TYPE_CHECKING:
    from hub.api.cache import SharedCache

_CHANNEL = "lockgate.awaited"


def tell(runs: Iterable[UUID]) -> None:
    """That these have answered or ended, once that is stored."""
    if told := " ".join(str(run) for run in runs):
        transaction.on_commit(partial(_shared().publish, _CHANNEL, told))


def heard() -> Iterator[list[str]]:
    """The ids of the runs of which is told from now on. An empty list first, when listening has begun, and whenever
    nothing was told for a while. Ends when the broker is away."""
    for told in _shared().listen(_CHANNEL):
        yield told.split()


def _shared() -> SharedCache:
    return cast("SharedCache", caches["default"])
