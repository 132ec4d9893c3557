"""How large the runs of each workflow are: counted, weighed on samples, written down for whoever asks."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta

from django.db import connection
from django.utils import timezone

from workflows.models import KeepMark, Workflow, WorkflowSize
from workflows.planning.keeping import DataClass, first_id_at

SAMPLE = 200
RATE_DAYS = 7
_HEAD = 28
"""What PostgreSQL adds to a row."""
_WEIGH = f"""
WITH sample AS (
    SELECT id, pg_column_size(run.*) + {_HEAD} AS own FROM workflows_run run
    WHERE workflow_id = %(workflow)s AND id > %(above)s AND id <= %(upto)s ORDER BY id DESC LIMIT {SAMPLE}
), steps AS (
    SELECT step.id, pg_column_size(step.*) + {_HEAD} AS own
    FROM workflows_runstep step JOIN sample ON sample.id = step.run_id
)
SELECT (SELECT count(*) FROM sample),
    coalesce((SELECT sum(own) FROM sample), 0) + coalesce((SELECT sum(own) FROM steps), 0)
    + coalesce((SELECT sum(pg_column_size(attempt.*) + {_HEAD}) FROM workflows_attempt attempt
        JOIN steps ON steps.id = attempt.step_id), 0)
    + coalesce((SELECT sum(content.stored_bytes) FROM workflows_contentuse used
        JOIN sample ON sample.id = used.run_id JOIN workflows_content content ON content.id = used.content_id), 0)
"""  # noqa: S608 - names of ours
_COUNT = """
SELECT count(*), count(*) FILTER (WHERE id <= %(emptied)s), count(*) FILTER (WHERE id >= %(recent)s), min(id::text)
FROM workflows_run WHERE workflow_id = %(workflow)s
"""
_LEAST, _GREATEST = uuid.UUID(int=0), uuid.UUID(int=2**128 - 1)


def weigh_all(now: datetime | None = None) -> int:
    """For the scheduler; returns how many workflows were weighed. Safe to run twice at once."""
    at = now or timezone.now()
    ids = list(Workflow.objects.values_list("id", flat=True))
    for each in ids:
        weigh(each, at)
    return len(ids)


def weigh(workflow_id: uuid.UUID, now: datetime) -> WorkflowSize:
    marks = KeepMark.objects.filter(workflow=workflow_id, data=DataClass.DATA, through__isnull=False)
    emptied = marks.values_list("through", flat=True).first() or _LEAST
    since = now - timedelta(days=RATE_DAYS)
    with connection.cursor() as cursor:
        given = {"workflow": workflow_id, "emptied": emptied, "recent": first_id_at(since)}
        cursor.execute(_COUNT, given)
        runs, runs_emptied, recent, oldest = cursor.fetchone()
        full = _average(workflow_id, emptied, _GREATEST)
        light = _average(workflow_id, _LEAST, emptied) or 0.0
    full = full or light
    oldest_at = _made_at(uuid.UUID(oldest)) if oldest else None
    days = RATE_DAYS if oldest_at is None or oldest_at < since else max((now - oldest_at) / timedelta(days=1), 1.0)
    held, _ = WorkflowSize.objects.update_or_create(
        workflow_id=workflow_id,
        defaults={
            "runs": runs, "bytes": round((runs - runs_emptied) * full + runs_emptied * light), "bytes_full": full,
            "bytes_emptied": light, "runs_a_day": recent / days, "oldest_at": oldest_at, "measured_at": now,
        },
    )  # fmt: skip
    return held


def _average(workflow_id: uuid.UUID, above: uuid.UUID, upto: uuid.UUID) -> float | None:
    with connection.cursor() as cursor:
        cursor.execute(_WEIGH, {"workflow": workflow_id, "above": above, "upto": upto})
        count, total = cursor.fetchone()
    return float(total) / count if count else None


def _made_at(identifier: uuid.UUID) -> datetime:
    return datetime.fromtimestamp((identifier.int >> 80) / 1000, tz=timezone.get_current_timezone())


def database_bytes() -> int:
    """What the whole database takes on disk, with its indexes and what is free in it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_database_size(current_database())")
        return int(cursor.fetchone()[0])
