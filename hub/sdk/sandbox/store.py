"""Where a sandbox keeps its state: one SQLite file that survives kill -9."""

from __future__ import annotations

import contextlib
import queue
import sqlite3
import threading
from collections.abc import Iterator
from pathlib import Path

from hub.sdk.sandbox.documents import Documents, Shape, table


class Store:
    """Transactions on the file: many readers beside one writer. Nothing is kept in memory between them."""

    def __init__(self, path: Path | str, shape: Shape) -> None:
        """Open the file, or make it. An index that `shape` gained since the last time is added."""
        self.path = Path(path)
        self._shape = shape
        self._writer = threading.Lock()
        self._idle: queue.LifoQueue[sqlite3.Connection] = queue.LifoQueue()
        self.path.parent.mkdir(parents=True, exist_ok=True)
        connection = self._connect()
        try:
            self._create(connection)
        finally:
            self._idle.put(connection)

    @contextlib.contextmanager
    def reading(self) -> Iterator[Documents]:
        """A view of one moment. Writing through it is refused by SQLite."""
        with self._connection() as connection:
            connection.execute("PRAGMA query_only = ON")
            connection.execute("BEGIN")
            try:
                yield Documents(connection, self._shape)
            finally:
                connection.execute("ROLLBACK")
                connection.execute("PRAGMA query_only = OFF")

    @contextlib.contextmanager
    def writing(self) -> Iterator[Documents]:
        """The only writer. Committed at the end; an exception undoes everything, counters too."""
        with self._writer, self._connection() as connection:
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield Documents(connection, self._shape)
            except BaseException:
                connection.execute("ROLLBACK")
                raise
            connection.execute("COMMIT")

    def close(self) -> None:
        """Close the connections that are not in use."""
        with contextlib.suppress(queue.Empty):
            while True:
                self._idle.get_nowait().close()

    @contextlib.contextmanager
    def _connection(self) -> Iterator[sqlite3.Connection]:
        try:
            connection = self._idle.get_nowait()
        except queue.Empty:
            connection = self._connect()
        try:
            yield connection
        finally:
            self._idle.put(connection)

    def _connect(self) -> sqlite3.Connection:
        connection = sqlite3.connect(self.path, isolation_level=None, check_same_thread=False, timeout=30)
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = NORMAL")
        connection.execute("PRAGMA cache_size = -32000")
        return connection

    def _create(self, connection: sqlite3.Connection) -> None:
        connection.execute("BEGIN IMMEDIATE")
        for collection, fields in self._shape.collections.items():
            name = table(collection)
            connection.execute(
                f"CREATE TABLE IF NOT EXISTS {name} "
                "(position INTEGER PRIMARY KEY AUTOINCREMENT, key TEXT NOT NULL UNIQUE, body TEXT NOT NULL)"
            )
            there = {row[1] for row in connection.execute(f"PRAGMA table_xinfo({name})")}
            for field in fields:
                if field not in there:
                    connection.execute(
                        f'ALTER TABLE {name} ADD COLUMN "{field}" AS (json_extract(body, \'$."{field}"\')) VIRTUAL'
                    )
                connection.execute(
                    f'CREATE INDEX IF NOT EXISTS "{collection}_by_{field}" ON {name} ("{field}", position)'
                )
        connection.execute(
            "CREATE TABLE IF NOT EXISTS links (position INTEGER PRIMARY KEY AUTOINCREMENT, "
            "kind TEXT NOT NULL, source TEXT NOT NULL, target TEXT NOT NULL, UNIQUE (kind, source, target))"
        )
        connection.execute("CREATE INDEX IF NOT EXISTS links_by_target ON links (kind, target, position)")
        connection.execute("CREATE TABLE IF NOT EXISTS settings (name TEXT PRIMARY KEY, value TEXT NOT NULL)")
        connection.execute(
            "CREATE TABLE IF NOT EXISTS writes (operation TEXT NOT NULL, target TEXT NOT NULL, "
            "changes INTEGER NOT NULL DEFAULT 0, repeats INTEGER NOT NULL DEFAULT 0, "
            "PRIMARY KEY (operation, target)) WITHOUT ROWID"
        )
        connection.execute("COMMIT")
