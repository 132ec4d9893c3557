"""Whether this very code has prepared a database before, so that a start need not do it again."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_PREPARES = (
    "requirements/runtime.lock",
    "hub/settings.py",
    "hub/operations/management/commands/prepare.py",
    "hub/**/migrations/*.py",
    "workflows/migrations/*.py",
)
"""What decides about tables: our migrations, and the packages that bring some of their own."""
_STATE = """
SELECT count(*), max(id)::text, max(applied)::text, (SELECT count(*) FROM accounts_person WHERE is_superuser)
FROM django_migrations
"""


@dataclass(frozen=True)
class Prepared:
    """The note about a database at `url` which the code below `root` has prepared."""

    root: Path
    note: Path
    url: str

    def is_true(self) -> bool:
        """Also of a database that was restored, or whose last administrator was removed, since the note was made."""
        try:
            noted = json.loads(self.note.read_text())
        except (OSError, ValueError):
            return False
        state = self._state()
        return state is not None and noted == {"code": self._code(), "state": state}

    def write(self) -> None:
        self.note.write_text(json.dumps({"code": self._code(), "state": self._state()}))

    def _code(self) -> str:
        digest = hashlib.sha256()
        for file in sorted(file for pattern in _PREPARES for file in self.root.glob(pattern)):
            digest.update(f"{file.relative_to(self.root)}\n".encode() + file.read_bytes())
        return digest.hexdigest()

    def _state(self) -> list[Any] | None:
        import psycopg

        try:
            with psycopg.connect(self.url) as connection:
                found = connection.execute(_STATE).fetchone()
        except psycopg.Error:
            return None
        return list(found) if found and found[0] and found[-1] else None
