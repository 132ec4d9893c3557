"""What is and what should be, compared by PostgreSQL: our memory does not grow with the number of objects.

Both sides go into two tables of a session of their own, a batch at a time, and only what differs comes back, a batch
at a time. A thread writes while the next batch is read, so that neither the source nor PostgreSQL is waited for idly.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing, contextmanager
from itertools import islice
from typing import Any, LiteralString

import orjson
import psycopg
from django.db import connection

from hub.sdk import Record, patience
from workflows.models.copying import Row, as_copied
from workflows.reconcile.differences import Difference, Unit, Wanted

_BATCH = 2000
_MOST_WAITING = 2
_NOTHING_ASKS = {"reason": "Nothing asks for it."}
_TABLES = """
CREATE TEMPORARY TABLE wanted_object (target int, seq int, key text, subject text, body text, cause text);
CREATE TEMPORARY TABLE actual_object (target int, seq int, key text, subject text, body text, ours boolean);
CREATE TEMPORARY TABLE unit_of_subject (subject text, unit text);
"""
# An object that is listed twice counts once: of what is wanted the last, of what is there the first that matters.
_COMPARE = """
CREATE TEMPORARY TABLE difference AS
WITH wanted AS (
    SELECT DISTINCT ON (target, key) target, key, subject, body, cause,
           min(seq) OVER (PARTITION BY target, key) AS seq
    FROM pg_temp.wanted_object w ORDER BY target, key, w.seq DESC
), actual AS (
    SELECT DISTINCT ON (a.target, a.key) a.target, a.key, a.subject, a.body, a.seq
    FROM pg_temp.actual_object a LEFT JOIN wanted w ON w.target = a.target AND w.key = a.key
    WHERE a.ours OR w.key IS NOT NULL ORDER BY a.target, a.key, a.seq
), units AS (
    SELECT subject, min(unit) AS unit FROM pg_temp.unit_of_subject GROUP BY subject
)
SELECT coalesce(w.target, a.target) AS target, coalesce(w.key, a.key) AS key,
       a.body AS before, w.body AS after, w.cause,
       CASE WHEN a.key IS NULL THEN 'create' WHEN w.key IS NULL THEN 'delete' ELSE 'update' END AS operation,
       coalesce(a.seq, w.seq) AS seq, coalesce(u.unit, '') AS unit
FROM wanted w FULL JOIN actual a ON w.target = a.target AND w.key = a.key
LEFT JOIN units u ON u.subject = coalesce(w.subject, a.subject)
WHERE w.body IS DISTINCT FROM a.body
"""
_UNITS: LiteralString = "COPY pg_temp.unit_of_subject FROM STDIN"


class Staging:
    """The two tables. Targets are numbered from 0. Raises what Django raises when PostgreSQL is in trouble."""

    def __init__(self, session: psycopg.Connection[Any], writer: ThreadPoolExecutor) -> None:
        self._session, self._writer = session, writer

    def want(
        self, target: int, wanted: Iterable[Wanted | Unit], key_of: Callable[[dict[str, Any]], str], subject: str = ""
    ) -> None:
        """Take in what should be. The last one counts when a key comes twice.

        `subject` is the field of a body that names the person it is about.
        """
        rows = (
            (target, seq, key_of(each.body), each.body.get(subject), _text(each.body), _text(each.cause))
            for seq, each in enumerate(self._without_units(wanted))
        )
        self._copy("COPY pg_temp.wanted_object FROM STDIN", rows)

    def hold(
        self, target: int, actual: Iterable[Record], covers: Callable[[dict[str, Any]], bool], subject: str = ""
    ) -> None:
        """Take in what is. Objects that are neither wanted nor covered are left alone."""
        rows = (
            (target, seq, key, body.get(subject), _text(body), covers(body)) for seq, (key, body) in enumerate(actual)
        )
        self._copy("COPY pg_temp.actual_object FROM STDIN", rows)

    def compare(self) -> None:
        """Once, when both sides were taken in."""
        with connection.wrap_database_errors:
            for table in ("wanted_object", "actual_object", "unit_of_subject"):
                self._session.execute(f"ANALYZE pg_temp.{table}")
            self._session.execute(_COMPARE)

    def counts(self) -> list[tuple[int, str, str, int]]:
        """How many differences there are by target, operation and unit."""
        with connection.wrap_database_errors:
            return self._session.execute(
                "SELECT target, operation, unit, count(*) FROM pg_temp.difference"
                " GROUP BY target, operation, unit ORDER BY target, operation, unit"
            ).fetchall()

    def differences(self, gone: dict[int, dict[str, Any]]) -> Iterator[tuple[int, Difference]]:
        """With the number of its target: creations, then updates, then removals, as they came.

        `gone` is the cause given for what is not wanted any more, by target.
        """
        for target, key, before, after, cause, operation, unit in self._in_order():
            was, should = _read(before), _read(after)
            if was == should:  # 1 and 1.0 are written differently, and are the same.
                continue
            why = _read(cause) if should is not None else gone.get(target) or _NOTHING_ASKS
            yield target, Difference(operation, key, was, should, why | ({"unit": unit} if unit else {}))

    def _in_order(self) -> Iterator[tuple[Any, ...]]:
        with (
            connection.wrap_database_errors,
            self._session.transaction(),
            self._session.cursor("differing") as cursor,
        ):
            cursor.execute(
                "SELECT target, key, before, after, cause, operation, unit FROM pg_temp.difference"
                " ORDER BY array_position(ARRAY['create', 'update', 'delete'], operation), target, seq"
            )
            while batch := cursor.fetchmany(_BATCH):
                yield from batch

    def _without_units(self, wanted: Iterable[Wanted | Unit]) -> Iterator[Wanted]:
        """What is wanted. The units told in between are stored a batch at a time."""
        units: list[tuple[str, str]] = []
        for each in wanted:
            if isinstance(each, Wanted):
                yield each
                continue
            units.append((each.subject, each.name))
            if len(units) == _BATCH:
                self._copy(_UNITS, units)
                units.clear()
        self._copy(_UNITS, units)

    def _copy(self, statement: LiteralString, rows: Iterable[Row]) -> None:
        """In batches, because rows may come over a network, and the session can do nothing else during a COPY."""
        reading, waiting = _while_wanted(rows), deque[Future[None]]()
        with connection.wrap_database_errors:
            while batch := list(islice(reading, _BATCH)):
                if len(waiting) == _MOST_WAITING:
                    waiting.popleft().result()
                waiting.append(self._writer.submit(self._write, statement, batch))
            while waiting:
                waiting.popleft().result()

    def _write(self, statement: LiteralString, batch: list[Row]) -> None:
        with self._session.cursor() as cursor, cursor.copy(statement) as copying:
            copying.write(as_copied(batch))


@contextmanager
def staging() -> Iterator[Staging]:
    """Empty tables, gone at the end."""
    session = connection.get_new_connection(connection.get_connection_params())
    with closing(session), ThreadPoolExecutor(1, "staging") as writer:
        session.autocommit = True
        session.execute(_TABLES)
        try:
            yield Staging(session, writer)
        finally:
            writer.shutdown(cancel_futures=True)


def _while_wanted(rows: Iterable[Row]) -> Iterator[Row]:
    for row in rows:
        patience.check()
        yield row


def _text(body: dict[str, Any]) -> str:
    return orjson.dumps(body, option=orjson.OPT_SORT_KEYS).decode()


def _read(text: str | None) -> Any:
    return None if text is None else orjson.loads(text)
