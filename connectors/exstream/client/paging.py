"""Reads a list to its last page, and can tell whether it did."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from hub.sdk import UnexpectedReply

Json = dict[str, Any]
Ask = Callable[[int, int], Json]


@dataclass
class Listing:
    """A list being read. Consume `items`; afterwards `problem()` says what is missing, if anything is."""

    what: str
    ask: Ask
    page_size: int
    by_pages: bool
    total: int | None = None
    read: int = 0
    pages: int = 0
    seen: set[str] = field(default_factory=set)
    repeated: int = 0

    def items(self, key: Callable[[Json], str]) -> Iterator[Json]:
        """Every item, page by page. The next page is asked for only when the reply's `page` says there is one."""
        while True:
            offset = self.pages if self.by_pages else self.read
            reply = self.ask(self.page_size, offset)
            rows, page = reply.get("data"), reply.get("page")
            if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
                raise UnexpectedReply(f"Exstream answered a list of {self.what} without data.")
            self.pages += 1
            self.read += len(rows)
            if isinstance(page, dict) and isinstance(page.get("totalElements"), int):
                self.total = page["totalElements"]
            for row in rows:
                name = key(row)
                if name in self.seen:
                    self.repeated += 1
                    continue
                self.seen.add(name)
                yield row
            if self.total is None:
                self.total = self.read if not isinstance(page, dict) else None
                return
            if not rows or self.read >= self.total:
                return

    def problem(self) -> str:
        """Empty when everything was read, once."""
        if self.total is None:
            return f"The list of {self.what} does not say how many there are."
        if self.repeated:
            return f"{self.repeated} {self.what} came twice; check what offset counts in the connection."
        if self.read != self.total:
            return f"{self.read} of {self.total} {self.what} came."
        return ""
