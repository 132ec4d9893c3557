"""What an event source remembers, read from the database and written back in one transaction with its cursor."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from hub.sdk import Kept
from workflows.models import Remembered, Trigger

_CHUNK = 1000


class StoredMemory:
    """A `Memory` over the rows of one trigger. Changes are held here until `save`."""

    def __init__(self, trigger: Trigger) -> None:
        self._rows = Remembered.objects.filter(trigger=trigger)
        self._trigger = trigger
        self._changes: dict[str, Kept | None] = {}

    def get_many(self, keys: Iterable[str]) -> Mapping[str, Kept]:
        wanted = list(keys)
        asked = [key for key in wanted if key not in self._changes]
        found = {
            key: Kept(digest, document)
            for at in range(0, len(asked), _CHUNK)
            for key, digest, document in self._rows.filter(key__in=asked[at : at + _CHUNK]).values_list(
                "key", "digest", "document"
            )
        }
        for key in wanted:
            if (changed := self._changes.get(key)) is not None:
                found[key] = changed
        return found

    def keys(self) -> Iterator[str]:
        for key in self._rows.values_list("key", flat=True).iterator(chunk_size=_CHUNK):
            if key not in self._changes:
                yield key
        yield from [key for key, kept in self._changes.items() if kept is not None]

    def put(self, key: str, kept: Kept) -> None:
        self._changes[key] = kept

    def drop(self, key: str) -> None:
        self._changes[key] = None

    def save(self) -> None:
        """Write the changes; in the transaction that saves the cursor."""
        dropped = [key for key, kept in self._changes.items() if kept is None]
        for at in range(0, len(dropped), _CHUNK):
            self._rows.filter(key__in=dropped[at : at + _CHUNK]).delete()
        kept = ((key, each) for key, each in self._changes.items() if each is not None)
        Remembered.objects.bulk_create(
            (
                Remembered(trigger=self._trigger, key=key, digest=each.digest, document=each.document)
                for key, each in kept
            ),
            batch_size=_CHUNK,
            update_conflicts=True,
            unique_fields=["trigger", "key"],
            update_fields=["digest", "document"],
        )
