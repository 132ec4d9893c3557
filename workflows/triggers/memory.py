"""What an event source remembers, read from the database and written back in one transaction with its cursor."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

import orjson
from django.db import connection

from hub.accounts.models import new_id
from hub.sdk import Kept
from workflows.models import Remembered, Trigger
from workflows.models.copying import Row, as_copied

_CHUNK = 1000
_MOST_HELD = 2000

# A change whose digest is NULL says that an object is forgotten. The last change of a key counts.
_ASIDE = """
DROP TABLE IF EXISTS pg_temp.remembering;
CREATE TEMPORARY TABLE remembering (seq int, id uuid, key text, digest text, document text);
CREATE INDEX ON pg_temp.remembering (key);
"""
_SAVE = """
DELETE FROM pg_temp.remembering a USING pg_temp.remembering b WHERE a.key = b.key AND a.seq < b.seq;
DELETE FROM {remembered} r USING pg_temp.remembering a
    WHERE r.trigger_id = {trigger} AND r.key = a.key AND a.digest IS NULL;
INSERT INTO {remembered} (id, trigger_id, key, digest, document)
    SELECT id, {trigger}, key, digest, document::jsonb FROM pg_temp.remembering
    WHERE digest IS NOT NULL ORDER BY seq
    ON CONFLICT (trigger_id, key) DO UPDATE SET digest = excluded.digest, document = excluded.document;
DROP TABLE pg_temp.remembering;
"""


class StoredMemory:
    """A `Memory` over the rows of one trigger, of which a session has one at a time.

    Changes wait for `save`: some here, and the more there are, the rest in a table of this session. Our memory does
    not grow with the number of objects.
    """

    def __init__(self, trigger: Trigger) -> None:
        self._rows = Remembered.objects.filter(trigger=trigger)
        self._trigger = trigger
        self._changes: dict[str, Kept | None] = {}
        self._aside = 0
        """How many changes were put into the table."""

    def get_many(self, keys: Iterable[str]) -> Mapping[str, Kept]:
        wanted = list(keys)
        asked = [key for key in wanted if key not in self._changes]
        found: dict[str, Kept] = {}
        for at in range(0, len(asked), _CHUNK):
            some = asked[at : at + _CHUNK]
            rows = self._rows.filter(key__in=some).values_list("key", "digest", "document")
            found |= {key: Kept(digest, document) for key, digest, document in rows}
            for key, kept in self._put_aside(some):
                if kept is None:
                    found.pop(key, None)
                else:
                    found[key] = kept
        for key in wanted:
            if (changed := self._changes.get(key)) is not None:
                found[key] = changed
        return found

    def keys(self) -> Iterator[str]:
        """As they stand now, whatever is changed while they are looked through."""
        if self._aside:
            self._set_aside()
        changed, stored, aside = dict(self._changes), self._rows, self._aside
        if aside:
            stored = stored.extra(  # Django has no word for a table of a session.
                where=["NOT EXISTS (SELECT FROM pg_temp.remembering a WHERE a.key = workflows_remembered.key)"]
            )
        for key in stored.values_list("key", flat=True).iterator(chunk_size=_CHUNK):
            if key not in changed:
                yield key
        yield from self._keys_aside(aside)
        yield from [key for key, kept in changed.items() if kept is not None]

    def put(self, key: str, kept: Kept) -> None:
        self._change(key, kept)

    def drop(self, key: str) -> None:
        self._change(key, None)

    def save(self) -> None:
        """Write the changes; in the transaction that saves the cursor."""
        self._set_aside()
        if self._aside:
            names = {"remembered": Remembered._meta.db_table, "trigger": f"'{self._trigger.id}'::uuid"}
            with connection.cursor() as cursor:
                cursor.execute(_SAVE.format(**names))
            self._aside = 0

    def _change(self, key: str, kept: Kept | None) -> None:
        self._changes[key] = kept
        if len(self._changes) >= _MOST_HELD:
            self._set_aside()

    def _set_aside(self) -> None:
        if not self._changes:
            return
        with connection.cursor() as cursor:
            if not self._aside:
                cursor.execute(_ASIDE)
            rows = [_line(number, *change) for number, change in enumerate(self._changes.items(), self._aside)]
            with cursor.copy("COPY pg_temp.remembering FROM STDIN") as copying:
                copying.write(as_copied(rows))
        self._aside += len(self._changes)
        self._changes.clear()

    def _put_aside(self, keys: list[str]) -> list[tuple[str, Kept | None]]:
        """The last change of each of these keys that stand in the table."""
        if not self._aside:
            return []
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT DISTINCT ON (key) key, digest, document FROM pg_temp.remembering WHERE key = ANY(%s)"
                " ORDER BY key, seq DESC",
                [keys],
            )
            rows = cursor.fetchall()
        return [
            (key, None if digest is None else Kept(digest, None if document is None else orjson.loads(document)))
            for key, digest, document in rows
        ]

    def _keys_aside(self, before: int) -> Iterator[str]:
        """The keys that the table holds as remembered, by its first so many changes."""
        last: str | None = None if before else ""
        while last != "":
            with connection.cursor() as cursor:
                cursor.execute(
                    "SELECT DISTINCT ON (key) key, digest IS NOT NULL FROM pg_temp.remembering"
                    " WHERE seq < %s AND (%s::text IS NULL OR key > %s) ORDER BY key, seq DESC LIMIT %s",
                    [before, last, last, _CHUNK],
                )
                rows = cursor.fetchall()
            yield from [key for key, is_kept in rows if is_kept]
            last = rows[-1][0] if rows else ""


def _line(number: int, key: str, kept: Kept | None) -> Row:
    if kept is None:
        return number, str(new_id()), key, None, None
    document = None if kept.document is None else orjson.dumps(kept.document).decode()
    return number, str(new_id()), key, kept.digest, document
