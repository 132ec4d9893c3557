# ruff: noqa: S608 - the names put into statements are those of the sandbox's own Shape, never a client's.
"""What a sandbox knows, inside one transaction: JSON documents by collection and key, links, write counters."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import orjson


@dataclass(frozen=True)
class Shape:
    """What a sandbox stores. `collections` names each collection and the top-level fields indexed in it."""

    collections: Mapping[str, Sequence[str]]


class Row(NamedTuple):
    """A stored document. `position` grows with creation and is never used twice: lists are paged by it."""

    position: int
    key: str
    document: dict[str, Any]


class KeyTaken(Exception):
    """A document of that key is already there."""


def table(collection: str) -> str:
    """The quoted table of a collection."""
    return f'"of_{collection}"'


class Documents:
    """One transaction's view. Made by `Store.reading()` and `Store.writing()`, useless after it."""

    def __init__(self, connection: sqlite3.Connection, shape: Shape) -> None:
        self._connection = connection
        self._shape = shape

    def get(self, collection: str, key: str) -> dict[str, Any] | None:
        """The document, or None."""
        row = self._connection.execute(f"SELECT body FROM {table(collection)} WHERE key = ?", (key,)).fetchone()
        return None if row is None else orjson.loads(row[0])

    def add(self, collection: str, key: str, document: Mapping[str, Any]) -> None:
        """Store a new document. Raises `KeyTaken`."""
        try:
            self._connection.execute(
                f"INSERT INTO {table(collection)} (key, body) VALUES (?, ?)", (key, _text(document))
            )
        except sqlite3.IntegrityError as error:
            raise KeyTaken(key) from error

    def add_many(self, collection: str, rows: Iterable[tuple[str, Mapping[str, Any]]]) -> None:
        """Store many new documents, for seeding."""
        self._connection.executemany(
            f"INSERT INTO {table(collection)} (key, body) VALUES (?, ?)",
            ((key, _text(document)) for key, document in rows),
        )

    def put(self, collection: str, key: str, document: Mapping[str, Any]) -> bool:
        """Store or replace a document, keeping its position. False when nothing was different."""
        text = _text(document)
        done = self._connection.execute(
            f"INSERT INTO {table(collection)} (key, body) VALUES (?, ?) "
            "ON CONFLICT (key) DO UPDATE SET body = excluded.body WHERE body <> excluded.body",
            (key, text),
        )
        return done.rowcount == 1

    def rename(self, collection: str, key: str, new_key: str) -> None:
        """Give a document another key. Raises `KeyTaken`. Links are not moved."""
        try:
            self._connection.execute(f"UPDATE {table(collection)} SET key = ? WHERE key = ?", (new_key, key))
        except sqlite3.IntegrityError as error:
            raise KeyTaken(new_key) from error

    def delete(self, collection: str, key: str) -> bool:
        """Remove a document. False when it was not there."""
        return self._connection.execute(f"DELETE FROM {table(collection)} WHERE key = ?", (key,)).rowcount == 1

    def rows(self, collection: str, *, after: int = 0, limit: int = -1, **where: Any) -> list[Row]:
        """Documents in order of creation, beginning behind the position `after`.

        `where` compares indexed fields for equality; a tuple or list means any of its values.
        """
        clauses, values = self._clauses(collection, where)
        found = self._connection.execute(
            f"SELECT position, key, body FROM {table(collection)} WHERE position > ?{clauses} "
            "ORDER BY position LIMIT ?",
            (after, *values, limit),
        )
        return [Row(position, key, orjson.loads(body)) for position, key, body in found]

    def find(self, collection: str, **where: Any) -> list[dict[str, Any]]:
        """The documents whose indexed fields have these values, in order of creation."""
        return [row.document for row in self.rows(collection, **where)]

    def first(self, collection: str, **where: Any) -> dict[str, Any] | None:
        """The oldest document with these values, or None."""
        found = self.rows(collection, limit=1, **where)
        return found[0].document if found else None

    def count(self, collection: str, **where: Any) -> int:
        """How many documents there are."""
        clauses, values = self._clauses(collection, where)
        found = self._connection.execute(
            f"SELECT count(*) FROM {table(collection)} WHERE position > 0{clauses}", values
        ).fetchone()
        return int(found[0])

    def many(self, collection: str, keys: Iterable[str]) -> dict[str, dict[str, Any]]:
        """The documents of these keys; keys that are not there are left out."""
        found = self._connection.execute(
            f"SELECT key, body FROM {table(collection)} WHERE key IN (SELECT value FROM json_each(?))",
            (_text(list(keys)),),
        )
        return {key: orjson.loads(body) for key, body in found}

    def link(self, kind: str, source: str, target: str) -> bool:
        """Tie `source` to `target`. False when they were tied already."""
        done = self._connection.execute(
            "INSERT OR IGNORE INTO links (kind, source, target) VALUES (?, ?, ?)", (kind, source, target)
        )
        return done.rowcount == 1

    def link_many(self, kind: str, pairs: Iterable[tuple[str, str]]) -> None:
        """Tie many pairs, for seeding."""
        self._connection.executemany(
            "INSERT OR IGNORE INTO links (kind, source, target) VALUES (?, ?, ?)",
            ((kind, source, target) for source, target in pairs),
        )

    def unlink(self, kind: str, source: str, target: str) -> bool:
        """Untie them. False when they were not tied."""
        done = self._connection.execute(
            "DELETE FROM links WHERE kind = ? AND source = ? AND target = ?", (kind, source, target)
        )
        return done.rowcount == 1

    def unlink_all(self, kind: str, key: str) -> None:
        """Remove every link of this kind from or to the key."""
        self._connection.execute("DELETE FROM links WHERE kind = ? AND (source = ?2 OR target = ?2)", (kind, key))

    def targets(self, kind: str, source: str) -> list[str]:
        """What the source is tied to, oldest link first."""
        found = self._connection.execute(
            "SELECT target FROM links WHERE kind = ? AND source = ? ORDER BY position", (kind, source)
        )
        return [row[0] for row in found]

    def sources(self, kind: str, target: str) -> list[str]:
        """What is tied to the target, oldest link first."""
        found = self._connection.execute(
            "SELECT source FROM links WHERE kind = ? AND target = ? ORDER BY position", (kind, target)
        )
        return [row[0] for row in found]

    def targets_of(self, kind: str, sources: Iterable[str]) -> dict[str, list[str]]:
        """The targets of many sources at once; a source without any is left out."""
        made: dict[str, list[str]] = {}
        found = self._connection.execute(
            "SELECT source, target FROM links WHERE kind = ? "
            "AND source IN (SELECT value FROM json_each(?)) ORDER BY position",
            (kind, _text(list(sources))),
        )
        for source, target in found:
            made.setdefault(source, []).append(target)
        return made

    def reachable(self, kind: str, source: str) -> list[str]:
        """Everything reached from the source over links of this kind; a cycle is walked once."""
        found = self._connection.execute(
            "WITH RECURSIVE reach(name) AS ("
            "SELECT target FROM links WHERE kind = ?1 AND source = ?2 UNION "
            "SELECT target FROM links JOIN reach ON links.source = reach.name WHERE kind = ?1) "
            "SELECT name FROM reach ORDER BY name",
            (kind, source),
        )
        return [row[0] for row in found]

    def query(self, sql: str, *values: Any) -> Iterator[Any]:
        """Rows of a statement of the sandbox's own; tables are named `of_<collection>` and `links`."""
        return self._connection.execute(sql, values)

    def setting(self, name: str) -> Any:
        """A stored value of any JSON type, or None."""
        row = self._connection.execute("SELECT value FROM settings WHERE name = ?", (name,)).fetchone()
        return None if row is None else orjson.loads(row[0])

    def set_setting(self, name: str, value: Any) -> None:
        """Store a value of any JSON type under a name."""
        self._connection.execute("INSERT OR REPLACE INTO settings (name, value) VALUES (?, ?)", (name, _text(value)))

    def wrote(self, operation: str, target: str, *, changed: bool = True) -> None:
        """Count a successful write. `changed` is False for one that found everything as asked for."""
        column = "changes" if changed else "repeats"
        self._connection.execute(
            f"INSERT INTO writes (operation, target, {column}) VALUES (?, ?, 1) "
            f"ON CONFLICT (operation, target) DO UPDATE SET {column} = {column} + 1",
            (operation, target),
        )

    def writes(self, *, operation: str = "", target: str = "") -> list[dict[str, Any]]:
        """The counters, `[{"operation", "target", "changes", "repeats"}]`; both filters are exact, empty is any."""
        found = self._connection.execute(
            "SELECT operation, target, changes, repeats FROM writes "
            "WHERE (?1 = '' OR operation = ?1) AND (?2 = '' OR target = ?2) ORDER BY operation, target",
            (operation, target),
        )
        return [
            {"operation": row[0], "target": row[1], "changes": row[2], "repeats": row[3]} for row in found.fetchall()
        ]

    def forget_writes(self) -> None:
        """Set every write counter back to nothing."""
        self._connection.execute("DELETE FROM writes")

    def clear(self) -> None:
        """Remove every document, link and counter; settings stay."""
        for collection in self._shape.collections:
            self._connection.execute(f"DELETE FROM {table(collection)}")
        self._connection.execute("DELETE FROM links")
        self._connection.execute("DELETE FROM writes")

    def _clauses(self, collection: str, where: Mapping[str, Any]) -> tuple[str, list[Any]]:
        clauses, values = "", []
        for name, value in where.items():
            if name not in self._shape.collections[collection]:
                message = f"{collection} has no index on {name}."
                raise LookupError(message)
            if isinstance(value, tuple | list):
                clauses += f' AND "{name}" IN (SELECT value FROM json_each(?))'
                values.append(_text(list(value)))
            else:
                clauses += f' AND "{name}" = ?'
                values.append(value)
        return clauses, values


def _text(value: Any) -> str:
    return orjson.dumps(value).decode()
