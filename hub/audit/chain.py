"""The chain in the database's own language, and the check that it is whole.

The database computes the digests, so that no row can get in unchained, one insert costs one round trip, and the
order of entries is the order of commits: the head's row is locked from the insert until the transaction ends.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from django.db import connection

DIGEST = """
CREATE FUNCTION audit_digest(entry audit_auditentry) RETURNS text LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT encode(sha256(convert_to(jsonb_build_array(
        entry.previous, entry.number, entry.id, entry.workspace_id,
        (extract(epoch FROM entry.at) * 1000000)::bigint,
        entry.actor_kind, entry.actor_id, entry.actor_name, entry.verb,
        entry.target_type, entry.target_id, entry.target_name, entry.detail
    )::text, 'UTF8')), 'hex')
$$
"""
APPEND = """
CREATE FUNCTION audit_append() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO audit_audithead AS head (workspace_id, number, digest) VALUES (NEW.workspace_id, 1, '')
        ON CONFLICT (workspace_id) DO UPDATE SET number = head.number + 1
        RETURNING head.number, head.digest INTO NEW.number, NEW.previous;
    NEW.digest := audit_digest(NEW);
    UPDATE audit_audithead SET digest = NEW.digest WHERE workspace_id = NEW.workspace_id;
    RETURN NEW;
END $$
"""
REFUSE = """
CREATE FUNCTION audit_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'The audit trail is append-only: % refused.', TG_OP USING ERRCODE = 'insufficient_privilege';
END $$
"""
TRIGGERS = (
    "CREATE TRIGGER audit_append BEFORE INSERT ON audit_auditentry FOR EACH ROW EXECUTE FUNCTION audit_append()",
    "CREATE TRIGGER audit_no_change BEFORE UPDATE OR DELETE ON audit_auditentry "
    "FOR EACH ROW EXECUTE FUNCTION audit_refuse()",
    "CREATE TRIGGER audit_no_truncate BEFORE TRUNCATE ON audit_auditentry "
    "FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse()",
)
INSTALL = (DIGEST, APPEND, REFUSE, *TRIGGERS)

_BREAKS = """
SELECT number, expected_number, digest = audit_digest(entry) AS same, previous = expected_previous AS follows
FROM (
    SELECT entry, entry.number, entry.digest, entry.previous,
        coalesce(lag(entry.number) OVER chain, 0) + 1 AS expected_number,
        coalesce(lag(entry.digest) OVER chain, '') AS expected_previous
    FROM audit_auditentry AS entry WHERE entry.workspace_id = %s
    WINDOW chain AS (ORDER BY entry.number)
) AS checked
WHERE number <> expected_number OR previous <> expected_previous OR digest <> audit_digest(entry)
ORDER BY number LIMIT %s
"""


@dataclass(frozen=True)
class Verdict:
    """What checking a chain found. `head` ("number:digest") can be noted elsewhere and checked against later."""

    count: int
    head: str
    breaks: tuple[str, ...]

    @property
    def whole(self) -> bool:
        return not self.breaks


def check_chain(workspace_id: uuid.UUID, *, noted: str = "", limit: int = 20) -> Verdict:
    """Recompute the chain of a workspace. `noted` is a head from an earlier check that must still be part of it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM audit_auditentry WHERE workspace_id = %s", [workspace_id])
        count: int = cursor.fetchone()[0]
        cursor.execute("SELECT number, digest FROM audit_audithead WHERE workspace_id = %s", [workspace_id])
        number, digest = cursor.fetchone() or (0, "")
        cursor.execute(
            "SELECT number, digest FROM audit_auditentry WHERE workspace_id = %s ORDER BY number DESC LIMIT 1",
            [workspace_id],
        )
        last = cursor.fetchone() or (0, "")
        cursor.execute(_BREAKS, [workspace_id, limit])
        breaks = [_sentence(*row) for row in cursor.fetchall()]
        if noted:
            breaks += _missing_note(cursor, workspace_id, noted)
    if last != (number, digest):
        breaks.append(
            f"The chain should end with entry {number}, but it ends with entry {last[0]}: entries are missing."
        )
    return Verdict(count=count, head=f"{number}:{digest}", breaks=tuple(breaks))


def _sentence(number: int, expected: int, same: bool, follows: bool) -> str:
    if not same:
        return f"Entry {number} was altered after it was written."
    if number != expected:
        return f"Before entry {number}, {number - expected} of the entries are missing."
    return f"Entry {number} does not follow the entry before it: one was replaced or moved."


def _missing_note(cursor: object, workspace_id: uuid.UUID, noted: str) -> list[str]:
    number, _, digest = noted.partition(":")
    cursor.execute(  # type: ignore[attr-defined]
        "SELECT 1 FROM audit_auditentry WHERE workspace_id = %s AND number = %s AND digest = %s",
        [workspace_id, int(number) if number.isdigit() else 0, digest],
    )
    found = cursor.fetchone()  # type: ignore[attr-defined]
    return [] if found else [f"The noted head {number or noted} is no longer part of the chain: it was rewritten."]
