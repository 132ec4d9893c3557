"""Reading large values: page by page, or whole as long as that fits the memory of a step."""

from __future__ import annotations

import uuid
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings

from workflows.engine.contents import places
from workflows.engine.contents.json import loads
from workflows.models import Content, ContentPage


class TooLarge(ValueError):
    """A value does not fit the memory that a step may take."""

    def __init__(self, bytes_held: int) -> None:
        super().__init__(
            f"a value of {bytes_held / 1e6:.0f} MB does not fit the {settings.STEP_MEMORY_MB} MB that a step may "
            "take. Go through it with filter, transform, sort, distinct or group, which take a list page by page."
        )


@dataclass(frozen=True)
class Large:
    """A large value, not read yet."""

    content: uuid.UUID
    is_list: bool
    bytes: int
    count: int
    first: tuple[Any, ...] = field(default=(), compare=False)
    """Of a list that was just written: its first items, masked."""

    @classmethod
    def of(cls, row: Content, first: Iterable[Any] = ()) -> Large:
        return cls(row.id, row.is_list, row.bytes, row.count, tuple(first))

    @classmethod
    def from_json(cls, about: dict[str, Any]) -> Large:
        return cls(uuid.UUID(about["content"]), about["kind"] == "list", about["bytes"], about["count"])

    def as_json(self, at: list[str]) -> dict[str, Any]:
        kind = "list" if self.is_list else "json"
        return {"at": at, "content": str(self.content), "kind": kind, "bytes": self.bytes, "count": self.count}

    def load(self, veil: Any = None) -> Any:
        """All of it. Raises TooLarge."""
        if self.bytes > settings.STEP_MEMORY_MB * 1_000_000:
            raise TooLarge(self.bytes)
        if self.is_list:
            return [item for page in self.pages(veil) for item in page]
        return loads(b"".join(_body(self.content, page) for page in _rows(self.content, 0)))

    def pages(self, veil: Any = None, *, start: int = 0) -> Iterator[list[Any]]:
        """The items of a list, a page at a time, from the page on that holds the item `start`. Without a veil what is
        classed stays masked."""
        for row in _rows(self.content, start):
            items = loads(_body(self.content, row))
            if row.sealed is not None and veil is not None:
                items = veil.open_page(items, bytes(row.sealed), self.content)
            yield items[max(0, start - row.first) :] if row.first < start else items

    def text(self, limit: int) -> str:
        """The beginning of the JSON of what is no list."""
        first = ContentPage.objects.filter(content=self.content, number=0).first()
        return _body(self.content, first)[:limit].decode(errors="ignore") if first is not None else ""


def _rows(content_id: uuid.UUID, start: int) -> Iterator[ContentPage]:
    """One page in memory at a time."""
    after = -1
    if start:
        held = ContentPage.objects.filter(content=content_id, first__lte=start).order_by("-number").first()
        after = held.number - 1 if held is not None else -1
    while (row := ContentPage.objects.filter(content=content_id, number=after + 1).first()) is not None:
        after = row.number
        yield row


def _body(content_id: uuid.UUID, row: ContentPage) -> bytes:
    body = row.body if row.body is not None else places.read(content_id, row.number)
    return zlib.decompress(bytes(body))
