"""Removes large values that no run refers to any more.

Whoever begins to refer to a value writes its row in the same transaction (`writing.use`). Here the rows are held
first, and only then is asked whether anybody refers to them: whoever came before is seen, whoever comes later waits
and finds the value gone before it has stored a reference.
"""

from __future__ import annotations

import time
import uuid
from datetime import timedelta
from itertools import islice

import structlog
from django.db import connection, transaction
from django.utils import timezone

from workflows.engine.contents import places
from workflows.models import Content

log = structlog.get_logger(__name__)

KEPT_UNUSED = timedelta(days=1)
"""A value may be written for long before its step ends, and somebody may be about to refer to it."""
BATCH = 100
_HOLD = """
SELECT id FROM workflows_content content WHERE kept_at < %s
AND NOT EXISTS (SELECT FROM workflows_contentuse used WHERE used.content_id = content.id)
ORDER BY kept_at LIMIT %s FOR UPDATE SKIP LOCKED
"""
_STILL_UNUSED = """
SELECT id FROM workflows_content content WHERE id = ANY(%s)
AND NOT EXISTS (SELECT FROM workflows_contentuse used WHERE used.content_id = content.id)
"""


def remove_unused(*, seconds: float = 60.0) -> int:
    """Remove what nobody has referred to for a day; returns how many. Safe to run twice at once."""
    until, count = time.monotonic() + seconds, 0
    while time.monotonic() < until:
        removed = _batch()
        count += len(removed)
        for each in removed:
            try:
                places.remove(each)
            except OSError as error:  # Its row is gone: it is a stray now, and removed as one.
                log.warning("content.not-removed", content=str(each), error=str(error))
        if len(removed) < BATCH:
            break
    _remove_strays(until)
    return count


@transaction.atomic
def _batch() -> list[uuid.UUID]:
    with connection.cursor() as cursor:
        cursor.execute(_HOLD, [timezone.now() - KEPT_UNUSED, BATCH])
        held = [row[0] for row in cursor.fetchall()]
        # A statement of its own sees what was stored until the rows were held.
        cursor.execute(_STILL_UNUSED, [held])
        unused = [row[0] for row in cursor.fetchall()]
        cursor.execute("DELETE FROM workflows_contentpage WHERE content_id = ANY(%s)", [unused])
        cursor.execute("DELETE FROM workflows_content WHERE id = ANY(%s)", [unused])
    return unused


def _remove_strays(until: float) -> None:
    """Pages of values whose row is gone, or was never stored: a process died in between. What there is no time for
    is removed the next time."""
    try:
        lying = places.strays(KEPT_UNUSED.total_seconds())
        while time.monotonic() < until and (some := list(islice(lying, BATCH))):
            ids = [each for _, each in some]
            known = set(Content.objects.filter(id__in=ids).values_list("id", flat=True))
            for place, each in some:
                if each not in known:
                    place.remove(each)
    except OSError as error:
        log.warning("content.strays-not-removed", error=str(error))
