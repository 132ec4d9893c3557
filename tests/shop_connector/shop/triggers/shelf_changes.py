"""The event source `shop.shelf_changes`: compares the shelf with what it was."""

from __future__ import annotations

from typing import Any

from hub.sdk import Cursor, EventSource, Fields, Happening, Kept, Memory, Poll
from tests.shop_connector.service import Shop, shop


class ShelfChanges(EventSource[Shop]):
    """Something was put on the shelf, or taken from it."""

    title = "Shelf changes"
    every_seconds = 30

    class Input(Fields):
        kinds: list[str] = ["put", "taken"]

    class Output(Fields):
        item: str

    def poll(self, input: Any, client: Shop, cursor: Cursor | None, memory: Memory) -> Poll:
        number = (cursor or {}).get("number", 0) + 1
        if shop.before:
            raise shop.before.pop(0)
        known, now = set(memory.keys()), set(shop.shelf)
        found = [("put", item) for item in sorted(now - known)] + [("taken", item) for item in sorted(known - now)]
        for kind, item in found:
            if kind == "put":
                memory.put(item, Kept(item, {"item": item}))
            else:
                memory.drop(item)
        told = found if cursor else []
        return Poll(
            [
                Happening(f"{number}:{kind}:{item}", f"shop.{kind}", item, "2026-01-01T00:00:00Z", {"item": item})
                for kind, item in told
                if kind in input.kinds
            ],
            {"number": number},
        )
