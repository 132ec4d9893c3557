"""Writing large values page by page, and referring to them."""

from __future__ import annotations

import hashlib
import uuid
import zlib
from collections.abc import Iterable
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from workflows.engine.contents import places
from workflows.engine.contents.json import dumps
from workflows.engine.contents.reading import Large
from workflows.models import Content, ContentPage

PAGE_BYTES = 256 * 1024
_QUICK = 1
"""Of zlib: nearly as small, and much faster than usual."""
_HOLD = """
UPDATE workflows_content SET kept_at = clock_timestamp()
WHERE id IN (SELECT id FROM workflows_content WHERE id = ANY(%s::uuid[]) ORDER BY id FOR UPDATE)
"""
_USE = """
INSERT INTO workflows_contentuse (run_id, content_id) SELECT * FROM unnest(%s::uuid[], %s::uuid[])
ON CONFLICT DO NOTHING
"""


class Gone(LookupError):
    """A large value was removed before anybody referred to it."""


class Writer:
    """A list that is written while it is made: one page in memory at a time.

    The pages are there before anything refers to them. Until `finish` nobody else finds them; what nobody refers to
    in a day is removed.
    """

    def __init__(
        self, workspace_id: uuid.UUID, *, is_list: bool = True, veil: Any = None, of: str = "", marks: Any = None
    ) -> None:
        self._place = places.new()
        self._content = Content(workspace_id=workspace_id, is_list=is_list, in_files=self._place is not None)
        self._veil, self._of, self._marks = veil, of, marks
        self._items: list[bytes] = []
        self._values: list[Any] = []
        self._held = 0
        self._hash = hashlib.sha256(b"list" if is_list else b"json")
        self.first: list[Any] = []
        """The first items, masked: what is shown in the value's place."""

    def add(self, item: Any) -> None:
        text = dumps(item)
        self._items.append(text)
        if self._veil is not None:
            self._values.append(item)
        if self._content.count + len(self._items) <= MOST_SHOWN:
            self.first.append(item)
        self._held += len(text) + 1
        if self._held >= PAGE_BYTES:
            self._flush()

    def extend(self, items: Iterable[Any]) -> None:
        for item in items:
            self.add(item)

    def finish(self) -> Large:
        """The list is whole."""
        if self._items or not self._content.pages:
            self._flush()
        held = self._content
        held.kept_at = timezone.now()
        if held.is_sealed:
            held.save()
            return Large.of(held, self.first)
        digest = self._hash.hexdigest()
        if (same := _same(held.workspace_id, digest)) is None:
            held.digest = digest
            try:
                with transaction.atomic():
                    held.save()
                return Large.of(held, self.first)
            except IntegrityError:
                same = _same(held.workspace_id, digest)
                if same is None:  # It was removed just now: this one stays by itself.
                    held.digest = None
                    held.save()
                    return Large.of(held, self.first)
        _throw_away(held)
        return Large.of(same, self.first)

    def _flush(self) -> None:
        text, sealed = b"[" + b",".join(self._items) + b"]", None
        if self._veil is not None:
            masked, sealed = self._veil.seal_page(
                self._values, self._of, self._content.id, self._marks(self._values) if self._marks else ()
            )
            if sealed is not None:
                text, self._content.is_sealed = dumps(masked), True
            if not self._content.count:
                self.first = masked[: len(self.first)]
        self.put(text, len(self._items), sealed)
        self._items, self._values, self._held = [], [], 0

    def put(self, text: bytes, count: int, sealed: bytes | None = None) -> None:
        """Write a page of JSON."""
        held = self._content
        body = zlib.compress(text, _QUICK)
        self._hash.update(len(text).to_bytes(8) + text)
        if self._place is not None:
            self._place.write(held.id, held.pages, body)
        with transaction.atomic():
            if held._state.adding:
                held.save()
            ContentPage.objects.create(
                content=held, number=held.pages, first=held.count, count=count, sealed=sealed,
                body=None if self._place is not None else body,
            )  # fmt: skip
            held.pages, held.count, held.bytes = held.pages + 1, held.count + count, held.bytes + len(text)
            held.stored_bytes += len(body) + len(sealed or b"")
            held.kept_at = timezone.now()
            held.save()


MOST_SHOWN = 5


def write_json(workspace_id: uuid.UUID, text: bytes) -> Large:
    """Keep any JSON, cut into pages."""
    writer = Writer(workspace_id, is_list=False)
    for at in range(0, len(text), PAGE_BYTES):
        writer.put(text[at : at + PAGE_BYTES], 0)
    return writer.finish()


def use(uses: Iterable[tuple[uuid.UUID, uuid.UUID]]) -> None:
    """Say that runs refer to these values, in the transaction that stores the reference.

    Whoever removes holds a value's row first, and so does this: a value that is referred to is there. Raises Gone.
    """
    held = list(uses)
    if held:
        ids = sorted({content for _, content in held})
        with connection.cursor() as cursor:
            cursor.execute(_HOLD, [ids])
            if cursor.rowcount < len(ids):
                raise Gone("A large value was removed before it was referred to.")
            cursor.execute(_USE, [[run for run, _ in held], [content for _, content in held]])


def _same(workspace_id: uuid.UUID, digest: str) -> Content | None:
    """One with the same in it. It stays for a day at least from now on."""
    rows = Content.objects.filter(workspace=workspace_id, digest=digest)
    return rows.first() if rows.update(kept_at=timezone.now()) else None


def _throw_away(held: Content) -> None:
    with transaction.atomic():
        ContentPage.objects.filter(content=held)._raw_delete("default")
        Content.objects.filter(id=held.id)._raw_delete("default")
    if held.in_files:
        places.remove(held.id)
