"""Chains of rows in the database's own language, and the check that one is whole.

The database computes the digests, so that no row can get in unchained. Rows of one statement are chained in their
order, and the head is written once for all of them: it is locked from the first row until the transaction ends, so
that the order of rows is the order of commits.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass

from django.db import connection


@dataclass(frozen=True)
class Chain:
    """A table with `workspace_id`, `number`, `previous` and `digest`, and another one for the ends of its chains."""

    name: str
    """Its functions begin with this."""
    table: str
    heads: str
    word: str
    """What one row is called."""
    digest: str
    """The body of a function in SQL from a row (`entry`) to its digest, which covers `entry.previous`."""
    prepare: str = ""
    """Statements of PL/pgSQL that complete a NEW row before it is chained."""
    may_change: str = "false"
    """When a row may be updated from OLD to NEW."""
    intact: str = "true"
    """What else must hold of a row (`entry`) that nobody altered."""

    def install(self) -> Iterator[str]:
        """The statements that make a table of rows a chain. They can be repeated."""
        yield (
            f"CREATE OR REPLACE FUNCTION {self.name}_digest(entry {self.table}) RETURNS text "
            f"LANGUAGE sql STABLE PARALLEL SAFE AS $$ {self.digest} $$"
        )
        yield from (self._begin(), self._append(), self._end(), self._refuse())
        for trigger, when, function in (
            ("begin", "BEFORE INSERT ON {table} FOR EACH STATEMENT", "begin"),
            ("append", "BEFORE INSERT ON {table} FOR EACH ROW", "append"),
            ("end", "AFTER INSERT ON {table} FOR EACH STATEMENT", "end"),
            ("no_change", "BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW", "refuse"),
            ("no_truncate", "BEFORE TRUNCATE ON {table} FOR EACH STATEMENT", "refuse"),
        ):
            place = when.format(table=self.table)
            yield (
                f"CREATE OR REPLACE TRIGGER {self.name}_{trigger} {place} EXECUTE FUNCTION {self.name}_{function}()"
            )

    def remove(self) -> Iterator[str]:
        for trigger in ("begin", "append", "end", "no_change", "no_truncate"):
            yield f"DROP TRIGGER IF EXISTS {self.name}_{trigger} ON {self.table}"
        for function in ("begin()", "append()", "end()", "refuse()", f"digest({self.table})"):
            yield f"DROP FUNCTION IF EXISTS {self.name}_{function}"

    def _begin(self) -> str:
        return self._function("begin", f"PERFORM set_config('{self._held}', '', true); RETURN NULL;")

    def _append(self) -> str:
        """The end of the chain is kept beside the statement, as "workspace number digest"."""
        return self._function(
            "append",
            f"""
            held := string_to_array(current_setting('{self._held}'), ' ');
            IF array_length(held, 1) IS NULL THEN
                INSERT INTO {self.heads} AS head (workspace_id, number, digest) VALUES (NEW.workspace_id, 0, '')
                    ON CONFLICT (workspace_id) DO UPDATE SET number = head.number
                    RETURNING head.number, head.digest INTO NEW.number, NEW.previous;
            ELSIF held[1] <> NEW.workspace_id::text THEN
                RAISE EXCEPTION 'One statement adds to the chain of one workspace.';
            ELSE
                NEW.number := held[2]::bigint;
                NEW.previous := held[3];
            END IF;
            NEW.number := NEW.number + 1;
            {self.prepare}
            NEW.digest := {self.name}_digest(NEW);
            PERFORM set_config(
                '{self._held}', NEW.workspace_id::text || ' ' || NEW.number || ' ' || NEW.digest, true
            );
            RETURN NEW;
            """,  # noqa: S608
            "held text[];",
        )

    def _end(self) -> str:
        return self._function(
            "end",
            f"""
            held := string_to_array(current_setting('{self._held}'), ' ');
            UPDATE {self.heads} SET number = held[2]::bigint, digest = held[3] WHERE workspace_id = held[1]::uuid;
            RETURN NULL;
            """,  # noqa: S608
            "held text[];",
        )

    def _refuse(self) -> str:
        return self._function(
            "refuse",
            f"""
            IF TG_OP = 'UPDATE' THEN
                IF {self.may_change} THEN RETURN NEW; END IF;
            END IF;
            RAISE EXCEPTION 'The audit trail is append-only: % refused.', TG_OP
                USING ERRCODE = 'insufficient_privilege';
            """,
        )

    def _function(self, name: str, body: str, declare: str = "") -> str:
        declared = f"DECLARE {declare}" if declare else ""
        return (
            f"CREATE OR REPLACE FUNCTION {self.name}_{name}() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ {declared} BEGIN {body} END $$"
        )

    @property
    def _held(self) -> str:
        return f"lockgate.{self.name}_head"


@dataclass(frozen=True)
class Verdict:
    """What checking a chain found. `head` ("number:digest") can be noted elsewhere and checked against later."""

    count: int
    head: str
    breaks: tuple[str, ...]

    @property
    def whole(self) -> bool:
        return not self.breaks


def check_chain(chain: Chain, workspace_id: uuid.UUID, *, noted: str = "", limit: int = 20) -> Verdict:
    """Recompute the chain of a workspace. `noted` is a head from an earlier check that must still be part of it."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT number, digest FROM {chain.heads} WHERE workspace_id = %s", [workspace_id])  # noqa: S608
        number, digest = cursor.fetchone() or (0, "")
        cursor.execute(
            f"SELECT number, digest FROM {chain.table} WHERE workspace_id = %s ORDER BY number DESC LIMIT 1",  # noqa: S608
            [workspace_id],
        )
        last = cursor.fetchone() or (0, "")
        cursor.execute(_breaks_in(chain), [workspace_id, limit])
        count, breaks = 0, []
        for found, *row in cursor.fetchall():
            count = found
            if row[0] is not None:
                breaks.append(_sentence(chain.word, *row))
        if noted:
            breaks += _missing_note(cursor, chain, workspace_id, noted)
    if last != (number, digest):
        breaks.append(
            f"The chain should end with {chain.word} {number}, but it ends with {chain.word} {last[0]}: "
            "some are missing."
        )
    return Verdict(count=count, head=f"{number}:{digest}", breaks=tuple(breaks))


