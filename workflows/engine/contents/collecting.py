"""Removes large values that no run refers to any more.

Whoever begins to refer to a value writes its row in the same transaction (`writing.use`). Here the rows are held
first, and only then is asked whether anybody refers to them: whoever came before is seen, whoever comes later waits
and finds the value gone before it has stored a reference.
"""

from __future__ import annotations

import shutil
import time
import uuid
from datetime import timedelta
from pathlib import Path

from django.db import connection, transaction
from django.utils import timezone

from workflows.engine.contents import places
from workflows.models import Content

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
            places.remove(each)
        if len(removed) < BATCH:
            break
    if (root := places.folder()) is not None and root.is_dir():
        _remove_strays(root)
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


def _remove_strays(root: Path) -> None:
    """Files of values whose row is gone, or was never stored: a process died in between."""
    before = time.time() - KEPT_UNUSED.total_seconds()
    for part in root.iterdir():
        old = [each for each in part.iterdir() if each.stat().st_mtime < before] if part.is_dir() else []
        known = set(Content.objects.filter(id__in=[each.name for each in old]).values_list("id", flat=True))
        for each in old:
            if uuid.UUID(each.name) not in known:
                shutil.rmtree(each, ignore_errors=True)
