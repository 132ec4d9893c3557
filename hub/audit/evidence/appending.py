"""Adding evidence: many records with one statement, and nothing that is known already."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import datetime
from itertools import islice

import orjson
from django.db import connection, transaction
from django.utils import timezone

from hub.audit.evidence.facts import Fact, salts_for

BATCH = 5000
_HOLD = """
INSERT INTO audit_evidencehead AS head (workspace_id, number, digest) VALUES (%s, 0, '')
    ON CONFLICT (workspace_id) DO UPDATE SET number = head.number
"""
_COMING = """
CREATE TEMPORARY TABLE IF NOT EXISTS evidence_coming (
    seq int, kind text, key text, at timestamptz, domain text, subject text, job text, gone boolean,
    parts jsonb, salts jsonb
) ON COMMIT DELETE ROWS
"""
# What is known is compared without its salts. Of emptied content the digest of what is not personal is left.
_ADD = """
INSERT INTO audit_evidence
    (workspace_id, at, seen_at, source, kind, key, domain, subject, job, gone, parts, salts, content)
SELECT %(workspace)s, coalesce(c.at, %(seen_at)s), %(seen_at)s, %(source)s, c.kind, c.key, c.domain, c.subject,
    c.job, c.gone, c.parts, c.salts, '{}'
FROM (
    SELECT *, lag(parts) OVER same AS parts_before, lag(gone) OVER same AS gone_before
    FROM pg_temp.evidence_coming WINDOW same AS (PARTITION BY kind, key ORDER BY seq)
) AS c
LEFT JOIN LATERAL (
    SELECT e.parts, e.gone, e.emptied_at, e.content FROM audit_evidence AS e
    WHERE e.workspace_id = %(workspace)s AND e.source = %(source)s AND e.kind = c.kind AND e.key = c.key
    ORDER BY e.number DESC LIMIT 1
) AS known ON c.parts_before IS NULL
WHERE CASE
    WHEN c.parts_before IS NOT NULL THEN c.parts_before <> c.parts OR c.gone_before <> c.gone
    WHEN known.gone IS NULL THEN NOT c.gone
    WHEN known.emptied_at IS NOT NULL THEN
        known.gone <> c.gone OR known.content -> 'fact' <> evidence_content(c.parts, NULL) -> 'fact'
    ELSE known.parts <> c.parts OR known.gone <> c.gone
END
ORDER BY c.seq
"""


def append(workspace_id: uuid.UUID, source: str, facts: Iterable[Fact], *, seen_at: datetime | None = None) -> int:
    """Keep the facts that say something new, in their order; returns how many those were.

    Each batch is its own transaction, unless the caller has one: repeating what was broken off adds nothing twice.
    """
    waiting, added = iter(facts), 0
    while batch := list(islice(waiting, BATCH)):
        added += _append(workspace_id, source, batch, seen_at or timezone.now())
    return added


@transaction.atomic
def _append(workspace_id: uuid.UUID, source: str, batch: list[Fact], seen_at: datetime) -> int:
    with connection.cursor() as cursor:
        cursor.execute(_HOLD, [workspace_id])  # Whoever else adds waits here, and then finds what we added.
        cursor.execute(_COMING)
        cursor.execute("TRUNCATE pg_temp.evidence_coming")
        with cursor.copy("COPY pg_temp.evidence_coming FROM STDIN") as copying:
            for seq, each in enumerate(batch):
                parts, salts = orjson.dumps(each.parts).decode(), orjson.dumps(salts_for(each.parts)).decode()
                copying.write_row(
                    (seq, each.kind, each.key[:400], each.at, each.domain, each.subject[:255], each.job, each.gone,
                     parts, salts)
                )  # fmt: skip
        cursor.execute(_ADD, {"workspace": workspace_id, "source": source, "seen_at": seen_at})
        return int(cursor.rowcount)
