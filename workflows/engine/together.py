"""Group commit: threads that want to store something at the same moment share one transaction."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Generic, TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")
Errors = tuple[type[BaseException], ...]


def _locked() -> threading.Lock:
    made = threading.Lock()
    made.acquire()
    return made


@dataclass
class _Entry(Generic[Item, Result]):
    item: Item
    done: bool = False
    asleep: threading.Lock = field(default_factory=_locked)
    result: list[Result] = field(default_factory=list)
    error: BaseException | None = None

    def is_stored(self) -> bool:
        """Another thread may have done it."""
        return self.done


class Together(Generic[Item, Result]):
    """Calls `write` with all items that are waiting; it commits and gives their results in the same order.

    The thread that finds nobody at work writes for all who wait; nobody has to start or stop anything. An error of
    `write` reaches everybody whose item was in it; after one of `alone_after` each item is written by itself, so that
    an item which cannot be stored harms no other.
    """

    def __init__(
        self, write: Callable[[Sequence[Item]], Sequence[Result]], *, most: int = 200, alone_after: Errors = ()
    ) -> None:
        self._write = write
        self._alone_after = alone_after
        self._most = most
        self._mutex = threading.Lock()
        self._is_busy = False
        self._waiting: list[_Entry[Item, Result]] = []

    def submit(self, item: Item) -> Result:
        """Store the item; returns when it is committed."""
        entry: _Entry[Item, Result] = _Entry(item)
        with self._mutex:
            self._waiting.append(entry)
            writes, self._is_busy = not self._is_busy, True
        if not writes:
            # Woken when the item is stored, or to write for all who wait by then.
            entry.asleep.acquire()
        if not entry.is_stored():
            while not entry.is_stored():
                self._write_some()
            self._hand_over()
        if entry.error is not None:
            raise entry.error
        return entry.result[0]

    def _hand_over(self) -> None:
        with self._mutex:
            if self._waiting:
                self._waiting[0].asleep.release()
            else:
                self._is_busy = False

    def _write_some(self) -> None:
        with self._mutex:
            some, self._waiting = self._waiting[: self._most], self._waiting[self._most :]
        try:
            self._store(some)
        finally:
            for entry in some:
                entry.done = True
                entry.asleep.release()

    def _store(self, some: Sequence[_Entry[Item, Result]]) -> None:
        try:
            for entry, result in zip(some, self._write([entry.item for entry in some]), strict=True):
                entry.result.append(result)
        except BaseException as error:
            if len(some) > 1 and isinstance(error, self._alone_after):
                for entry in some:
                    self._store([entry])
                return
            for entry in some:
                entry.error = error
