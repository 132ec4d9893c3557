"""The two chains of a workspace: what the hub's people did, and what was collected outside."""

from __future__ import annotations

import uuid
from dataclasses import replace

from django.db import connection

from hub.audit.chain import Chain, Verdict, check_chain

TRAIL_LINE = """jsonb_build_array(
        entry.previous, entry.number, entry.id, entry.workspace_id,
        (extract(epoch FROM entry.at) * 1000000)::bigint,
        entry.actor_kind, entry.actor_id, entry.actor_name, entry.verb,
        entry.target_type, entry.target_id, entry.target_name, entry.detail
    )::text"""
TRAIL = Chain(
    name="audit",
    table="audit_auditentry",
    heads="audit_audithead",
    word="entry",
    digest=f"SELECT encode(sha256(convert_to({TRAIL_LINE}, 'UTF8')), 'hex')",
)

EVIDENCE = Chain(
    name="evidence",
    table="audit_evidence",
    heads="audit_evidencehead",
    word="record",
    digest="""
    SELECT encode(sha256(convert_to(
        entry.previous || encode(sha256(convert_to(evidence_line(entry), 'UTF8')), 'hex'), 'UTF8'
    )), 'hex')
    """,
    prepare="NEW.content := evidence_content(NEW.parts, NEW.salts);",
    may_change="""
        current_setting('lockgate.emptying', true) = 'on' AND NEW.parts IS NULL AND NEW.salts IS NULL
        AND to_jsonb(OLD) - '{parts,salts,person,emptied_at}'::text[]
            = to_jsonb(NEW) - '{parts,salts,person,emptied_at}'::text[]
    """,
    intact="((entry).parts IS NULL OR (entry).content = evidence_content((entry).parts, (entry).salts))",
)
"""What a record says is kept by class of personal data, and the chain holds only the salted digest of each: a class
can be left out of an export, and content can be emptied when its time is over, while the chain stays checkable. A
line is written as it is hashed, so that whoever checks an export needs no database to form it anew."""

EVIDENCE_LINE = """
CREATE OR REPLACE FUNCTION evidence_line(entry audit_evidence) RETURNS text LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT jsonb_build_array(
        entry.number, entry.workspace_id, (extract(epoch FROM entry.at) * 1000000)::bigint,
        (extract(epoch FROM entry.seen_at) * 1000000)::bigint, entry.source, entry.kind, entry.key,
        entry.domain, entry.subject, entry.job, entry.gone, entry.content
    )::text
$$
"""
EVIDENCE_CONTENT = """
CREATE OR REPLACE FUNCTION evidence_content(parts jsonb, salts jsonb) RETURNS jsonb
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT coalesce(jsonb_object_agg(
        key, encode(sha256(convert_to(coalesce(salts ->> key, '') || value::text, 'UTF8')), 'hex')
    ), '{}') FROM jsonb_each(parts)
$$
"""
EVIDENCE_FORM = (EVIDENCE_LINE, EVIDENCE_CONTENT)


def check_trail(workspace_id: uuid.UUID, *, noted: str = "") -> Verdict:
    return check_chain(TRAIL, workspace_id, noted=noted)


_EMPTIED = """
SELECT (SELECT count(*) FROM audit_evidence WHERE workspace_id = %(workspace)s AND parts IS NULL),
    (SELECT coalesce(sum((detail ->> 'records')::bigint), 0) FROM audit_auditentry
     WHERE workspace_id = %(workspace)s AND verb = 'evidence.emptied')
"""


def check_evidence(workspace_id: uuid.UUID, *, noted: str = "") -> Verdict:
    """Also that nothing was emptied but what the trail says was."""
    verdict = check_chain(EVIDENCE, workspace_id, noted=noted)
    with connection.cursor() as cursor:
        cursor.execute(_EMPTIED, {"workspace": workspace_id})
        emptied, accounted = cursor.fetchone()
    if emptied == accounted:
        return verdict
    said = f"{emptied} records are empty, but the trail says that {accounted} were emptied."
    return replace(verdict, breaks=(*verdict.breaks, said))