def _breaks_in(chain: Chain) -> str:
    """Counts the rows, and names those that are not what they should be, in one reading."""
    return f"""
    WITH checked AS MATERIALIZED (
        SELECT number, expected_number, digest = {chain.name}_digest(entry) AND {chain.intact} AS same,
            previous = expected_previous AS follows
        FROM (
            SELECT entry, entry.number, entry.digest, entry.previous,
                coalesce(lag(entry.number) OVER chain, 0) + 1 AS expected_number,
                coalesce(lag(entry.digest) OVER chain, '') AS expected_previous
            FROM {chain.table} AS entry WHERE entry.workspace_id = %s WINDOW chain AS (ORDER BY entry.number)
        ) AS each
    ), counted AS (SELECT count(*) AS rows FROM checked)
    SELECT counted.rows, broken.* FROM counted LEFT JOIN LATERAL (
        SELECT * FROM checked WHERE number <> expected_number OR NOT follows OR NOT same ORDER BY number LIMIT %s
    ) AS broken ON true
    """  # noqa: S608


def _sentence(word: str, number: int, expected: int, same: bool, follows: bool) -> str:
    if not same:
        return f"{word.capitalize()} {number} was altered after it was written."
    if number != expected:
        return f"Before {word} {number}, {number - expected} are missing."
    return f"{word.capitalize()} {number} does not follow the one before it: one was replaced or moved."


def _missing_note(cursor: object, chain: Chain, workspace_id: uuid.UUID, noted: str) -> list[str]:
    number, _, digest = noted.partition(":")
    cursor.execute(  # type: ignore[attr-defined]
        f"SELECT 1 FROM {chain.table} WHERE workspace_id = %s AND number = %s AND digest = %s",  # noqa: S608
        [workspace_id, int(number) if number.isdigit() else 0, digest],
    )
    found = cursor.fetchone()  # type: ignore[attr-defined]
    return [] if found else [f"The noted head {number or noted} is no longer part of the chain: it was rewritten."]
