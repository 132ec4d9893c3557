"""What is and what should be, compared by PostgreSQL: our memory does not grow with the number of objects.

Both sides go into two tables of this session, a batch at a time, and only what differs comes back, a batch at a time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from itertools import chain, islice
from typing import Any

import orjson
from django.db import DatabaseError, connection

from hub.sdk import Record
from workflows.reconcile.differences import Difference, Unit, Wanted

_BATCH = 2000
_NOTHING_ASKS = {"reason": "Nothing asks for it."}
_DROP = (
    "DROP TABLE IF EXISTS pg_temp.wanted_object, pg_temp.actual_object, pg_temp.unit_of_subject, pg_temp.difference"
)
_TABLES = f"""
{_DROP};
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
_UNITS = "COPY pg_temp.unit_of_subject FROM STDIN"


class Staging:
    """The two tables. Targets are numbered from 0."""

    def want(
        self, target: int, wanted: Iterable[Wanted | Unit], key_of: Callable[[dict[str, Any]], str], subject: str = ""
    ) -> None:
        """Take in what should be. The last one counts when a key comes twice.

        `subject` is the field of a body that names the person it is about.
        """
        rows = (
            (target, seq, key_of(each.body), each.body.get(subject), _text(each.body), _text(each.cause))
            for seq, each in enumerate(_without_units(wanted))
        )
        _copy("COPY pg_temp.wanted_object FROM STDIN", rows)

    def hold(
        self, target: int, actual: Iterable[Record], covers: Callable[[dict[str, Any]], bool], subject: str = ""
    ) -> None:
        """Take in what is. Objects that are neither wanted nor covered are left alone."""
        rows = (
            (target, seq, key, body.get(subject), _text(body), covers(body)) for seq, (key, body) in enumerate(actual)
        )
        _copy("COPY pg_temp.actual_object FROM STDIN", rows)

    def compare(self) -> None:
        """Once, when both sides were taken in."""
        with connection.cursor() as cursor:
            cursor.execute(
                "ANALYZE pg_temp.wanted_object; ANALYZE pg_temp.actual_object; ANALYZE pg_temp.unit_of_subject"
            )
            cursor.execute(_COMPARE)

    def counts(self) -> list[tuple[int, str, str, int]]:
        """How many differences there are by target, operation and unit."""
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT target, operation, unit, count(*) FROM pg_temp.difference"
                " GROUP BY target, operation, unit ORDER BY target, operation, unit"
            )
            return list(cursor.fetchall())

    def differences(self, gone: dict[int, dict[str, Any]]) -> Iterator[tuple[int, Difference]]:
        """With the number of its target: creations, then updates, then removals, as they came.

        `gone` is the cause given for what is not wanted any more, by target. To be consumed in one transaction.
        """
        order = "array_position(ARRAY['create', 'update', 'delete'], operation), target, seq"
        assert connection.in_atomic_block  # noqa: S101 - the cursor lives as long as the transaction
        with connection.chunked_cursor() as cursor:
            cursor.execute(f"SELECT * FROM pg_temp.difference ORDER BY {order}")  # noqa: S608
            rows = chain.from_iterable(iter(lambda: cursor.fetchmany(_BATCH), []))
            for target, key, before, after, cause, operation, _, unit in rows:
                was, should = _read(before), _read(after)
                if was == should:  # 1 and 1.0 are written differently, and are the same.
                    continue
                why = _read(cause) if should is not None else gone.get(target) or _NOTHING_ASKS
                yield target, Difference(operation, key, was, should, why | ({"unit": unit} if unit else {}))


@contextmanager
def staging() -> Iterator[Staging]:
    """Empty tables, gone at the end. One comparison at a time in a session."""
    with connection.cursor() as cursor:
        cursor.execute(_TABLES)
    try:
        yield Staging()
    finally:
        # In a transaction that has failed nothing more can be done; the next comparison empties them.
        with suppress(DatabaseError), connection.cursor() as cursor:
            cursor.execute(_DROP)


def _without_units(wanted: Iterable[Wanted | Unit]) -> Iterator[Wanted]:
    """What is wanted. The units told in between are stored a batch at a time, while no other COPY runs."""
    units: list[tuple[str, str]] = []
    for each in wanted:
        if isinstance(each, Wanted):
            yield each
            continue
        units.append((each.subject, each.name))
        if len(units) == _BATCH:
            _copy(_UNITS, units)
            units.clear()
    _copy(_UNITS, units)


def _copy(statement: str, rows: Iterable[tuple[Any, ...]]) -> None:
    """In batches, because the connection can do nothing else during a COPY, and the rows come over a network."""
    waiting = iter(rows)
    while batch := list(islice(waiting, _BATCH)):
        with connection.cursor() as cursor, cursor.copy(statement) as copying:
            for row in batch:
                copying.write_row(row)


def _text(body: dict[str, Any]) -> str:
    return orjson.dumps(body, option=orjson.OPT_SORT_KEYS).decode()


def _read(text: str | None) -> Any:
    return None if text is None else orjson.loads(text)
