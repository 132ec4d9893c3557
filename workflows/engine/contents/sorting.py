"""A large list in order: sorted pieces in a file, merged."""

from __future__ import annotations

import heapq
import tempfile
from collections.abc import Callable, Iterator
from typing import IO, Any

from django.conf import settings

from workflows.engine import lists
from workflows.engine.contents.json import dumps, loads
from workflows.engine.contents.reading import TooLarge

PIECE_BYTES = 16 * 1024 * 1024
Entry = tuple[list[Any], int, bytes]
"""The values that it is sorted by, where it stood, and the item."""


class _Descending:
    """Turns the order of texts around."""

    __slots__ = ("text",)

    def __init__(self, text: str) -> None:
        self.text = text

    def __lt__(self, other: _Descending) -> bool:
        return other.text < self.text

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Descending) and other.text == self.text

    def __hash__(self) -> int:
        return hash(self.text)


def in_order(
    by: list[dict[str, Any]], items: Iterator[tuple[int, Any]], read: Callable[..., Any], *, may_use_files: bool
) -> Iterator[Any]:
    """Equal ones stay as they were; what has no value comes last. Without files, which hold what is sorted as it is,
    all has to fit the memory of a step. Raises ValueError for values without an order."""
    with tempfile.TemporaryFile() as file:
        pieces: list[tuple[int, int]] = []
        piece: list[Entry] = []
        held = 0
        first: list[tuple[int, Any] | None] = [None] * len(by)
        for index, item in items:
            values = [read(key["value"], f"settings/by/{number}/value", index, item) for number, key in enumerate(by)]
            _check(values, index, first)
            text = dumps(item)
            piece.append((values, index, text))
            held += len(text) + 100
            if held > PIECE_BYTES and may_use_files:
                pieces.append(_put(file, sorted(piece, key=lambda entry: _key(entry, by))))
                piece, held = [], 0
            elif held > settings.STEP_MEMORY_MB * 1_000_000:
                raise TooLarge(held)
        piece.sort(key=lambda entry: _key(entry, by))
        runs = [_taken(file, *each) for each in pieces]
        for _, _, text in heapq.merge(*runs, piece, key=lambda entry: _key(entry, by)):
            yield loads(text)


def _check(values: list[Any], index: int, first: list[tuple[int, Any] | None]) -> None:
    for number, value in enumerate(values):
        known = first[number]
        if value is None:
            continue
        if known is None:
            first[number] = index, value
        else:
            lists.check_comparable(known[1], value, known[0], index)


def _key(entry: Entry, by: list[dict[str, Any]]) -> tuple[Any, ...]:
    made: list[Any] = []
    for value, key in zip(entry[0], by, strict=True):
        turned = value
        if key.get("order") == "descending" and value is not None:
            turned = _Descending(value) if isinstance(value, str) else -value
        made += [value is None, 0 if value is None else turned]
    return (*made, entry[1])


def _put(file: IO[bytes], piece: list[Entry]) -> tuple[int, int]:
    start = file.seek(0, 2)
    for values, index, text in piece:
        file.write(dumps([values, index]) + b"\t" + text + b"\n")
    return start, file.tell()


def _taken(file: IO[bytes], start: int, end: int) -> Iterator[Entry]:
    """The pieces share one file: each remembers where it is, and reads a good deal at once."""
    rest = b""
    while start < end:
        file.seek(start)
        read = file.read(min(256 * 1024, end - start))
        start += len(read)
        *lines, rest = (rest + read).split(b"\n")
        for line in lines:
            head, _, text = line.partition(b"\t")
            values, index = loads(head)
            yield values, index, text
